import type { Tree } from '../../change/change-set.ts';
import type { Span } from '../../change/span.ts';
import type { Alteration } from '../../schema/alterations.ts';
import { alterations } from '../../schema/alterations.ts';
import type { Applied } from '../../schema/applied.ts';
import { openFold } from '../../schema/fold.ts';
import { adoptIdentities, matchIdentities } from '../../schema/match-identities.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Chain, MigrationFile } from '../chain.ts';
import { alteredMigrations, type EditedMigration, newMigrations } from '../edited-migrations.ts';
import {
  foldMigrations,
  prefixHashes,
  type Replayed,
  type ReplayedMigration,
  startingSchema,
} from '../replay.ts';
import { loadSqlReader } from '../sql/read-sql.ts';
import type { HistoryEntry } from './history.ts';

/** A chain as it stood at one commit, with the schema that a database had that met every migration when it came. */
export interface FollowedChain {
  readonly chain: Chain;
  readonly schema: Schema;
}

/** What one commit made of a chain, and how it stands then. */
export interface Followed {
  readonly now: FollowedChain;
  readonly entries: readonly Omit<HistoryEntry, 'at' | 'chain'>[];
}

/** Follows a chain over one commit; `before` is undefined for one that is new. */
export async function followLine(
  before: FollowedChain | undefined,
  chain: Chain,
  tree: Tree,
  prefixes: Prefixes,
): Promise<Followed> {
  await loadSqlReader(chain.dialect);
  if (!before) return appended({ chain, schema: startingSchema(chain) }, chain, chain.migrations, tree);
  const altered = alteredMigrations(before.chain, chain);
  if (altered.length === 0) return appended(before, chain, newMigrations(before.chain, chain), tree);
  return rewritten(before, chain, altered, tree, prefixes);
}

/** Migrations that are new are folded on top of what was there, as a deployed database meets them. */
async function appended(
  before: FollowedChain,
  chain: Chain,
  files: readonly MigrationFile[],
  tree: Tree,
): Promise<Followed> {
  let { schema } = before;
  const entries: Followed['entries'][number][] = [];
  if (files.length === 0) return { now: { chain, schema }, entries };
  const fold = openFold(schema);
  await foldMigrations(fold, chain, files, tree, (migration) => {
    const next = fold.snapshot();
    for (const one of alterations(schema, next))
      entries.push({ ...one, span: placeOf(one, migration), migration: migration.file.path });
    schema = next;
  });
  return { now: { chain, schema }, entries };
}

/** Migrations that were there are otherwise: the schemas before and after are compared, as no database met the edit. */
async function rewritten(
  before: FollowedChain,
  chain: Chain,
  altered: readonly EditedMigration[],
  tree: Tree,
  prefixes: Prefixes,
): Promise<Followed> {
  const { schema: whole, migrations } = await replayFromKnown(chain, tree, prefixes);
  const fresh = newMigrations(before.chain, chain);
  const schema = await withRenames(before, { chain, schema: whole }, fresh, tree, prefixes);
  const edited = new Set(altered.flatMap(({ as }) => as?.path ?? []));
  const contents = new Set(before.chain.migrations.map(({ id }) => id));
  const added = new Set(fresh.filter(({ id }) => !contents.has(id)).map(({ path }) => path));
  const among = (paths: ReadonlySet<string>) =>
    migrations.filter(({ file }) => paths.has(file.path)).reverse();
  const moved = new Set(fresh.map(({ path }) => path));
  const suspects = [...among(added), ...among(edited), ...among(moved)];
  const entries = alterations(before.schema, schema).map((one) => {
    const span = suspects.flatMap((migration) => operationOn(one, migration, 'names') ?? [])[0] ?? one.span;
    const isAdded = added.has(span.path);
    return { ...one, span, migration: span.path, ...(isAdded ? {} : { rewritten: true as const }) };
  });
  return { now: { chain, schema }, entries };
}

/**
 * The schema after a rewrite, with the identities from before. Where what is new also leads there when it is folded on what
 * became of the old, renames in it are known as such; else objects are known by their names.
 */
async function withRenames(
  before: FollowedChain,
  { chain, schema: whole }: FollowedChain,
  fresh: readonly MigrationFile[],
  tree: Tree,
  prefixes: Prefixes,
): Promise<Schema> {
  const byName = matchIdentities(before.schema, whole);
  if (fresh.length === 0) return byName;
  const old = { ...chain, migrations: chain.migrations.filter((file) => !fresh.includes(file)) };
  const edited = matchIdentities(before.schema, (await replayFromKnown(old, tree, prefixes)).schema);
  const fold = openFold(edited);
  await foldMigrations(fold, chain, fresh, tree);
  const schema = adoptIdentities(before.schema, fold.snapshot());
  return alterations(schema, matchIdentities(schema, whole)).length === 0 ? schema : byName;
}

