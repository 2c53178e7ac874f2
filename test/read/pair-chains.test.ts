import { expect, test } from 'vitest';
import { treeOfTexts } from '../../src/change/from-texts.ts';
import { surveyChains } from '../../src/read/find-chains.ts';
import { pairChains } from '../../src/read/pair-chains.ts';

const USERS = `exports.up = (knex) => knex.schema.createTable('users', (t) => { t.increments(); });`;

/** The database that a chain of Knex is taken for on both sides, where only the packages beside it differ. */
async function databases(base: readonly string[], head: readonly string[]) {
  const chains = async (drivers: readonly string[]) => {
    const dependencies = Object.fromEntries(['knex', ...drivers].map((name) => [name, '1.0.0']));
    const files = { 'package.json': JSON.stringify({ dependencies }), 'migrations/1_users.js': USERS };
    return (await surveyChains(treeOfTexts('tree', new Map(Object.entries(files))), [])).chains;
  };
  const [pair] = pairChains(await chains(base), await chains(head));
  return [pair?.base?.dialect, pair?.head?.dialect];
}

test('a chain stays on its database when another driver comes beside its own', async () => {
  expect(await databases(['mysql2'], ['mysql2', 'pg'])).toEqual(['mysql', 'mysql']);
  expect(await databases(['mysql2', 'pg'], ['mysql2'])).toEqual(['mysql', 'mysql']);
});

test('what head is sure of holds for both', async () => {
  expect(await databases(['pg'], ['mysql2'])).toEqual(['mysql', 'mysql']);
  expect(await databases([], ['mysql2'])).toEqual(['mysql', 'mysql']);
});
