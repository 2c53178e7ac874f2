import { describe, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import { check } from '../../src/check.ts';
import { parseConfig } from '../../src/config.ts';

const BASE = { 'migrations/1_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, mail text);\n' };
/** A warning that may be a note of a single finding, a page of notes, and one that is off by default. */
const HEAD = {
  ...BASE,
  'migrations/2_orders.sql': `ALTER TABLE users DROP COLUMN mail;
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  amount integer NOT NULL,
  at timestamp NOT NULL,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
`,
};

async function said(text: string): Promise<readonly string[]> {
  const { findings } = await check(
    await changeOfTexts(new Map(Object.entries(BASE)), new Map(Object.entries(HEAD))),
    {
      config: await parseConfig('tablewarden.yml', text),
      ownRules: [],
      all: false,
      prove: { mode: 'off', make: false },
      failOn: 'never',
      cache: openCache(undefined),
    },
  );
  return findings.map(({ severity, rule }) => `${severity} ${rule}`);
}

describe('a preset', () => {
  test('recommended is what the pages say', async () => {
    const usual = ['note column-dropped', 'note amount-without-check', 'warning foreign-key-without-index'];
    expect(await said('')).toEqual(usual);
    expect(await said('preset: recommended')).toEqual(usual);
  });

  test('strict makes notes warnings, and asks for what is off', async () => {
    expect(await said('preset: strict')).toEqual([
      'warning column-dropped',
      'warning amount-without-check',
      'note timestamp-without-zone',
      'warning foreign-key-without-index',
    ]);
  });

  test('quiet says no notes', async () => {
    expect(await said('preset: quiet')).toEqual(['warning foreign-key-without-index']);
  });

  test('leaves alone what the configuration names', async () => {
    expect(
      await said('preset: quiet\nrules: { column-dropped: warning, amount-without-check: note }'),
    ).toEqual(['note column-dropped', 'note amount-without-check', 'warning foreign-key-without-index']);
  });
});
