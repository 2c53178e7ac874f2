import { expect, test } from 'vitest';
import { onlyChain } from './survey.ts';

const STEP = 'exports.up = (knex) => knex.schema.createTable("t", (t) => t.increments());';

async function ordered(...names: readonly string[]): Promise<readonly string[]> {
  const chain = await onlyChain(Object.fromEntries(names.map((name) => [`migrations/${name}.js`, STEP])));
  expect(chain.tool).toBe('knex');
  return chain.migrations.map(({ name }) => name);
}

test('migrations of Knex are run in the order of their names', async () => {
  const names = ['20200102000000_a', '20200103000000_b', '20210101000000_a'];
  expect(await ordered(...names.toReversed())).toEqual(names);
});

test('those that are named after versions in the order of versions', async () => {
  const names = ['2.0.0-beta.2', '2.0.0-beta.10', '2.0.0-rc.1', '2.0.0', '2.2.3', '2.2.17', '2.10.0'];
  expect(await ordered(...names.toReversed())).toEqual(names);
});
