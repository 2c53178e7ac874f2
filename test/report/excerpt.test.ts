import { describe, expect, test } from 'vitest';
import { excerptOf } from '../../src/report/excerpt.ts';

describe('one line of source with a part of it underlined', () => {
  test('leading space is taken off and the underline follows', () => {
    expect(excerptOf('    DROP TABLE posts;', 5, 21, 40)).toEqual({
      source: 'DROP TABLE posts;',
      underline: '^^^^^^^^^^^^^^^^',
    });
  });

  test('tabs and hidden characters before the part do not shift the underline', () => {
    expect(excerptOf('a\tb\u202e DROP c', 6, 10, 40)).toEqual({
      source: 'a  b DROP c',
      underline: '     ^^^^',
    });
  });

  test('a line of a megabyte is cut to the width around the part', () => {
    const line = `${'x'.repeat(500_000)}DROP${'y'.repeat(500_000)}`;
    const { source, underline } = excerptOf(line, 500_001, 500_005, 60);
    expect(source).toHaveLength(60);
    expect(source.slice(underline.indexOf('^'), underline.length)).toBe('DROP');
  });

  test('a part longer than the line ends with it', () => {
    expect(excerptOf('DROP', 1, 400, 60)).toEqual({ source: 'DROP', underline: '^^^^' });
    expect(excerptOf('DROP', 9, 12, 60)).toEqual({ source: 'DROP', underline: '    ^' });
  });
});
