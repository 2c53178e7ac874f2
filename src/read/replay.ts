import { createHash } from 'node:crypto';
import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Applied, Fold } from '../schema/applied.ts';
import { emptySchema, openFold } from '../schema/fold.ts';
import { fromJson, toJson } from '../schema/json.ts';
import type { Opaque, Routine, Schema } from '../schema/schema.ts';
import type { Chain, MigrationFile } from './chain.ts';
import { readMigration } from './read-migration.ts';
import { whyUnread } from './scan-files.ts';
import type { SqlSource, Statement } from './source.ts';
import { loadSqlReader, readSql } from './sql/read-sql.ts';

/** One statement of a migration with what the fold made of its operations, in order. */
interface Step {
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

/** Changes with every change of what reading and folding make of a text; the build fills it in. */
const READER_VERSION = process.env.TABLEWARDEN_READER ?? 'source';

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

/** Reads and folds migrations on top of what `fold` holds, in the order given. */
export async function foldMigrations(
  fold: Fold,
  chain: Chain,
  files: readonly MigrationFile[],
  tree: Tree,
): Promise<readonly ReplayedMigration[]> {
  const migrations: ReplayedMigration[] = [];
  for (let at = 0; at < files.length; at += BATCH)
    for (const { file, source } of await readMigrations(chain, files.slice(at, at + BATCH), tree))
      migrations.push({ file, source, steps: foldSource(fold, source) });
  return migrations;
}

/** Reads migrations, in the order given, and folds nothing. */
export async function readMigrations(
  chain: Chain,
  files: readonly MigrationFile[],
  tree: Tree,
): Promise<readonly { readonly file: MigrationFile; readonly source: SqlSource }[]> {
  await loadSqlReader(chain.dialect);
  const texts = await tree.read(files.map((file) => file.path));
  return files.map((file) => {
    const content = texts.get(file.path);
    const source =
      content?.text === undefined
        ? unreadable(file.path, chain.dialect, content ? whyUnread(content) : 'it is missing')
        : readMigration(chain, file.path, content.text);
    return { file, source };
  });
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
  const steps = source.statements.map((statement) => {
    taintWords(fold, statement);
    return { statement, applied: statement.operations.map((operation) => fold.apply(operation)) };
  });
  dropTemporary(fold, steps);
  return steps;
}

/** EXECUTE of a text that is put together. */
const DYNAMIC = /\bexecute\s+(?!'[^']*'\s*(;|using\b|into\b))/i;

/** What a statement that is not modelled names, it may have made or altered, unless it can only touch rows. */
export function taintWords(fold: Fold, { text, span, notModelled, calls, operations }: Statement): void {
  if (notModelled !== undefined) {
    if (!touchesRowsOnly(fold, text)) taintRun(fold, text, { why: notModelled, span });
  } else if (calls.length > 0 && operations.some(({ kind }) => /^(read|write)-rows$/.test(kind))) {
    const routine = ownRoutines(fold, calls).find(({ body }) => DDL.test(body));
    const why = `it calls ${routine?.name}, whose body is not followed`;
    if (routine) taintRun(fold, text, { why, span });
  }
}

const WORD = /[A-Za-z_][\w$]*/g;

/** Taints the words of a text, and those of the chain's functions that it names, and that they name; `*`, where it may name any. */
function taintRun(fold: Fold, text: string, doubt: Opaque): void {
  const words = new Set<string>();
  const names = new Set<string>();
  const texts = [text];
  for (let next = texts.pop(); next !== undefined; next = texts.pop()) {
    for (const name of namesPutTogether(next)) names.add(name);
    const fresh = [...next.matchAll(WORD)].map(([word]) => word).filter((word) => !words.has(word));
    for (const word of fresh) words.add(word);
    if (next === '' || DYNAMIC.test(next)) words.add('*');
    texts.push(...ownRoutines(fold, [...new Set(fresh)]).map(({ body }) => body));
  }
  fold.taint([...words], { ...doubt, ...(names.size > 0 ? { names: [...names] } : {}) });
}

/** Patterns of the names in dynamic SQL that have a part of their own, of three letters and more: `%I_log`, `'idx_' || name`. */
function namesPutTogether(text: string): readonly string[] {
  if (!/\bexecute\b/i.test(text)) return [];
  const formatted = [...text.matchAll(/[\w$]*(?:%(?:\d+\$)?[Is][\w$]*)+/g)].flatMap(([found]) => {
    const parts = found.split(/%(?:\d+\$)?[Is]/);
    return parts.some(({ length }) => length >= 3) ? [`^${parts.map(escaped).join('.*')}$`] : [];
  });
  const before = [...text.matchAll(/(\w{3,})"?'\s*\|\|/g)].map(([, part = '']) => `^${escaped(part)}.*`);
  const after = [...text.matchAll(/\|\|\s*'"?(\w{3,})/g)].map(([, part = '']) => `.*${escaped(part)}$`);
  return [...formatted, ...before, ...after];
}

function escaped(part: string): string {
  return part.replaceAll('$', '\\$');
}

/** The chain's own functions of these names, whatever their schema. */
function ownRoutines(fold: Fold, calls: readonly string[]): readonly Routine[] {
  const names = new Set(calls.map((call) => call.slice(call.lastIndexOf('.') + 1).toLowerCase()));
  return [...fold.schema.functions.values()].flat().filter(({ name }) => names.has(name.toLowerCase()));
}

/** Words by which a body may change more than rows. */
const DDL = /\b(create|alter|drop|rename|execute|truncate|import|refresh)\b/i;

/** A DO block without a word of DDL, without EXECUTE and without a call of a function that the chain made. */
function touchesRowsOnly(fold: Fold, text: string): boolean {
  if (!/^\s*do\s+(language\s+\w+\s+)?\$/i.test(text)) return false;
  const plain = text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').replace(/'(?:[^']|'')*'/g, "''");
  if (/\b(create|alter|drop|rename|execute|perform|call|truncate|import|refresh|search_path)\b/i.test(plain))
    return false;
  const own = new Set(
    [...fold.schema.functions.keys()].map((key) => key.slice(key.indexOf('.') + 1).toLowerCase()),
  );
  return ![...plain.matchAll(/([A-Za-z_][\w$]*)"?\s*\(/g)].some(([, name]) =>
    own.has(name?.toLowerCase() ?? ''),
  );
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
        .update(`${hashes.at(-1)}\0${file.path}\0${file.id}`)
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
