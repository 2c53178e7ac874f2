import { describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { changeOfRange } from '../../../src/change/from-git.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { lostInMerges } from '../../../src/read/merges/lost-in-merges.ts';
import { commit, git, newRepository } from '../../git/made-repository.ts';

const ORDERS = { 'migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n' };
const REFUNDS =
  'CREATE TABLE refunds (id bigint PRIMARY KEY);\nCREATE INDEX orders_note_idx ON orders (note);\nALTER TABLE orders ADD COLUMN paid boolean;\n';
const OWNERS = 'CREATE TABLE owners (id bigint PRIMARY KEY);\n';

/** What is lost in a branch that made refunds and merged the main line, which made owners, with these files in the merge. */
async function lostIn(resolution: Readonly<Record<string, string | null>>, after = {}, main = OWNERS) {
  const folder = newRepository();
  commit(folder, ORDERS);
  git(folder, 'checkout', '-q', '-b', 'feature');
  const ours = commit(folder, { 'migrations/2_refunds.sql': REFUNDS });
  git(folder, 'checkout', '-q', 'main');
  const theirs = commit(folder, { 'migrations/3_owners.sql': main });
  git(folder, 'checkout', '-q', 'feature');
  git(folder, 'merge', '-q', '--no-commit', 'main');
  const merge = commit(folder, resolution);
  commit(folder, { 'src/orders.ts': '', ...after });
  const range = `${theirs}~1..feature`;
  const changeSet = await changeOfRange(await openRepository(folder), range);
  const lost = await lostInMerges(changeSet, [], openCache(undefined));
  return lost.map((one) => ({
    side: one.parent === ours ? 'ours' : one.parent === theirs ? 'theirs' : one.parent,
    isMerge: one.commit === merge,
    objects: one.objects,
    place: `${one.span.path}:${one.span.line}`,
  }));
}

describe('a merge', () => {
  test('keeps both sides', async () => {
    expect(await lostIn({})).toEqual([]);
  });

  test('drops the file of one side: what it made is told once, without what goes with a table', async () => {
    expect(await lostIn({ 'migrations/2_refunds.sql': null })).toEqual([
      {
        side: 'ours',
        isMerge: true,
        objects: ['table refunds', 'column orders.paid', 'index orders.orders_note_idx'],
        place: 'migrations/2_refunds.sql:1',
      },
    ]);
  });

  test('drops what the other side brought, or a part of a file', async () => {
    expect(
      await lostIn({
        'migrations/3_owners.sql': null,
        'migrations/2_refunds.sql': REFUNDS.replace(/^ALTER.*\n/m, ''),
      }),
    ).toEqual([
      { side: 'ours', isMerge: true, objects: ['column orders.paid'], place: 'migrations/2_refunds.sql:3' },
      { side: 'theirs', isMerge: true, objects: ['table owners'], place: 'migrations/3_owners.sql:1' },
    ]);
  });

  test('moves a migration to another file, or loses it until the next commit', async () => {
    expect(await lostIn({ 'migrations/2_refunds.sql': null, 'migrations/4_refunds.sql': REFUNDS })).toEqual(
      [],
    );
    expect(
      await lostIn({ 'migrations/2_refunds.sql': null }, { 'migrations/4_refunds.sql': REFUNDS }),
    ).toEqual([]);
  });

  test('keeps one of two indexes that the sides made alike', async () => {
    const index = 'CREATE INDEX by_note ON orders (note);\n';
    const rest = REFUNDS.replace(/^CREATE INDEX.*\n/m, '');
    expect(await lostIn({ 'migrations/2_refunds.sql': rest }, {}, index)).toEqual([]);
  });

  test('a side that took a migration back has not added what that dropped', async () => {
    const folder = newRepository();
    const index = 'CREATE TABLE orders (note text);\nCREATE INDEX by_note ON orders (note);\n';
    const drop = 'DROP INDEX by_note;\n';
    const again = 'CREATE UNIQUE INDEX once ON orders (note);\nDROP INDEX IF EXISTS by_note;\n';
    const code = (first: string, last: string) => ({
      'src/orders.ts': `${first}\n${'\n'.repeat(9)}${last}\n`,
    });
    commit(folder, {
      'migrations/1_orders.sql': index,
      'migrations/2_drop.sql': drop,
      ...code('// 1', '// 1'),
    });
    git(folder, 'checkout', '-q', '-b', 'feature');
    commit(folder, { 'migrations/2_drop.sql': null, ...code('// 2', '// 1') });
    git(folder, 'checkout', '-q', 'main');
    const theirs = commit(folder, {
      'migrations/2_drop.sql': null,
      'migrations/4_once.sql': again,
      ...code('// 1', '// 2'),
    });
    git(folder, 'checkout', '-q', 'feature');
    git(folder, 'merge', '-q', '--no-edit', 'main');
    const changeSet = await changeOfRange(await openRepository(folder), `${theirs}~1..feature`);
    expect(await lostInMerges(changeSet, [], openCache(undefined))).toEqual([]);
  });
});
