/** What migrations try, of every engine that is PostgreSQL. */

/** Statements that reach for files, programs, code, other servers or more rights. `root`: the superuser. */
export function reaching({
  folder,
  root,
}: {
  readonly folder: string;
  readonly root: string;
}): readonly string[] {
  return [
    `COPY people TO '${folder}/out.csv'`,
    `COPY people FROM '${folder}/secret.txt'`,
    `COPY people TO PROGRAM 'touch ${folder}/out'`,
    `COPY people FROM PROGRAM 'cat ${folder}/secret.txt'`,
    `SELECT pg_read_file('${folder}/secret.txt')`,
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('PG_VERSION')",
    `SELECT lo_import('${folder}/secret.txt')`,
    `SELECT lo_export(lo_create(0), '${folder}/out')`,
    'CREATE EXTENSION file_fdw',
    'CREATE EXTENSION plpython3u',
    'CREATE EXTENSION plperl',
    'CREATE EXTENSION pltcl',
    'CREATE EXTENSION postgres_fdw',
    'CREATE EXTENSION pageinspect',
    "DO $$ BEGIN EXECUTE 'CREATE EXTENSION pltcl'; END $$",
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'system'",
    "CREATE FUNCTION f(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'",
    "LOAD '/lib/x86_64-linux-gnu/libc.so.6'",
    "ALTER SYSTEM SET shared_preload_libraries = 'x'",
    "SET session_preload_libraries = 'x'",
    'SET log_min_messages = debug5',
    "SET temp_file_limit = '-1'",
    'SET session_replication_role = replica',
    `SET ROLE ${root}`,
    `SET SESSION AUTHORIZATION ${root}`,
    'GRANT pg_execute_server_program TO tablewarden',
    `GRANT ${root} TO tablewarden`,
    'CREATE ROLE boss SUPERUSER',
    'ALTER ROLE tablewarden SUPERUSER',
    'CREATE DATABASE other',
    'DROP DATABASE postgres',
    'ALTER DATABASE postgres RENAME TO mine',
    'SELECT pg_reload_conf()',
    'CHECKPOINT',
    'SELECT pg_switch_wal()',
    "SELECT pg_create_physical_replication_slot('s')",
    "CREATE SUBSCRIPTION s CONNECTION 'host=example.invalid' PUBLICATION p",
    'CREATE FOREIGN DATA WRAPPER w',
    `CREATE TABLESPACE t LOCATION '${folder}'`,
    'SELECT * FROM pg_authid',
    'SELECT * FROM pg_hba_file_rules',
    'LOCK pg_catalog.pg_class',
    'CREATE FUNCTION pg_catalog.now2() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    "COMMIT PREPARED 'x'",
  ];
}

const LOOP = `DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(1000); EXCEPTION WHEN OTHERS OR query_canceled THEN NULL; END; END LOOP; END $$`;

/** Statements that never end, each with its name. */
export const ENDLESS: readonly (readonly [string, string])[] = [
  ['endless work', 'SELECT count(*) FROM generate_series(1, 1e12)'],
  ['a sleep', 'SELECT pg_sleep(1000)'],
  ['a loop that survives its cancelling', LOOP],
];

/** Statements that want all there is of something. */
export const GREEDY: readonly (readonly [string, string])[] = [
  ['memory', "SELECT length(repeat('x', 1000000000) || repeat('y', 1000000000))"],
  [
    'sort memory',
    "SET work_mem = '1TB'; SELECT count(*) FROM (SELECT repeat('x', 1000) || i FROM generate_series(1, 3000000) i ORDER BY 1) s",
  ],
  [
    'recursion',
    'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN f(); END $$; SELECT f()',
  ],
  ['answers', "SELECT repeat('x', 1000000) FROM generate_series(1, 1000)"],
  ['notices', "DO $$ BEGIN LOOP RAISE NOTICE '%', repeat('x', 10000); END LOOP; END $$"],
  [
    'temporary files',
    'SELECT count(*) FROM (SELECT a.i, b.i FROM generate_series(1, 30000) a (i), generate_series(1, 30000) b (i) ORDER BY 2, 1) s',
  ],
  [
    'tables',
    'CREATE TABLE big (t text); DO $$ BEGIN LOOP INSERT INTO big SELECT repeat(md5(i::text), 30) FROM generate_series(1, 10000) i; END LOOP; END $$',
  ],
  [
    'tables that are temporary',
    'CREATE TEMP TABLE big (t text); DO $$ BEGIN LOOP INSERT INTO big SELECT repeat(md5(i::text), 30) FROM generate_series(1, 10000) i; END LOOP; END $$',
  ],
];
