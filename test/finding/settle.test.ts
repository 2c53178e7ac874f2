import { expect, test } from 'vitest';
import { settle } from '../../src/finding/settle.ts';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import { readPages } from '../../src/rule/pages.ts';
import { runRules } from '../../src/rule/run.ts';
import { factsOf } from '../rule/judge.ts';

const rules = readPages(new URL('../../rules/', import.meta.url));

const LOG = 'CREATE TABLE log (line text);\n';
const WAIVER =
  '-- tablewarden: allow table-without-primary-key because lines are only appended until 2999-12-31\n';

/** What a check says of new migrations, by path. */
async function settled(
  head: Readonly<Record<string, string>>,
  never: readonly string[] = [],
  severities = {},
) {
  const facts = await factsOf({ head });
  const { claims } = await runRules(rules, facts, openDuckdb, { all: false, severities });
  const texts = new Map(Object.entries(head));
  const { kept, waived } = settle(claims, { ...facts, rules, texts }, texts, never, severities);
  return {
    kept: kept.map(({ rule, path, line, severity }) => `${rule} ${path}:${line} ${severity}`),
    waived: waived.map(({ rule, path, line, because, until }) => [rule, `${path}:${line}`, because, until]),
  };
}

test('findings are kept, or set aside with the reason of their waiver', async () => {
  expect(
    await settled({ 'migrations/1.sql': WAIVER + LOG, 'migrations/2.sql': LOG.replace('log', 'lines') }),
  ).toEqual({
    kept: ['table-without-primary-key migrations/2.sql:1 warning'],
    waived: [['table-without-primary-key', 'migrations/1.sql:2', 'lines are only appended', '2999-12-31']],
  });
});

test('what is wrong with a waiver is a finding of its page, with the severity that is configured', async () => {
  const head = { 'migrations/1.sql': WAIVER + LOG.replace('line text', 'id bigint PRIMARY KEY') };
  expect((await settled(head)).kept).toEqual(['waiver-unused migrations/1.sql:1 note']);
  expect((await settled(head, [], { 'waiver-unused': 'error' })).kept).toEqual([
    'waiver-unused migrations/1.sql:1 error',
  ]);
  expect((await settled(head, [], { 'waiver-unused': 'off' })).kept).toEqual([]);
});

test('a rule that may never be waived stays, and its waiver is told', async () => {
  const { kept, waived } = await settled({ 'migrations/1.sql': WAIVER + LOG }, ['table-without-primary-key']);
  expect(kept.sort()).toEqual([
    'table-without-primary-key migrations/1.sql:2 warning',
    'waiver-forbidden migrations/1.sql:1 error',
  ]);
  expect(waived).toEqual([]);
});

test('what is told once a file is told of what no waiver names', async () => {
  const lookup = (column: string) =>
    `export const by_${column} = (one: string) => pool.query('SELECT id FROM members WHERE ${column} = $1', [one]);\n`;
  const { kept, waived } = await settled({
    'migrations/1.sql': `CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE members (id bigint PRIMARY KEY, team_id bigint REFERENCES teams (id), email text, code text, name text);
`,
    'src/members.ts': `// tablewarden: allow query-without-index because it is asked once a year
${lookup('email')}${lookup('code')}${lookup('name')}`,
  });
  const told = kept.filter((one) => one.startsWith('query-without-index'));
  expect(told).toEqual(['query-without-index src/members.ts:3 warning']);
  expect(waived.map(([rule, place]) => [rule, place])).toEqual([['query-without-index', 'src/members.ts:2']]);
});

test('of two that ask for one index, the quieter is told where a waiver takes the louder out', async () => {
  const head = {
    'migrations/1.sql': `CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE members (id bigint PRIMARY KEY, team_id bigint REFERENCES teams (id));
`,
    'src/members.ts':
      "export const of = (team: string) => pool.query('SELECT id FROM members WHERE team_id = $1', [team]);\n",
  };
  const ofIndex = (all: readonly string[]) => all.filter((one) => /-without-index/.test(one));
  expect(ofIndex((await settled(head)).kept)).toEqual(['query-without-index src/members.ts:1 warning']);
  const waiver = '// tablewarden: allow query-without-index because it is asked once a year\n';
  const { kept } = await settled({ ...head, 'src/members.ts': waiver + head['src/members.ts'] });
  expect(ofIndex(kept)).toEqual(['foreign-key-without-index migrations/1.sql:2 note']);
});

test('of what is told once a file, what is proved is told', () => {
  const span = (line: number) => ({ path: 'migrations/1.sql', line, column: 1, endLine: line, endColumn: 2 });
  const claim = (line: number, table: string) => ({
    ...{ rule: 'unique-on-existing-data', severity: 'warning' as const, span: span(line), table },
    ...{ message: '{table} has twins.', values: { table } },
  });
  const proved = { evidence: { kind: 'proved' as const, engine: 'PostgreSQL 17', text: 'refused' } };
  const context = { rules, chains: [], hunks: new Map(), texts: new Map(), all: true };
  const claims = [claim(1, 'teams'), { ...claim(2, 'members'), ...proved }];
  const { kept } = settle(claims, context, new Map(), [], {});
  expect(kept.map(({ line, message, evidence }) => [line, message, evidence.kind])).toEqual([
    [2, 'members has twins. The same goes for teams, elsewhere in this file.', 'proved'],
  ]);
});
