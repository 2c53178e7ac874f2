import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/facts/facts.ts';
import { place } from '../../src/finding/place.ts';
import type { Claim } from '../../src/rule/rule.ts';
import { findTable } from '../../src/schema/lookup.ts';
import { factsOf } from '../rule/judge.ts';

const OLD = 'migrations/1_old.sql';
const NEW = 'migrations/2_new.sql';
const ALSO_NEW = 'migrations/3_new.sql';

const BASE = {
  [OLD]: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer_id bigint REFERENCES customers (id),
  state text
);
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE TABLE log (line text);
`,
};

/** A change by its new migrations; the old one stays as it is. */
const changed = (second: string, third = ''): Promise<Facts> =>
  factsOf({ base: BASE, head: { ...BASE, [NEW]: second, ...(third ? { [ALSO_NEW]: third } : {}) } });

interface About {
  readonly path?: string;
  readonly line?: number;
  readonly table?: string;
  readonly related?: string;
  readonly columns?: readonly string[];
  readonly object?: string;
}

/** Where a claim is said: `path:line`, with the place that it comes from, or `summary`. */
function placed(facts: Facts, { path = OLD, line = 2, table, related, ...about }: About): string {
  const [chain] = facts.chains;
  const idOf = (name: string | undefined) =>
    name === undefined || !chain
      ? undefined
      : (findTable(chain.headSchema, { name }) ?? findTable(chain.baseSchema, { name }))?.id;
  const claim: Claim = {
    rule: 'a-rule',
    severity: 'warning',
    span: { path, line, column: 1, endLine: line, endColumn: 2 },
    chain: chain?.id,
    tableId: idOf(table),
    relatedTableId: idOf(related),
    message: '',
    values: {},
    ...about,
  };
  const { span, was, inSummary } = place(claim, facts);
  const text = (one: { readonly path: string; readonly line: number }) => `${one.path}:${one.line}`;
  if (inSummary) return `summary, of ${text(span)}`;
  return was ? `${text(span)}, was ${text(was)}` : text(span);
}

const DROP =
  'ALTER TABLE orders ADD COLUMN at date;\nDROP INDEX orders_customer_idx;\nALTER TABLE orders ADD COLUMN by text;\n';

describe('a claim is said', () => {
  test('on its own lines where the change has them', async () => {
    const facts = await changed(DROP);
    expect(placed(facts, { path: NEW, line: 1, table: 'log' })).toBe(`${NEW}:1`);
  });

  test('on its own lines of an edited file only where they are edited', async () => {
    const text = 'SELECT 1;\nSELECT 2;\nSELECT 3;\n';
    const facts = await factsOf({
      base: { ...BASE, 'q.sql': text },
      head: { ...BASE, 'q.sql': text.replace('2', '20') },
    });
    expect(placed(facts, { path: 'q.sql', line: 2 })).toBe('q.sql:2');
    expect(placed(facts, { path: 'q.sql', line: 3 })).toBe('summary, of q.sql:3');
  });

  test('else on the last operation on its columns: the DROP INDEX of an old foreign key', async () => {
    const facts = await changed(DROP);
    expect(placed(facts, { table: 'orders', columns: ['customer_id'], line: 4 })).toBe(
      `${NEW}:2, was ${OLD}:4`,
    );
  });

  test('on the columns by identity, whatever they are called since', async () => {
    const facts = await changed(
      'ALTER TABLE orders RENAME COLUMN state TO status;\nALTER TABLE orders ADD COLUMN at date;\n',
    );
    for (const name of ['state', 'status'])
      expect(placed(facts, { table: 'orders', columns: [name], line: 5 })).toBe(`${NEW}:1, was ${OLD}:5`);
  });

  test('else on the last operation on its object', async () => {
    const facts = await changed(
      'ALTER INDEX orders_customer_idx RENAME TO by_customer;\nALTER TABLE orders ADD COLUMN at date;\n',
    );
    expect(placed(facts, { table: 'orders', object: 'by_customer' })).toBe(`${NEW}:1, was ${OLD}:2`);
  });

  test('on an object without a table', async () => {
    const facts = await changed(
      `CREATE TYPE mood AS ENUM ('calm');\nALTER TYPE mood ADD VALUE 'glad';\nALTER TABLE log ADD COLUMN at date;\n`,
    );
    expect(placed(facts, { object: 'mood' })).toBe(`${NEW}:2, was ${OLD}:2`);
  });

  test('else on the last operation on its table', async () => {
    const facts = await changed(DROP, 'ALTER TABLE log ADD COLUMN at date;\n');
    expect(placed(facts, { table: 'orders', columns: ['state'] })).toBe(`${NEW}:3, was ${OLD}:2`);
  });

  test('else on the last operation on its related table, or on a reference to it', async () => {
    const facts = await changed(
      'ALTER TABLE customers ALTER COLUMN name SET NOT NULL;\nALTER TABLE log ADD COLUMN at date;\n',
    );
    expect(placed(facts, { table: 'orders', related: 'customers' })).toBe(`${NEW}:1, was ${OLD}:2`);
    const referring = await changed(
      'ALTER TABLE log ADD COLUMN customer_id bigint,\n  ADD FOREIGN KEY (customer_id) REFERENCES customers;\n',
    );
    expect(placed(referring, { related: 'customers' })).toBe(`${NEW}:2, was ${OLD}:2`);
  });

  test('else in the summary: never on a line that has nothing to do with it', async () => {
    const facts = await changed('ALTER TABLE log ADD COLUMN at date;\n');
    expect(placed(facts, { table: 'orders', columns: ['customer_id'] })).toBe(`summary, of ${OLD}:2`);
    expect(placed(facts, {})).toBe(`summary, of ${OLD}:2`);
  });

  test('on no operation of another chain', async () => {
    const tables =
      'CREATE TABLE first (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);\n';
    const other = { 'other/migrations/1.sql': tables };
    const facts = await factsOf({
      base: { ...BASE, ...other },
      head: { ...BASE, ...other, 'other/migrations/2.sql': 'ALTER TABLE orders ADD COLUMN at date;\n' },
    });
    const chain = facts.chains.find(({ id }) => id === 'migrations');
    const own = {
      ...facts,
      chains: [chain, ...facts.chains.filter((one) => one !== chain)].flatMap((one) => one ?? []),
    };
    expect(placed(own, { table: 'orders' })).toBe(`summary, of ${OLD}:2`);
  });
});

describe('in a chain that was rewritten', () => {
  const edited = (sql: string) => factsOf({ base: BASE, head: { [OLD]: sql } });

  test('what head made is placed on its line', async () => {
    const facts = await edited(BASE[OLD].replace('  state text\n', '  state text,\n  total integer\n'));
    expect(placed(facts, { table: 'orders', columns: ['total'], line: 1 })).toBe(`${OLD}:6, was ${OLD}:1`);
  });

  test('what head lost is placed on the lines that took its place, whatever number they have now', async () => {
    const replaced = BASE[OLD]
      .replace('CREATE TABLE log (line text);', 'CREATE TABLE visits (id bigint PRIMARY KEY);')
      .replace('CREATE INDEX orders_customer_idx ON orders (customer_id);', '-- no index any more')
      .replace('  state text\n', '  state text\n\n\n');
    const facts = await edited(replaced);
    expect(placed(facts, { table: 'log', line: 3 })).toBe(`${OLD}:10, was ${OLD}:3`);
    expect(placed(facts, { table: 'orders', columns: ['customer_id'], line: 4 })).toBe(
      `${OLD}:9, was ${OLD}:4`,
    );
  });

  test('what head lost and nothing took the place of is on no line', async () => {
    const facts = await edited(
      BASE[OLD]
        .replace('CREATE INDEX orders_customer_idx ON orders (customer_id);\n', '')
        .replace('id bigint PRIMARY KEY, name', 'id bigint  PRIMARY KEY, name'),
    );
    expect(placed(facts, { table: 'orders', columns: ['customer_id'], line: 4 })).toBe(
      `summary, of ${OLD}:4`,
    );
  });

  test('what stood in a file that head has not is on no line', async () => {
    const facts = await factsOf({ base: { ...BASE, [NEW]: 'CREATE TABLE gone (id bigint);\n' }, head: BASE });
    expect(placed(facts, { table: 'gone', path: NEW, line: 1 })).toBe(`summary, of ${NEW}:1`);
  });
});