/** Folded prefixes of chains, by what names them: most of a chain is as it was before some of its migrations were edited. */
export type Prefixes = Map<string, Schema>;

/** Every so many migrations a prefix is kept. */
const KEEP_EVERY = 16;

/** A chain folded from the longest prefix that is known; `migrations` are those behind it. */
async function replayFromKnown(chain: Chain, tree: Tree, prefixes: Prefixes): Promise<Replayed> {
  const hashes = prefixHashes(chain);
  const known = hashes.findLastIndex((hash) => prefixes.has(hash));
  const fold = openFold(prefixes.get(hashes[known] ?? '') ?? startingSchema(chain));
  let length = Math.max(known, 0);
  const migrations = await foldMigrations(fold, chain, chain.migrations.slice(length), tree, () => {
    length++;
    if (length % KEEP_EVERY === 0) prefixes.set(hashes[length] ?? '', fold.snapshot());
  });
  return { schema: fold.snapshot(), migrations };
}

/** What is gone with a chain. */
export async function endLine({ chain, schema }: FollowedChain): Promise<Followed['entries']> {
  await loadSqlReader(chain.dialect);
  return alterations(schema, matchIdentities(schema, startingSchema(chain))).map((one) => ({
    ...one,
    migration: one.span.path,
    rewritten: true,
  }));
}

/** The place in a migration that did it. */
function placeOf(one: Alteration, migration: ReplayedMigration): Span {
  const { file, steps } = migration;
  const start = { path: file.path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  return (
    operationOn(one, migration, 'identities') ?? lastRemoval(migration) ?? steps[0]?.statement.span ?? start
  );
}

/**
 * Where a migration defines an object, else its last operation on it. One that is known to have changed it may have done so by an
 * operation on its table: by identities; where it is one of several that may have, names must tell.
 */
function operationOn(
  one: Alteration,
  migration: ReplayedMigration,
  by: 'identities' | 'names',
): Span | undefined {
  const isOfTable = ({ tableId, tableName }: Applied) =>
    by === 'names' ? tableName !== undefined && tableName === one.table : tableId === one.tableId;
  const isOfColumn = ({ columnIds, columns }: Applied) =>
    by === 'names'
      ? columns.includes(one.name) || (one.formerName !== undefined && columns.includes(one.formerName))
      : columnIds.includes(one.columnId ?? 0);
  if (one.change !== 'removed' && one.span.path === migration.file.path) return one.span;
  const applied = appliedIn(migration);
  const isRename = ({ operation }: Applied) =>
    one.formerName !== undefined && RENAMES[one.object]?.includes(operation.kind) === true;
  const fits: readonly ((done: Applied) => boolean)[] = [
    (done) => isRename(done) && isOfTable(done) && (one.object === 'table' || isOfColumn(done)),
    (done) => one.object === 'column' && isTypeRenamed(one, done),
    (done) => one.columnId !== undefined && isOfTable(done) && isOfColumn(done),
    (done) =>
      done.objectName !== undefined &&
      isOfTable(done) &&
      (done.objectName === one.name || done.objectName === one.formerName),
    (done) => one.tableId !== undefined && isOfTable(done) && (by === 'identities' || one.object === 'table'),
  ];
  for (const fit of fits) {
    const found = applied.findLast(fit);
    if (found) return found.operation.span;
  }
  return undefined;
}

/** What gives tables and columns another name; that of other objects stands in {@link Applied.objectName}. */
const RENAMES: Partial<Record<Alteration['object'], readonly string[]>> = {
  table: ['rename-table', 'set-table-schema'],
  column: ['rename-column', 'redefine-column'],
};

/** A column whose type is called otherwise from then on. */
function isTypeRenamed({ before = '', after = '' }: Alteration, { operation }: Applied): boolean {
  if (operation.kind !== 'rename-type') return false;
  const isOf = (text: string, name: string) =>
    text
      .replaceAll('"', '')
      .split(/[ .[(]/)
      .includes(name);
  return isOf(before, operation.type.name) && isOf(after, operation.to);
}

/** What went along with another object, as with CASCADE. */
function lastRemoval(migration: ReplayedMigration): Span | undefined {
  return appliedIn(migration).findLast(({ operation }) => operation.kind.startsWith('drop-'))?.operation.span;
}

function appliedIn({ steps }: ReplayedMigration): readonly Applied[] {
  return steps.flatMap(({ applied }) => applied.filter(({ error, skipped }) => !error && !skipped));
}
