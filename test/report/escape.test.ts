import { describe, expect, test } from 'vitest';
import { plain, plainLines } from '../../src/report/escape.ts';

describe('text of others as it may be shown', () => {
  test.each([
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007', 'link'],
    ['\u001b]0;an unfinished title', ''],
    ['\u009b31mred', 'red'],
    ['user\u202etxt.sql', 'usertxt.sql'],
    ['a\u200bb\ufeffc\u2066d', 'abcd'],
    ['nul\u0000 bell\u0007 back\u0008', 'nul bell back'],
    ['half \ud800 a pair', 'half \ufffd a pair'],
    ['família 👩‍🚀 表', 'família 👩‍🚀 表'],
  ])('%j is %j', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test('line ends of every kind are kept as one kind, or become a space', () => {
    expect(plainLines('a\r\nb\rc\u2028d')).toBe('a\nb\nc\nd');
    expect(plain('a\r\nb\t\tc')).toBe('a b c');
  });

  test('a megabyte of the start of a sequence takes no time', () => {
    expect(plain('\u001b['.repeat(500_000)).length).toBeLessThan(1_000_000);
  });
});
