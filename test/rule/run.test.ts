import { afterEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { type EngineChild, openChild } from '../../src/prove/child.ts';
import { parsePage } from '../../src/rule/page.ts';
import { readPages } from '../../src/rule/pages.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { runRules } from '../../src/rule/run.ts';
import { factsOf, findingsOf, type Given } from './judge.ts';

const rules = readPages(new URL('../../rules/', import.meta.url));

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY);\n';

/** A pull request that two of our own rules speak of. */
const CHANGE: Given = {
  base: { 'migrations/1_a.sql': CUSTOMERS },
  head: {
    'migrations/1_a.sql': CUSTOMERS,
    'migrations/2_b.sql': `CREATE TABLE orders (id bigint PRIMARY KEY,
 customer_id bigint REFERENCES customers (id) ON DELETE CASCADE);
CREATE TABLE log (line text);
`,
  },
};

const OURS = [
  'foreign-key-without-index migrations/2_b.sql:2:21',
  'table-without-primary-key migrations/2_b.sql:3:1',
];

/** A page of a user's own. */
function ownPage(query: string, { id = 'own', message = 'Look at {table}.', reads = 'state' } = {}): Rule {
  const page = `---\nreads: ${reads}\n---\n# A page\n\nWhat happens.\n\n## Message\n\n${message}\n\n## Query\n\n\`\`\`sql\n${query}\n\`\`\`\n`;
  return parsePage(`.tablewarden/rules/${id}.md`, page, true);
}

const TABLES = 'SELECT chain, path, line, table_id, table_name AS "table" FROM tables';

let child: EngineChild | undefined;
afterEach(() => child?.close());

/** Findings as `rule path:line:column`, rule failures with their reason; in an engine child as a door runs them. */
async function said(own: readonly Rule[], milliseconds = 10_000): Promise<readonly string[]> {
  const engine = openChild({ milliseconds });
  child = engine;
  const findings = await findingsOf([...rules, ...own], CHANGE, engine.open);
  return findings
    .map(({ rule, path, line, column, message }) =>
      rule === 'rule-failed' ? `${rule} ${path}:${line} ${message}` : `${rule} ${path}:${line}:${column}`,
    )
    .sort();
}

test('tells of a foreign key without an index on its own lines, with the safe way', async () => {
  const [finding] = await findingsOf(rules, CHANGE);
  expect(finding).toMatchObject({
    rule: 'foreign-key-without-index',
    path: 'migrations/2_b.sql',
    line: 2,
    column: 21,
    message: expect.stringContaining('Deleting a row of customers reads all of orders'),
    instead: { text: 'CREATE INDEX orders_customer_id_idx ON orders (customer_id);' },
  });
});

