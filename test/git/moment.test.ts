import { afterAll, describe, expect, test } from 'vitest';
import { parseMoment, resolveMoment, withoutSkew } from '../../src/git/moment.ts';
import { openRepository } from '../../src/git/repository.ts';
import { makeRepository, removeFolders } from '../hook/repository.ts';

afterAll(removeFolders);

describe('a moment', () => {
  test.each([
    ['2025-03-01', '2025-03-01T23:59:59Z'],
    ['2025-03-01T12:30', '2025-03-01T12:30:00Z'],
    ['2025-03-01 12:30:15+02:00', '2025-03-01T10:30:15Z'],
    ['2025-03-01T00:30-0500', '2025-03-01T05:30:00Z'],
  ])('%s is %s', (word, time) => {
    expect(parseMoment(word)).toBe(Date.parse(time) / 1000);
  });

  test.each(['2025-02-30', '2025-13-01', 'v2025-03-01', '20250301', '2025-03-01T25:00'])(
    '%s is none',
    (word) => {
      expect(parseMoment(word)).toBeUndefined();
    },
  );
});

test('a clock that went wrong, forwards or backwards, is set aside', () => {
  expect(withoutSkew([10, 99, 12, 13])).toEqual([10, 10, 12, 13]);
  expect(withoutSkew([10, 11, 1, 13])).toEqual([10, 11, 11, 13]);
  expect(withoutSkew([50, 1, 2, 3])).toEqual([1, 1, 2, 3]);
  expect(withoutSkew([5, 5, 6])).toEqual([5, 5, 6]);
});

describe('what was current', () => {
  const made = makeRepository();
  const first = made.commit({ a: '1' }, { date: '2025-01-01T10:00:00Z' });
  const late = made.commit({ a: '2' }, { date: '2031-01-01T00:00:00Z' });
  const third = made.commit({ a: '3' }, { date: '2025-03-01T01:00:00+02:00' });
  made.git('checkout', '--quiet', '-b', 'side', first);
  const side = made.commit({ b: '1' }, { date: '2025-02-01T00:00:00Z' });
  made.git('checkout', '--quiet', 'main');
  made.git('tag', '2025-01-15', third);
  const at = async (word: string) => resolveMoment(await openRepository(made.directory), word);

  test('is asked of one history, and the commit that a wrong clock dates into the future is there with its neighbours', async () => {
    expect(await at('2025-01-02')).toBe(late);
    expect(await at('2025-02-28T22:59Z')).toBe(late);
    expect(await at('2025-02-28T23:00Z')).toBe(third);
    expect(await at('side@2025-02-02')).toBe(side);
    expect(await at('side@2025-01-31')).toBe(first);
  });

  test('a tag that is named like a day goes before it', async () => {
    expect(await at('2025-01-15')).toBe(third);
    expect(await at('2025-01-15T23:59Z')).toBe(late);
  });

  test('before the first commit there is nothing, which is said with the day on which it begins', async () => {
    await expect(at('2024-12-31')).rejects.toThrow('the history begins at 2025-01-01T10:00:00');
  });
});
