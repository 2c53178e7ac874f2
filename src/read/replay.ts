import { createHash } from 'node:crypto';
import type { Cache } from '../cache/cache.ts';
import type { FileText, Tree } from '../change/change-set.ts';
import type { Applied, Fold } from '../schema/applied.ts';
import { emptySchema, openFold } from '../schema/fold.ts';
import { fromJson, toJson } from '../schema/json.ts';
import type { Schema } from '../schema/schema.ts';
import type { Chain, MigrationFile } from './chain.ts';
import { readMigration } from './read-migration.ts';
import { READER_VERSION } from './reader-version.ts';
import { removedBy, tablesBefore } from './removed-by.ts';
import { whyUnread } from './scan-files.ts';
import type { SqlSource, Statement } from './source.ts';
import { loadSqlReader, readSql } from './sql/read-sql.ts';
import { taintWords } from './taint-words.ts';
import type { CodeChain, SchemaAfter } from './typescript/migration/open-code-chain.ts';
import { CODE_FILE } from './typescript/parse.ts';

/** One statement of a migration with what the fold made of its operations, in order. */
export interface Step {
  readonly statement: Statement;
  readonly applied: readonly Applied[];
}

/** A migration that was read and folded in this run. */
export interface ReplayedMigration {
  readonly file: MigrationFile;
  readonly source: SqlSource;
  readonly steps: readonly Step[];
}

/** A chain folded to its end, from a cached prefix where there is one. */
export interface Replayed {
  readonly schema: Schema;
  /** Those read in this run; all of them when the chain was replayed from empty. */
  readonly migrations: readonly ReplayedMigration[];
}

/** The path that objects of a tool's own ledger carry: no file of the repository. */
const LEDGER = '(ledger)';

const BATCH = 500;

/** Folds a chain of `tree` to its end. Starts from the longest cached prefix, or from empty when every source is wanted. */
export async function replay(
  chain: Chain,
  tree: Tree,
  cache: Cache,
  wanted: 'schema' | 'sources',
): Promise<Replayed> {
  const keys = prefixKeys(chain);
  const start = wanted === 'schema' ? await nearestPrefix(chain, keys, cache) : undefined;
  const done = start?.length ?? 0;
  if (start && done === chain.migrations.length) return { schema: start.schema, migrations: [] };
  await loadSqlReader(chain.dialect);
  const fold = openFold(start?.schema ?? startingSchema(chain));
  const migrations = await foldMigrations(fold, chain, chain.migrations.slice(done), tree);
  const schema = fold.snapshot();
  const key = keys.at(-1);
  if (key) await cache.put(key, toJson(schema));
  return { schema, migrations };
}

/** Reads and folds migrations on top of what `fold` holds, in the order given; `done` is told of each once it is folded. */
export async function foldMigrations(
  fold: Fold,
  chain: Chain,
  files: readonly MigrationFile[],
  tree: Tree,
  done: (migration: ReplayedMigration) => void = () => {},
): Promise<readonly ReplayedMigration[]> {
  const reader = await openMigrations(chain, tree);
  const migrations: ReplayedMigration[] = [];
  for (let at = 0; at < files.length; at += BATCH) {
    const batch = files.slice(at, at + BATCH);
    const texts = await tree.read(batch.map((file) => file.path));
    for (const file of batch) {
      const source = await reader.read(file, texts.get(file.path), (statements) =>
        schemaAfter(fold, statements),
      );
      const migration = { file, source, steps: foldSource(fold, source) };
      migrations.push(migration);
      done(migration);
    }
  }
  return migrations;
}

/** Reads migrations, in the order given. Code that asks for the schema that it finds is read behind all that comes before. */
export async function readMigrations(
  chain: Chain,
  files: readonly MigrationFile[],
  tree: Tree,
): Promise<readonly { readonly file: MigrationFile; readonly source: SqlSource }[]> {
  const reader = await openMigrations(chain, tree);
  const texts = await tree.read(files.map((file) => file.path));
  const read: { readonly file: MigrationFile; readonly source: SqlSource }[] = [];
  for (const file of files) {
    const source = await reader.read(file, texts.get(file.path));
    read.push({ file, source });
  }
  return read;
}

/** A chain's migrations, read one by one. */
interface MigrationReader {
  /** Without `after`, what code that asks for it finds is made of the chain's migrations before it. */
  read(file: MigrationFile, content: FileText | undefined, after?: SchemaAfter): Promise<SqlSource>;
}

