import { expect, test } from 'vitest';
import { writtenAt } from '../../src/read/written-at.ts';

const day = (name: string, at?: number) => {
  const time = writtenAt({ name, ...(at === undefined ? {} : { writtenAt: at }) });
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 10);
};

test('the time in a name, as tools write it', () => {
  expect(day('20240131120000_orders')).toBe('2024-01-31');
  expect(day('2024-01-31-120000_orders')).toBe('2024-01-31');
  expect(day('1706702400000-Orders')).toBe('2024-01-31');
  expect(day('V20240131__orders')).toBe('2024-01-31');
});

test('a number is no time, and a journal knows better', () => {
  expect(day('0012_orders')).toBeUndefined();
  expect(day('20241399_orders')).toBeUndefined();
  expect(day('0012_orders', Date.UTC(2024, 0, 31))).toBe('2024-01-31');
});