describe('pages of a user', () => {
  test('run beside our own and report what is new', async () => {
    expect(await said([ownPage(TABLES)])).toEqual(
      [...OURS, 'own migrations/2_b.sql:1:1', 'own migrations/2_b.sql:3:1'].sort(),
    );
  });

  test('of a change name both sides', async () => {
    const query = `SELECT o.path, o.line, o.table_id, h.table_name AS "table"
      FROM change.operations o JOIN head.tables h USING (table_id) LEFT JOIN base.tables b USING (table_id)
      WHERE b.table_id IS NULL AND o.kind = 'create-table' AND h.table_name = 'log'`;
    expect(await said([ownPage(query, { reads: 'change' })])).toEqual(
      [...OURS, 'own migrations/2_b.sql:3:1'].sort(),
    );
  });

  test.each([
    [
      'hangs',
      `SELECT path, line, table_id, table_name AS "table", len(range(0, 2000000000)) AS n FROM tables`,
      /^What the rule own would have found is not known: its query failed: (it ran for 1.5 s and was stopped|it needed more memory than it may have|Out of Memory Error.*)$/,
    ],
    [
      'fails',
      `SELECT path, line, table_id, CAST(table_name AS INTEGER) AS "table" FROM tables`,
      /is not known: its query failed: Conversion Error/,
    ],
    [
      'names a column that is not there',
      `SELECT path, line, tabel_id AS "table" FROM tables`,
      /is not known: its query failed: Binder Error.*tabel_id/,
    ],
    [
      'returns NULL for what its message names',
      `SELECT path, line, NULL AS "table" FROM tables`,
      /is not known: its message names \{table\}, for which the query returns NULL or nothing$/,
    ],
    [
      'returns no position',
      `SELECT table_name AS "table" FROM tables`,
      /is not known: its query returns no position/,
    ],
    [
      'returns a line that is no number',
      `SELECT path, 'one' AS line, table_name AS "table" FROM tables`,
      /is not known: its `line` is "one": a whole number is meant$/,
    ],
    [
      'returns a severity that there is not',
      `SELECT path, line, table_name AS "table", 'fatal' AS severity FROM tables`,
      /is not known: its `severity` is "fatal": error, warning or note is meant$/,
    ],
    [
      'returns too many rows',
      `SELECT path, line, table_name AS "table" FROM tables, range(20000)`,
      /is not known: its query returns more than 10000 rows$/,
    ],
  ])('one that %s is named, and the others run on', async (_, query, reason) => {
    const other = ownPage(`${TABLES} WHERE table_name = 'log'`, { id: 'other' });
    const findings = await said([ownPage(query), other], 1500);
    const [failed] = findings.filter((one) => one.startsWith('rule-failed'));
    expect(failed).toMatch(/^rule-failed \.tablewarden\/rules\/own\.md:15 /);
    expect(failed?.split('.md:15 ')[1]).toMatch(reason);
    expect(findings.filter((one) => one !== failed)).toEqual(
      [...OURS, 'other migrations/2_b.sql:3:1'].sort(),
    );
  });

  test.each([
    [
      'nothing of the vocabulary',
      'SELECT range(0, 2000000000)',
      ':15: the query reads no table of the vocabulary',
    ],
    ['two statements', `${TABLES}; SELECT 1`, ':15: the query has 2 statements'],
    [
      'head. in a state rule',
      'SELECT t.path\nFROM head.tables t',
      ':16: a rule that reads `state` names `head.tables`',
    ],
    [
      'change. in a state rule',
      'SELECT path FROM "change".files',
      ':15: a rule that reads `state` names `change.files`',
    ],
  ])('with %s is refused when it is read', (_, query, what) => {
    expect(() => ownPage(query)).toThrow(UserError);
    expect(() => ownPage(query)).toThrow(`.tablewarden/rules/own.md${what}`);
  });

  test.each([
    ['no SELECT', 'DROP TABLE tables', 'the query is no SELECT'],
    ['text that does not parse', 'SELEC path FROM tables', 'the query does not parse'],
    [
      'a table that there is not',
      'SELECT path FROM tables\nJOIN indices ON true',
      ':16: there is no table `indices`',
    ],
    [
      'a file',
      `SELECT path FROM tables, read_csv('/etc/passwd')`,
      'the query calls the table function `read_csv`',
    ],
    [
      'the catalog',
      'SELECT path FROM tables, duckdb_settings()',
      'calls the table function `duckdb_settings`',
    ],
  ])('with %s is refused before any rule is run', async (_, query, what) => {
    const trouble = await said([ownPage(query)]).catch((error: unknown) => error);
    expect(trouble).toBeInstanceOf(UserError);
    expect(String(trouble)).toContain('.tablewarden/rules/own.md:1');
    expect(String(trouble)).toContain(what);
  });
});

test('a rule that needs all code says that it was not judged', async () => {
  const rule: Rule = { ...ownPage(TABLES), code: 'all' };
  const run = async (code: 'none' | 'all') =>
    runRules([rule], await factsOf(CHANGE), openChildDatabase(), { all: false, severities: {}, code });
  expect(await run('none')).toEqual({
    claims: [],
    notJudged: [{ rule: 'own', reason: 'it needs all code of the repository, which was not read' }],
  });
  expect((await run('all')).claims).toHaveLength(2);
});

test('what a rule leaves open is named with its places, and is no finding', async () => {
  const query = `SELECT chain, path, line, table_id, table_name AS "table",
    CASE WHEN table_name = 'orders' THEN 'it may be empty' END AS doubt FROM tables`;
  const { claims, notJudged } = await runRules([ownPage(query)], await factsOf(CHANGE), openChildDatabase(), {
    all: true,
    severities: {},
  });
  expect(claims.map(({ table }) => table)).toEqual(['customers', 'log']);
  expect(notJudged).toEqual([
    { rule: 'own', reason: 'it may be empty', places: [expect.objectContaining({ line: 1 })] },
  ]);
});

function openChildDatabase() {
  child = openChild();
  return child.open;
}

