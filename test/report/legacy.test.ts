import { expect, test } from 'vitest';
import { legacyText } from '../../src/report/legacy.ts';

test('legacy tables with their uses and how those went, the most used first', () => {
  const points = (...uses: number[]) =>
    uses.map((one, index) => ({ commit: `c${index}`, date: `2026-0${index + 1}-01`, uses: one }));
  const places = [1, 2, 3, 4].map((line) => ({ path: 'src/posts.ts', line }));
  expect(
    legacyText([
      { table: 'media', uses: 0, places: [], history: points(0, 1, 1, 0) },
      { table: 'posts', use: 'documents', uses: 4, places, history: points(8, 6, 2, 4) },
    ]),
  ).toBe(`table   uses   most  2026-01-01 2026-04-01
posts      4      8  █▆▂▄  use documents
  src/posts.ts:1
  src/posts.ts:2
  src/posts.ts:3
  and 1 more
media      0      1   ▁▁ \n
4 uses of 2 legacy tables in code
`);
});
