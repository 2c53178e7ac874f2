import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.ts';

const KNOWN = ['table-dropped', 'column-dropped', 'rules', 'use'];

test.each([
  ['one letter too few', 'table-droped', 'table-dropped'],
  ['one too many', 'ruless', 'rules'],
  ['another one', 'rulez', 'rules'],
  ['two that changed places', 'rulse', 'rules'],
  ['the beginning', 'col', 'column-dropped'],
  ['a short word, once wrong', 'usr', 'use'],
  ['what is known', 'rules', 'rules'],
])('finds the word that is meant: %s', (_, word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});

test.each([
  ['nothing that is near', 'xyzzy'],
  ['too short a beginning', 'co'],
  ['a short word, twice wrong', 'uxx'],
  ['nothing', ''],
])('offers none for %s', (_, word) => {
  expect(nearest(word, KNOWN)).toBeUndefined();
});

test('takes the nearest of several, and the first of equals', () => {
  expect(nearest('tablet', ['tabled', 'tablets', 'tables'])).toBe('tablets');
  expect(nearest('form', ['fork', 'ford'])).toBe('fork');
});
