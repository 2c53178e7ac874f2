import { describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { followChain } from '../../../src/read/chain-change.ts';
import { namesOf, onlyChain, survey } from './survey.ts';

const HOME = 'src/main/resources/db/migration';

describe('Flyway', () => {
  test('runs versions as numbers, then repeatable files by name; undo scripts lead back', async () => {
    const chain = await onlyChain([
      `${HOME}/V1.10__c.sql`,
      `${HOME}/V1_2__b.sql`,
      `${HOME}/V1__a.sql`,
      `${HOME}/R__z_views.sql`,
      `${HOME}/R__a_views.sql`,
      `${HOME}/U1.2__b.sql`,
      `${HOME}/afterMigrate.sql`,
      `${HOME}/V2__code.java`,
      `${HOME}/V3_one_underscore.sql`,
    ]);
    expect(chain).toMatchObject({ tool: 'flyway', transactional: true });
    expect(namesOf(chain)).toEqual(['V1__a', 'V1_2__b', 'V1.10__c', 'R__a_views', 'R__z_views']);
    expect(chain.migrations[1]?.downPath).toBe(`${HOME}/U1.2__b.sql`);
    expect(
      chain.leftOut.map(({ path, reason }) => `${path.split('/').at(-1)}: ${reason.slice(0, 10)}`),
    ).toEqual([
      'V2__code.java: code, not ',
      'V3_one_underscore.sql: not run: F',
      'afterMigrate.sql: a callback',
    ]);
  });

  test('scans sub-folders, and takes one named after a database as a chain of its own', async () => {
    const { chains } = await survey([
      `${HOME}/common/V1__a.sql`,
      `${HOME}/postgresql/V2__b.sql`,
      `${HOME}/postgresql/2024/V3__c.sql`,
      `${HOME}/mysql/V2__b.sql`,
    ]);
    expect(chains.map((chain) => [chain.id, chain.dialect, namesOf(chain).join(' ')])).toEqual([
      [`${HOME}/mysql`, 'mysql', 'V1__a V2__b'],
      [`${HOME}/postgresql`, 'postgres', 'V1__a V2__b V3__c'],
    ]);
  });

  test('folders with the same versions are chains of their own', async () => {
    const { chains } = await survey([`${HOME}/orders/V1__a.sql`, `${HOME}/stock/V1__a.sql`]);
    expect(chains.map(({ id }) => id)).toEqual([`${HOME}/orders`, `${HOME}/stock`]);
  });

  test('a baseline is only run where nothing of what it stands for is left', async () => {
    const squashed = await onlyChain([`${HOME}/B2__base.sql`, `${HOME}/V3__c.sql`]);
    expect(namesOf(squashed)).toEqual(['B2__base', 'V3__c']);
    const beside = await onlyChain([`${HOME}/B2__base.sql`, `${HOME}/V1__a.sql`, `${HOME}/V3__c.sql`]);
    expect(namesOf(beside)).toEqual(['V1__a', 'V3__c']);
    expect(beside.leftOut[0]?.reason).toMatch(/^a baseline/);
  });

  test('an edited repeatable file runs again on what is there; it was not tampered with', async () => {
    const side = async (view: string) => {
      const texts = {
        [`${HOME}/V1__a.sql`]: 'CREATE TABLE a (id int, b int);',
        [`${HOME}/R__v.sql`]: `CREATE OR REPLACE VIEW v AS SELECT ${view} FROM a;`,
      };
      return { chain: await onlyChain(texts), tree: treeOfTexts('side', new Map(Object.entries(texts))) };
    };
    const base = await side('id');
    const head = await side('id, b');
    const trees = { base: base.tree, head: head.tree };
    const change = await followChain(base.chain, head.chain, trees, openCache(undefined));
    expect(change).toMatchObject({ kind: 'appended', edited: [], added: [{ name: 'R__v' }] });
    expect(change.operations.map(({ operation }) => operation.kind)).toEqual(['create-view']);
  });
});
