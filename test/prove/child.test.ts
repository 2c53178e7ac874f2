import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type EngineChild, openChild } from '../../src/prove/child.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let child: EngineChild | undefined;
afterEach(() => child?.close());

const open = (limits = {}) => {
  child = openChild(limits);
  return child.open();
};

test('runs statements, stops at the first that fails, takes rows and answers them', async () => {
  const scratch = await open();
  expect(scratch.engine).toMatch(/^DuckDB \d/);
  expect(
    await scratch.run(['CREATE TABLE t (a INTEGER, b VARCHAR[])', 'SELEC 1', 'DROP TABLE t']),
  ).toMatchObject({
    failed: { index: 1 },
  });
  const long = 'é'.repeat(40);
  await scratch.run(['CREATE TABLE main.u (id BIGINT, ok BOOLEAN, ids BIGINT[], details JSON)']);
  await scratch.load('t', [
    [1, ['x', long, null]],
    [2, null],
    [null, []],
  ]);
  await scratch.load('main.u', [[-(2 ** 52), true, [1, 2 ** 40], { to: ['é', null], filled: false }]]);
  expect(await scratch.query('SELECT * FROM t ORDER BY a')).toEqual([
    { a: 1, b: ['x', long, null] },
    { a: 2, b: null },
    { a: null, b: [] },
  ]);
  expect(await scratch.query(`SELECT *, details ->> '$.to[0]' AS first FROM u`)).toEqual([
    { id: -(2 ** 52), ok: true, ids: [1, 2 ** 40], details: { to: ['é', null], filled: false }, first: 'é' },
  ]);
  expect(await scratch.run(['CREATE TABLE v (a INTEGER)', 'INSERT INTO v SELECT a FROM t'])).toEqual({
    changed: 3,
  });
  expect(await scratch.run(['DELETE FROM v WHERE a > 9'])).toEqual({ changed: 0 });
  expect(await scratch.run(['INSERT INTO v VALUES (4) RETURNING a'])).toEqual({});
  await expect(scratch.load('missing', [[1]])).rejects.toMatchObject({ kind: 'error' });
  expect(await scratch.query('SELECT range AS n FROM range(50)', 3)).toHaveLength(3);
  expect(await scratch.countStatements('SELECT 1; SELECT 2')).toBe(2);
  await expect(scratch.countStatements('SELEC')).rejects.toMatchObject({ kind: 'error' });
});

test('runs each of several statements, whatever becomes of the others', async () => {
  const scratch = await open();
  const tables = async () =>
    (await scratch.query('SELECT table_name AS name FROM duckdb_tables() ORDER BY 1')).map(
      ({ name }) => name,
    );
  expect(
    await scratch.runEach(['CREATE TABLE a (id INTEGER)', 'CREATE TABLE b (id INTEGER) -- the last']),
  ).toEqual([]);
  expect(await tables()).toEqual(['a', 'b']);
  const more = [
    'CREATE TABLE c (id INTEGER)',
    'CREATE TABLE a (id INTEGER)',
    'SELEC',
    'CREATE TABLE d (id INTEGER)',
  ];
  expect(await scratch.runEach(more)).toEqual([1, 2]);
  expect(await tables()).toEqual(['a', 'b', 'c', 'd']);
  expect(await scratch.runEach(['SELEC', 'BEGIN'])).toEqual([0]);
  expect(await scratch.run(['ROLLBACK'])).toEqual({});
});

test('two databases of one child know nothing of each other', async () => {
  const first = await open();
  const second = await child?.open();
  await first.run(['CREATE TABLE only_here (a INTEGER)']);
  expect(await second?.run(['SELECT * FROM only_here'])).toHaveProperty('failed');
});

test.each([
  `SELECT * FROM read_csv('/etc/passwd')`,
  `SELECT * FROM read_text('/etc/passwd')`,
  `SELECT * FROM glob('/etc/*')`,
  `COPY (SELECT 1) TO '${folder}/out.csv'`,
  `EXPORT DATABASE '${folder}/exported'`,
  `ATTACH '${folder}/other.db'`,
  'INSTALL httpfs',
  'LOAD httpfs',
  `SET enable_external_access = true`,
  'RESET lock_configuration',
  `PRAGMA memory_limit = '10GB'`,
  `CREATE SECRET s (TYPE s3)`,
  `SELECT * FROM 'https://example.invalid/a.parquet'`,
])('is refused: %s', async (sql) => {
  const scratch = await open();
  expect(await scratch.run([sql])).toHaveProperty('failed');
  expect(readdirSync(folder)).toEqual([]);
});

test('logging to a file writes none', async () => {
  const scratch = await open();
  await scratch.run([`CALL enable_logging(storage = 'file', storage_path = '${folder}/log')`, 'SELECT 1']);
  expect(existsSync(join(folder, 'log'))).toBe(false);
});

test('what does not fit into memory is refused, and nothing of it is put into the folder that the child runs in', async () => {
  const scratch = await open();
  const rows = 'CREATE TABLE big AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(20000000)';
  await expect(scratch.run([rows])).rejects.toMatchObject({ kind: 'memory' });
  expect(existsSync('.tmp')).toBe(false);
});

const CROSS_JOIN = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';

test.each([
  ['constant folding that ignores an interrupt', 'SELECT range(0, 2000000000)'],
  [
    'an endless recursive query',
    'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r',
  ],
  ['a cross join', CROSS_JOIN],
])('%s is stopped', async (_, sql) => {
  const scratch = await open({ milliseconds: 700 });
  await expect(scratch.query(sql)).rejects.toMatchObject({ kind: expect.stringMatching(/^(time|memory)$/) });
});

test('a child that died says so, and the next database comes from a new one', async () => {
  const scratch = await open({ milliseconds: 300 });
  await expect(scratch.query(CROSS_JOIN)).rejects.toMatchObject({ kind: 'time' });
  await expect(scratch.query('SELECT 1')).rejects.toMatchObject({ kind: 'died' });
  const again = await child?.open();
  expect(await again?.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a child that holds too much memory is ended', async () => {
  const scratch = await open({ megabytes: 90 });
  await expect(scratch.query(`SELECT repeat('x', 150000000) AS x`)).rejects.toMatchObject({ kind: 'memory' });
});

test('a child whose parent is gone ends in the middle of a statement', async () => {
  const engine = spawn(process.execPath, ['dist/engine-child.js', '1000'], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  const answers = engine.stdio[3];
  const request = (id: number, body: object) =>
    engine.stdin?.write(`${JSON.stringify({ id, instance: 1, ...body })}\n`);
  request(1, { call: 'open' });
  await once(answers as Readable, 'data'); // a pipe, as `stdio` asks
  request(2, { call: 'query', sql: CROSS_JOIN });
  await new Promise((resolve) => setTimeout(resolve, 300));
  engine.stdin?.end();
  expect(await once(engine, 'exit')).toEqual([null, 'SIGKILL']);
});
