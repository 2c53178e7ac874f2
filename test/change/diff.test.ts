import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hunksBetween } from '../../src/change/diff.ts';

/** Changed lines of head as `line` or `from-to`; `line|` where lines are gone below that line. */
function said(base: string | undefined, head: string): readonly string[] {
  return hunksBetween(base, head).map(({ line, count }) =>
    count === 0 ? `${line}|` : count === 1 ? `${line}` : `${line}-${line + count - 1}`,
  );
}

const lines = (text: string) =>
  text
    .split(' ')
    .map((word) => `${word}\n`)
    .join('');

describe('changed lines', () => {
  test.each([
    ['none', 'a b c', 'a b c', []],
    ['one altered', 'a b c', 'a x c', ['2']],
    ['one added', 'a b', 'a x b', ['2']],
    ['one added at the top', 'a b', 'x a b', ['1']],
    ['one added at the end', 'a b', 'a b x', ['3']],
    ['one gone', 'a b c', 'a c', ['1|']],
    ['the first gone', 'a b', 'b', ['0|']],
    ['the last gone', 'a b', 'a', ['1|']],
    ['several places', 'a b c d e', 'x b c y e z', ['1', '4', '6']],
    ['a stretch', 'a b c d', 'a x y z d', ['2-4']],
    ['one moved', 'a b c', 'b c a', ['0|', '3']],
    ['an equal one added', 'a a', 'a a a', ['3']],
    ['among lines of which none is unique', 'a b a b c', 'b a b a c', ['0|', '4']],
    ['all', 'a b', 'x y', ['1-2']],
  ])('%s', (_, base, head, hunks) => {
    expect(said(lines(base), lines(head))).toEqual(hunks);
  });

  test('are all of a new file, and none of an empty one', () => {
    expect(said(undefined, lines('a b c'))).toEqual(['1-3']);
    expect(said(undefined, 'a')).toEqual(['1']);
    expect(hunksBetween(undefined, '').filter(({ count }) => count > 0)).toEqual([]);
  });

  test('do not count line ends, nor a missing one at the end', () => {
    expect(said('a\nb\n', 'a\r\nb\r\n')).toEqual([]);
    expect(said('a\nb\n', 'a\rb')).toEqual([]);
    expect(said('a\nb', 'a\nb\n')).toEqual([]);
  });
});

describe('of any two texts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tablewarden-diff-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Whole numbers below `below` that look random and are the same in every run. */
  function numbers(seed: number) {
    let state = seed;
    return (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
  }

  /** A text and an edited one, of few different lines, so that many are equal. */
  function pair(seed: number, words: number): [string, string] {
    const next = numbers(seed);
    const base = Array.from({ length: next(40) }, () => `w${next(words)}`);
    const head = [...base];
    for (let edits = next(8); edits > 0; edits--)
      head.splice(
        next(head.length + 1),
        next(3),
        ...Array.from({ length: next(3) }, () => `w${next(words)}`),
      );
    const text = (list: readonly string[]) => list.map((line) => `${line}\n`).join('');
    return [text(base), text(head)];
  }

  test('what is not told as changed stands in both, in the same order', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const [base, head] = pair(seed, seed % 3 === 0 ? 3 : 30);
      const changed = new Set(
        hunksBetween(base, head).flatMap(({ line, count }) =>
          Array.from({ length: count }, (_, n) => line + n),
        ),
      );
      const kept = head
        .split('\n')
        .slice(0, -1)
        .filter((_, n) => !changed.has(n + 1));
      const left = base.split('\n').slice(0, -1);
      for (const line of kept) {
        const at = left.indexOf(line);
        expect(at, `seed ${seed}: ${line}`).toBeGreaterThanOrEqual(0);
        left.splice(0, at + 1);
      }
    }
  });

  test('no more lines are told than git tells, where few lines are equal', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const [base, head] = pair(seed, 200);
      writeFileSync(join(folder, 'base'), base);
      writeFileSync(join(folder, 'head'), head);
      const numstat = (): string => {
        try {
          return execFileSync('git', ['diff', '--no-index', '--numstat', '--', 'base', 'head'], {
            cwd: folder,
            encoding: 'utf8',
          });
        } catch (error) {
          return String((error as { stdout?: string }).stdout); // git ends with 1 where the files differ
        }
      };
      const added = Number(numstat().split('\t')[0] ?? 0);
      const told = hunksBetween(base, head).reduce((sum, { count }) => sum + count, 0);
      expect(told, `seed ${seed}`).toBe(added);
    }
  });

  test('a large one that was rewritten is told whole, in bounded work', () => {
    const text = (word: string) => Array.from({ length: 20_000 }, (_, n) => `${word}${n % 50}\n`).join('');
    const changed = hunksBetween(text('a'), text('b')).reduce((sum, { count }) => sum + count, 0);
    expect(changed).toBe(20_000);
  });
});
