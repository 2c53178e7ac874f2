import { expect, test } from 'vitest';
import { jsonLine, lineReader } from '../../src/prove/json-line.ts';

test('holds nothing at which any Node ends a line, but at its end', () => {
  const value = { sql: "SELECT 'a\u2028b\u2029c\nd'" };
  const line = jsonLine(value);
  expect(line.search(/[\n\r\u2028\u2029]/)).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual(value);
});

test('lines are read whole from bytes that are cut anywhere', () => {
  const values = ['a', 'é\u2028', '', { sql: 'b\nc' }];
  const bytes = Buffer.from(values.map(jsonLine).join(''));
  for (let length = 1; length <= bytes.length; length++) {
    const read: unknown[] = [];
    const take = lineReader((line) => read.push(JSON.parse(line)));
    const same = Buffer.alloc(length);
    for (let at = 0; at < bytes.length; at += length)
      take(same.subarray(0, bytes.copy(same, 0, at, at + length)));
    expect(read).toEqual(values);
  }
});
