import { expect, test } from 'vitest';
import { jsonLine } from '../../src/prove/json-line.ts';

test('holds nothing at which any Node ends a line, but at its end', () => {
  const value = { sql: "SELECT 'a\u2028b\u2029c\nd'" };
  const line = jsonLine(value);
  expect(line.search(/[\n\r\u2028\u2029]/)).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual(value);
});
