import { expect, test } from 'vitest';
import { findMarkers } from '../../src/change/markers.ts';

const kinds = (text: string) =>
  findMarkers('a.md', text).map(({ span, kind }) => `${span.line}:${span.column} ${kind}`);

test('a whole conflict, with the common ancestor', () => {
  const text = 'a\n<<<<<<< HEAD\nb\n||||||| parent\nc\n=======\nd\n>>>>>>> feature\ne\n';
  expect(kinds(text)).toEqual(['2:1 ours', '4:1 base', '6:1 separator', '8:1 theirs']);
});

test('nested and unbalanced conflicts lose no marker', () => {
  const text = [
    '<<<<<<< HEAD',
    '<<<<<<< HEAD',
    'a',
    '=======',
    'b',
    '>>>>>>> one',
    '=======',
    'c',
    '>>>>>>> two',
    '<<<<<<< HEAD',
  ].join('\n');
  expect(kinds(text)).toHaveLength(7);
});

test('indented, with carriage returns, in a table of values', () => {
  expect(kinds('id,name\r\n  <<<<<<< HEAD\r\n1,a\r\n  >>>>>>> b\r\n')).toEqual(['2:3 ours', '4:3 theirs']);
});

test('an underline, a divider, a quotation and a shift are no markers', () => {
  expect(kinds('Heading\n=======\n\ntext\n')).toEqual([]);
  expect(kinds('-- =======\n>>>>>>> quoted deeply\n'.replace('quoted deeply', ''))).toEqual([]);
  expect(kinds('>>>> mail\n<<<<<<<<< nine\n')).toEqual([]);
});
