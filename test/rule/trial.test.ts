import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import { check } from '../../src/check.ts';
import { defaultConfig } from '../../src/config.ts';
import { parsePage } from '../../src/rule/page.ts';
import type { Rule } from '../../src/rule/rule.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-trial-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BASE = `CREATE TABLE customers (id bigint PRIMARY KEY, code int, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, code int);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_pair ON orders (customer_id, code);`;

async function judged(
  change: string,
  ownRules: readonly Rule[] = [],
  mode: 'fast' | 'full' = 'fast',
  pglite = false,
) {
  const before = new Map([['migrations/1.sql', BASE]]);
  const given = await changeOfTexts(before, new Map([...before, ['migrations/2.sql', change]]), new Map());
  const options = {
    config: defaultConfig,
    all: false,
    failOn: 'error',
    prove: { mode, make: true, pglite },
  } as const;
  const report = await check(given, { ...options, ownRules, cache: openCache(folder) });
  const shown = (all: typeof report.findings) =>
    all.map(({ rule, line, evidence: { kind, engine = '', text } }) => [
      rule,
      line,
      kind,
      `${engine}: ${text}`,
    ]);
  return { findings: shown(report.findings), dismissed: shown(report.dismissed) };
}

const proved = (...words: string[]) =>
  expect.stringMatching(new RegExp(['^PostgreSQL 18', ...words].join('.*')));

describe('a claim is tried on PostgreSQL and its rows', () => {
  test.each(['fast', 'full'] as const)(
    'and is proved, or dismissed where it goes through (%s)',
    async (mode) => {
      const change = `ALTER TABLE customers ADD COLUMN state text;
DO $$ BEGIN EXECUTE 'UPDATE customers SET state = ''x'''; END $$;
ALTER TABLE customers ALTER COLUMN state SET NOT NULL;
ALTER TABLE orders ADD COLUMN state text NOT NULL;
CREATE TABLE visits (customer_id bigint REFERENCES customers ON DELETE CASCADE);`;
      const { findings, dismissed } = await judged(change, [], mode);
      expect(dismissed).toEqual([['not-null-without-default', 3, 'proved', proved('went through')]]);
      expect(findings).toEqual([
        [
          'not-null-without-default',
          4,
          'proved',
          proved('column "state" of relation "orders" contains null'),
        ],
        [
          'foreign-key-without-index',
          5,
          'proved',
          proved('Seq Scan on visits, cost [\\d,]+ → [\\d.,]+ with this index'),
        ],
        ['table-without-primary-key', 5, 'proved', proved('it goes through: INSERT INTO "public"."visits"')],
      ]);
    },
  );

  test('PGlite is asked where it takes the place of the server', async () => {
    const change = `ALTER TABLE orders ADD COLUMN state text NOT NULL;
CREATE TABLE visits (customer_id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE);`;
    const { findings } = await judged(change, [], 'fast', true);
    const said = (words: string) => expect.stringMatching(new RegExp(`^PGlite .*${words}`));
    expect(findings).toEqual([
      ['not-null-without-default', 1, 'proved', said('column "state" of relation "orders" contains null')],
      [
        'foreign-key-without-index',
        2,
        'proved',
        said('reads the whole table .Seq Scan.: SELECT 1 FROM "public"."visits"'),
      ],
    ]);
  });

  /** A page of a user's that claims the same of `orders` whatever the change. */
  const own = (expectation: string, trial: string, on: 'base' | 'head') =>
    parsePage(
      '.tablewarden/rules/own.md',
      `---\nreads: change${expectation && `\nexpect: ${expectation}`}\n---\n# A\n\nB.\n\n## Message\n\nC.\n\n## Query\n\n\`\`\`sql\nSELECT o.chain, o.path, o.line, t.table_id, '${trial.replaceAll("'", "''")}' AS trial, '${on}' AS trial_on FROM change.operations o JOIN ${on}.tables t ON t.table_name = 'orders'\n\`\`\`\n`,
      true,
    );

  test.each([
    ['fails', 'SELECT nothing FROM public.orders', 'head', 'column "nothing" does not exist'],
    ['fails', 'SELECT code FROM public.orders', 'head', undefined],
    ['succeeds', 'SELECT code FROM public.orders', 'base', 'it goes through'],
    ['succeeds', 'INSERT INTO public.orders SELECT * FROM public.orders', 'head', undefined],
    ['scans', 'SELECT 1 FROM public.orders WHERE code = 1', 'head', 'reads the whole table'],
    ['scans', 'SELECT 1 FROM public.orders WHERE customer_id = 1', 'head', undefined],
    ['rewrites', 'ALTER TABLE public.orders ALTER code TYPE bigint', 'base', 'is written anew'],
    ['rewrites', 'ALTER TABLE public.orders RENAME code TO kind', 'base', undefined],
  ] as const)('expect: %s, %s on %s', async (expectation, trial, on, holds) => {
    const { findings, dismissed } = await judged('ALTER TABLE customers DROP COLUMN code;', [
      own(expectation, trial, on),
    ]);
    const of = (all: typeof findings) => all.filter(([rule]) => rule === 'own');
    if (holds === undefined) expect([of(findings), of(dismissed).length]).toEqual([[], 1]);
    else expect([of(findings), of(dismissed)]).toEqual([[['own', 1, 'proved', proved(holds)]], []]);
  });

  test('what no engine can say leaves the claim as it was read', async () => {
    const { findings } = await judged('ALTER TABLE customers DROP COLUMN code;', [
      own('succeeds', 'SELECT nothing FROM public.orders', 'head'),
    ]);
    expect(findings).toContainEqual(['own', 1, 'read', expect.anything()]);
  });

  test.each([
    ['fails', 'SELECT 1; SELECT 2', /the trial has 2 statements/],
    ['', 'SELECT 1', /does not say what it is to show/],
  ])('a page whose trial cannot be run is refused (expect: %s)', (expectation, trial, message) => {
    expect(() => own(expectation, trial, 'head')).toThrow(message);
  });
});