async function openMigrations(chain: Chain, tree: Tree): Promise<MigrationReader> {
  await loadSqlReader(chain.dialect);
  let code: CodeChain | undefined;
  let behind: { readonly fold: Fold; at: number } | undefined;
  return {
    read: async (file, content, after) => {
      if (content?.text === undefined)
        return unreadable(file.path, chain.dialect, content ? whyUnread(content) : 'it is missing');
      if (!CODE_FILE.test(file.path)) return readMigration(chain, file.path, content.text);
      code ??= await (await import('./typescript/migration/open-code-chain.ts')).openCodeChain(chain, tree);
      const { source, asked } = await code.read(file, content.text, after);
      if (!asked || after) return source;
      behind ??= { fold: openFold(startingSchema(chain)), at: 0 };
      const index = chain.migrations.findIndex(({ path }) => path === file.path);
      await foldMigrations(behind.fold, chain, chain.migrations.slice(behind.at, index), tree);
      behind.at = Math.max(behind.at, index);
      const { fold } = behind;
      return (await code.read(file, content.text, (statements) => schemaAfter(fold, statements))).source;
    },
  };
}

/** The schema that `fold` holds, after some further statements. */
function schemaAfter(fold: Fold, statements: readonly Statement[]): Schema {
  if (statements.length === 0) return fold.schema;
  const further = openFold(fold.snapshot());
  foldStatements(further, statements);
  return further.snapshot();
}

/** The prelude of a chain, read. */
export async function readPrelude(chain: Chain): Promise<SqlSource> {
  await loadSqlReader(chain.dialect);
  return readSql(LEDGER, chain.prelude, chain.dialect);
}

/** The schema before the first migration: empty but for the tool's own ledger table. */
export function startingSchema(chain: Chain): Schema {
  const fold = openFold(emptySchema(chain.id, chain.dialect));
  if (chain.prelude) foldSource(fold, readSql(LEDGER, chain.prelude, chain.dialect));
  return fold.snapshot();
}

/** Folds one source on top of what `fold` holds. */
export function foldSource(fold: Fold, source: SqlSource): readonly Step[] {
  if (source.dialect === 'postgres') resetSearchPath(fold, source.path);
  const before = tablesBefore(fold.schema, source);
  const steps = foldStatements(fold, source.statements);
  dropTemporary(fold, steps);
  if (before) fold.noteRemoved(removedBy(before, fold.schema, steps));
  return steps;
}

function foldStatements(fold: Fold, statements: readonly Statement[]): readonly Step[] {
  return statements.map((statement) => {
    taintWords(fold, statement);
    return { statement, applied: statement.operations.map((operation) => fold.apply(operation)) };
  });
}

/** Temporary tables end with the connection that a tool opens for a migration. */
function dropTemporary(fold: Fold, steps: readonly Step[]): void {
  for (const { applied } of steps)
    for (const { operation } of applied)
      if (operation.kind === 'create-table' && operation.temporary) {
        const table = { schema: 'pg_temp', name: operation.table.name };
        fold.apply({ kind: 'drop-table', table, cascade: true, tolerant: true, span: operation.span });
      }
}

/** Tools open each migration with the connection's own search path. */
function resetSearchPath(fold: Fold, path: string): void {
  const span = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  fold.apply({ kind: 'set-search-path', schemas: ['public'], local: false, span });
}

/** One key a prefix, the whole chain's last. */
function prefixKeys(chain: Chain): readonly string[] {
  return prefixHashes(chain)
    .slice(1)
    .map((hash) => `schema/${hash}`);
}

/**
 * `hashes[n]` names the first n migrations of a chain: a hash over the reader, the chain and each migration's name and
 * content.
 */
export function prefixHashes(chain: Chain): readonly string[] {
  const head = [READER_VERSION, chain.id, chain.tool, chain.dialect, chain.prelude].join('\0');
  const hashes = [createHash('sha256').update(head).digest('hex')];
  for (const file of chain.migrations)
    hashes.push(
      createHash('sha256')
        .update(`${hashes.at(-1)}\0${file.path}\0${file.id}${file.imports ?? ''}`)
        .digest('hex'),
    );
  return hashes;
}

async function nearestPrefix(
  chain: Chain,
  keys: readonly string[],
  cache: Cache,
): Promise<{ readonly schema: Schema; readonly length: number } | undefined> {
  const known = new Set(await cache.keys('schema/'));
  for (let length = chain.migrations.length; length > 0; length--) {
    const key = keys[length - 1] ?? '';
    if (!known.has(key)) continue;
    const text = await cache.get(key);
    const schema = text === undefined ? undefined : fromJson(text);
    if (schema) return { schema, length };
  }
  return undefined;
}

function unreadable(path: string, dialect: Chain['dialect'], reason: string): SqlSource {
  const span = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const statement: Statement = {
    span,
    text: '',
    operations: [],
    uses: [],
    calls: [],
    notModelled: reason,
    unparsed: true,
  };
  return { path, dialect, statements: [statement], notSql: [] };
}