describe('severity', () => {
  const levels = async (severities: Record<string, 'error' | 'note' | 'off'>, query = TABLES) => {
    const { claims } = await runRules([ownPage(query)], await factsOf(CHANGE), openChildDatabase(), {
      all: false,
      severities,
    });
    return claims.map(({ severity }) => severity);
  };

  test('is the page’s, or the row’s, or above both the configuration’s', async () => {
    const lowered = `${TABLES.replace('SELECT', `SELECT 'note' AS severity,`)} WHERE table_name = 'log'`;
    expect(await levels({})).toEqual(['warning', 'warning']);
    expect(await levels({}, lowered)).toEqual(['note']);
    expect(await levels({ own: 'error' }, lowered)).toEqual(['error']);
    expect(await levels({ own: 'off' })).toEqual([]);
  });
});

describe('what is new', () => {
  const TWO_OF = (name: string) => `CREATE TABLE ${name} (line text);\n`;

  test('is what head has more of than base; of equals those on changed lines first', async () => {
    const use = 'SELECT line FROM log;\n';
    const uses = ownPage('SELECT path, line, col, table_id, table_name AS "table" FROM table_uses');
    const base = { 'migrations/1.sql': TWO_OF('log'), 'q.sql': use };
    const head = (text: string) => ({ base, head: { ...base, 'q.sql': text } });
    const found = async (given: Given) => (await findingsOf([uses], given)).map(({ line }) => line);
    expect(await found(head(`${use}\n${use}`))).toEqual([3]);
    expect(await found(head(`SELECT line, 1 FROM log;\n${use}`))).toEqual([1]);
    expect(await found(head('SELECT line, 1 FROM log;\n'))).toEqual([]);
    expect(await found(head('-- none\n'))).toEqual([]);
  });

  test('is told by identity: a renamed table, column or file is not', async () => {
    const columns = ownPage(
      'SELECT path, line, table_id, [column_name] AS columns, table_name AS "table" FROM columns',
    );
    const base = { 'migrations/1.sql': TWO_OF('log') };
    const renaming = 'ALTER TABLE log RENAME TO lines; ALTER TABLE lines RENAME COLUMN line TO text;\n';
    const more = `${renaming}ALTER TABLE lines ADD COLUMN at date;\n`;
    const found = async (sql: string) =>
      (await findingsOf([columns], { base, head: { ...base, 'migrations/2.sql': sql } })).map(
        ({ subject }) => subject,
      );
    expect(await found(renaming)).toEqual([]);
    expect(await found(more)).toEqual([{ table: 'lines', columns: ['at'], name: undefined }]);
  });

  test('is told apart by chain', async () => {
    const base = {
      'a/migrations/1.sql': TWO_OF('log'),
      'b/migrations/1.sql': 'CREATE TABLE other (id int);\n',
    };
    const head = { ...base, 'b/migrations/2.sql': TWO_OF('log') };
    const findings = await findingsOf([ownPage(TABLES)], { base, head });
    expect(findings.map(({ path, chain }) => [path, chain])).toEqual([
      ['b/migrations/2.sql', 'b/migrations'],
    ]);
  });

  test('does not count with --all: state rules say all of head, change rules nothing', async () => {
    const change = ownPage('SELECT path, line, kind AS "table" FROM change.operations', {
      id: 'change',
      reads: 'change',
    });
    const { claims } = await runRules([ownPage(TABLES), change], await factsOf(CHANGE), openChildDatabase(), {
      all: true,
      severities: {},
    });
    expect(claims.map(({ rule, table }) => [rule, table])).toEqual([
      ['own', 'customers'],
      ['own', 'orders'],
      ['own', 'log'],
    ]);
  });
});

test('a rule that asks for what models say differently tells which of the change are not compared', async () => {
  const rule = ownPage('SELECT path, line, table_id FROM model_differences');
  const model = (more: string) =>
    `datasource db {\n  provider = "postgresql"\n}\nmodel events {\n  id Int\n${more}  @@id([id])\n}\n`;
  const migrations = {
    'prisma/migrations/1_init/migration.sql': 'CREATE TABLE events (id int) PARTITION BY HASH (id);',
  };
  const facts = await factsOf({
    base: { ...migrations, 'prisma/schema.prisma': model('') },
    head: { ...migrations, 'prisma/schema.prisma': model('  name String\n') },
  });
  const { claims, notJudged } = await runRules([rule], facts, openChildDatabase(), {
    all: false,
    severities: {},
  });
  expect({ claims, notJudged }).toEqual({
    claims: [],
    notJudged: [{ rule: 'own', reason: 'events is not compared: it is partitioned, which no model says' }],
  });
});