describe('plans with an index and without it are compared at the size that a table has', () => {
  const SHOP = `CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE members (
  id bigint PRIMARY KEY, team_id bigint NOT NULL REFERENCES teams (id), email text NOT NULL, plan text, at timestamptz
);
CREATE INDEX members_team_id_idx ON members (team_id);`;
  const CODE = `export const byEmail = (email: string) => pool.query('SELECT id FROM members WHERE email = $1', [email]);
export const newest = () => pool.query('SELECT id FROM members ORDER BY at DESC LIMIT 20');
`;
  const migration = { 'migrations/2.sql': 'ALTER TABLE members ADD COLUMN note text;' };

  async function checked(code: string, more: Record<string, string>, counters?: string) {
    const before = { 'migrations/1.sql': SHOP, ...(counters ? { 'ops/tables.csv': counters } : {}) };
    const change = await changeOfTexts(
      new Map(Object.entries(before)),
      new Map(Object.entries({ ...before, ...more, 'src/members.ts': code })),
      new Map(),
    );
    const config = { ...defaultConfig, profile: counters ? [{ path: 'ops/tables.csv' }] : [] };
    const cache = openCache(folder);
    const prove = { mode: 'fast', make: true } as const;
    const setupTree = change.base;
    return check(change, { config, ownRules: [], all: false, failOn: 'error', prove, cache, setupTree });
  }

  test('a look-up and an order that an index serves are proved to be cheaper', async () => {
    const { findings } = await checked(CODE, migration);
    expect(
      findings.map(({ rule, severity, evidence: { kind, text } }) => [rule, severity, kind, text]),
    ).toEqual([
      [
        'query-without-index',
        'warning',
        'proved',
        expect.stringMatching(
          /^Seq Scan on members, cost \d\d,\d+ → \d+(\.\d)? with this index \(at 1,000,000 rows, assumed\): SELECT id FROM members WHERE email = \$1$/,
        ),
      ],
      [
        'sort-without-index',
        'note',
        'proved',
        expect.stringMatching(/^Seq Scan on members, cost \d\d,\d+ → \d/),
      ],
    ]);
    const plan = findings[0]?.evidence.plan;
    expect(plan).toMatchObject({ table: 'members', rows: 1_000_000, isMeasured: false });
    expect(plan?.without.cost).toBeGreaterThan(100 * (plan?.with.cost ?? Infinity));
  });

  test('a query is planned as it is written, each value with a number of its own; through a query builder as such a look-up', async () => {
    const { findings } = await checked(
      `export const since = (email: string, at: Date) => sql\`SELECT id FROM members WHERE email = \${email} AND at > \${at}\`;
`,
      migration,
    );
    expect(findings[0]?.evidence.text).toMatch(/: SELECT id FROM members WHERE email = \$1 AND at > \$2$/);
    const { findings: built } = await checked(
      `import { eq } from 'drizzle-orm';
import { bigint, pgTable, text } from 'drizzle-orm/pg-core';
const members = pgTable('members', { id: bigint('id', { mode: 'number' }), email: text('email') });
export const one = (email: string) => db.select().from(members).where(eq(members.email, email));
`,
      migration,
    );
    const look = built.find(({ rule }) => rule === 'query-without-index');
    expect(look?.evidence.text).toMatch(/: SELECT \* FROM "public"."members" WHERE "email" = \$1$/);
  });

  test('code alone is planned where a database holds the chain', async () => {
    const { findings } = await checked(CODE, {});
    expect(findings[0]?.evidence).toMatchObject({ kind: 'proved', plan: { with: { usesIndex: true } } });
  });

  const PLANS =
    "export const ofPlan = (plan: string) => pool.query('SELECT id FROM members WHERE plan = $1', [plan]);\n";
  const rows = (number: number) => `schemaname,relname,seq_scan,n_live_tup\npublic,members,9,${number}\n`;

  test('where the planner would rather read all, nothing is said of rows that are known, and a note of those that are not', async () => {
    const known = await checked(PLANS, migration, rows(2_000));
    expect(known.findings).toEqual([]);
    expect(known.dismissed).toMatchObject([
      { rule: 'query-without-index', evidence: { text: expect.stringContaining('(at 2,000 rows)') } },
    ]);
    const assumed = await checked(PLANS, migration);
    expect(assumed.findings).toMatchObject([
      { rule: 'query-without-index', severity: 'note', evidence: { kind: 'read' } },
    ]);
  });

  test('nothing of it stays in the database that is kept', async () => {
    await checked(CODE, migration);
    const { proof } = await checked('', {
      'migrations/2.sql': `ALTER TABLE members ADD COLUMN tablewarden_filler int;
CREATE INDEX tablewarden_index ON members (email);
PREPARE tablewarden_query AS SELECT 1;`,
    });
    expect(proof.flatMap(({ migrations }) => migrations.map(({ verdict }) => verdict))).toContain('proved');
    expect(proof.find(({ engine }) => engine.startsWith('PostgreSQL'))?.migrations[0]?.error).toBeUndefined();
  });
});
