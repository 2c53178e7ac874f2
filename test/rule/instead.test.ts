import { beforeAll, expect, test } from 'vitest';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { insteadOf } from '../../src/rule/instead.ts';
import { fill } from '../../src/rule/message.ts';
import { readPages } from '../../src/rule/pages.ts';
import type { Claim } from '../../src/rule/rule.ts';
import type { Dialect } from '../../src/schema/schema.ts';

const DIALECTS: readonly Dialect[] = ['postgres', 'duckdb', 'mysql', 'sqlite'];

/** What stands for a value that is put into the SQL as it is. */
const TEXTS: Readonly<Record<string, string>> = {
  default: "'x'",
  column_definition: 'integer NOT NULL',
  definition: 'CHECK (amount > 0)',
  definitions: 'integer NOT NULL',
  expression: 'random()',
  old_type: 'bigint',
  ref_type: 'bigint',
  type: 'integer',
  types: 'integer',
  unique: ' UNIQUE',
};

/** Every safe way as a user pastes it: with names and texts in its placeholders, and something of their own for `…`. */
const safeWays = readPages(new URL('../../rules/', import.meta.url)).flatMap(({ id, dialects, instead }) =>
  instead
    .filter(({ language }) => language === 'sql')
    .flatMap((block) => {
      const named = DIALECTS.filter((dialect) => block.for.includes(dialect));
      const meant = named.length > 0 ? named : dialects.length > 0 ? dialects : DIALECTS;
      return meant.map((dialect) => {
        const text = fill(block.text, ({ name, form }) =>
          form === 'lines' ? 'SELECT 1;' : form?.endsWith('sql') ? (TEXTS[name] ?? '?') : `a_${name}`,
        );
        return [id, dialect, text.replaceAll(/'…'/g, "'x'").replaceAll('…', 'a = 1')] as const;
      });
    }),
);

const READER = {
  dialect: 'postgres',
  tableNamed: (shown: string) =>
    shown === 'app.orders' ? { shown, schema: 'app', name: 'orders' } : undefined,
} as const;

beforeAll(() => Promise.all(DIALECTS.map((dialect) => loadSqlReader(dialect))));

test.each(safeWays)('%s says SQL to paste that %s reads', (_, dialect, text) => {
  const { statements } = readSql('safe-way.sql', text, dialect);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.flatMap(({ unread, unparsed, text }) => (unread || unparsed ? [text] : []))).toEqual([]);
});

test('a line for each text of a list; what lies beside a table is called by its schema', () => {
  const [page] = readPages(new URL('../../rules/', import.meta.url));
  const text =
    'DROP INDEX {index:beside};\nALTER TABLE {table} ADD COLUMN {names:each} {types:eachsql};\n-- done';
  const rule = { ...page!, instead: [{ language: 'sql', for: [], text }] };
  const span = { path: 'a.sql', line: 1, column: 1, endLine: 1, endColumn: 1 };
  const values = {
    index: 'by day',
    table: 'app.orders',
    names: ['street', 'user'],
    types: ['text', 'int[]'],
  };
  const claim: Claim = {
    ...{ rule: 'a', severity: 'note', message: '' },
    ...{ span, table: 'app.orders', values },
  };
  expect(insteadOf(rule, claim, READER)?.text.split('\n')).toEqual([
    'DROP INDEX app."by day";',
    'ALTER TABLE app.orders ADD COLUMN street text;',
    'ALTER TABLE app.orders ADD COLUMN "user" int[];',
    '-- done',
  ]);
});
