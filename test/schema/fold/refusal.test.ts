import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import { emptySchema, openFold } from '../../../src/schema/fold.ts';
import { REFUSALS } from './refusals.ts';

beforeAll(() => loadSqlReader('postgres'));

/** What the fold says of each statement of a migration; undefined where it applies. */
function saidOf(sql: string): readonly (string | undefined)[] {
  const fold = openFold(emptySchema('migrations', 'postgres'));
  return readSql('migrations/1.sql', sql, 'postgres').statements.map(
    ({ operations, unread, notModelled }) => {
      expect(unread ?? notModelled).toBeUndefined();
      return operations.map((operation) => fold.apply(operation).error?.message).find(Boolean);
    },
  );
}

describe.each(Object.entries(REFUSALS))('%s', (_, migrations) => {
  const cases = migrations
    .trim()
    .split(/\n\n/)
    .map((text) => {
      const [sql = '', words = ''] = text.split('\n-- ! ');
      return [words, sql] as const;
    });
  test.each(cases)('%s', (words, sql) => {
    const said = saidOf(sql);
    expect(said.slice(0, -1).filter(Boolean)).toEqual([]);
    expect(said.at(-1)).toBe(words.replace(/\((:.*)\)$/, '$1'));
  });
});
