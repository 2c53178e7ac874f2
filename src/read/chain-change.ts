import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Span } from '../change/span.ts';
import type { Applied } from '../schema/applied.ts';
import { compare, rebuildOperations } from '../schema/compare.ts';
import { openFold } from '../schema/fold.ts';
import { matchIdentities } from '../schema/match-identities.ts';
import type { Schema } from '../schema/schema.ts';
import { brokenMigrations } from './broken-migrations.ts';
import type { Chain, MigrationFile } from './chain.ts';
import { alteredMigrations, type EditedMigration, newMigrations, withReworded } from './edited-migrations.ts';
import { placeLost } from './place-lost.ts';
import { foldMigrations, foldSource, type ReplayedMigration, replay, startingSchema } from './replay.ts';
import { loadSqlReader } from './sql/read-sql.ts';

/** An operation that the change makes on the schema: applied, neither refused nor skipped. */
export interface ChangeOperation extends Applied {
  /** Path of the migration. */
  readonly migration: string;
  readonly inTransaction: boolean;
  /** It is only what an old migration, or a chain that is begun anew, says now: no database that ran the chain as it was runs it. */
  readonly unrun?: boolean;
}

/** One chain at both sides of a change. */
export interface ChainChange {
  /** Id of the chain at head, or at base where head has none. */
  readonly id: string;
  readonly base?: Chain;
  readonly head?: Chain;
  readonly baseSchema: Schema;
  readonly headSchema: Schema;
  /**
   * `same`: no migration differs. `appended`: every migration of base stands unchanged, and those that are new are folded
   * on top of base's schema, as a deployed database meets them. `rewritten`: some were edited, squashed, dropped or reordered.
   * `removed`: head has no such chain.
   */
  readonly kind: 'same' | 'appended' | 'rewritten' | 'removed';
  /** Head's new migrations (appended), or all of them (rewritten), read and folded. */
  readonly migrations: readonly ReplayedMigration[];
  /** Head's migrations whose name base lacks, in head's order. */
  readonly added: readonly MigrationFile[];
  readonly edited: readonly EditedMigration[];
  /** Paths of migrations that the change leaves as they are, and that no longer apply after what it makes of others. */
  readonly broken: readonly string[];
  /** A chain that base lacks and whose first migration is a dump or a baseline. */
  readonly baseline: boolean;
  /** In order: of the new migrations, or from comparing the two schemas. */
  readonly operations: readonly ChangeOperation[];
}

interface Sides {
  readonly base: Tree;
  readonly head: Tree;
}

/** Follows one chain from base to head. At least one of `base` and `head` is given. */
export async function followChain(
  base: Chain | undefined,
  head: Chain | undefined,
  trees: Sides,
  cache: Cache,
): Promise<ChainChange> {
  const some = head ?? base;
  if (!some) throw new Error('a chain needs a side');
  if (!head) {
    const { schema } = await replay(some, trees.base, cache, 'schema');
    return { ...unchanged(some.id, schema), base, kind: 'removed' };
  }
  if (!base) return followNew(head, trees.head);

  const altered = alteredMigrations(base, head);
  const edited = altered.filter(
    ({ file, as, reordered }) => !file.editable && (reordered || as?.id !== file.id),
  );
  const added = newMigrations(base, head);
  const baseSchema = await schemaBefore(base, head, altered.length === 0 ? added : undefined, trees, cache);
  const sides = { base, head, added, edited: await withReworded(edited, base, head, trees) };
  if (altered.length > 0) return { ...sides, ...(await followRewritten(sides, trees, baseSchema, cache)) };
  if (added.length === 0) return { ...unchanged(head.id, baseSchema), ...sides, kind: 'same' };
  return { ...sides, ...(await followAppended(head, added, trees.head, baseSchema)), baseline: false };
}

/**
 * The schema of base, as a part of the chain that head has: where its folder moved and base's migrations stand in it unchanged
 * (`added` are the others), all that they made stands where head has it.
 */
async function schemaBefore(
  base: Chain,
  head: Chain,
  added: readonly MigrationFile[] | undefined,
  trees: Sides,
  cache: Cache,
): Promise<Schema> {
  if (base.id === head.id || !added)
    return { ...(await replay(base, trees.base, cache, 'schema')).schema, chain: head.id };
  const migrations = head.migrations.filter((file) => !added.includes(file));
  return (await replay({ ...head, migrations }, trees.head, cache, 'schema')).schema;
}

async function followNew(head: Chain, tree: Tree): Promise<ChainChange> {
  await loadSqlReader(head.dialect);
  const appended = await followAppended(head, head.migrations, tree, startingSchema(head));
  return {
    ...appended,
    head,
    added: head.migrations,
    edited: [],
    baseline: isBaseline(appended.migrations[0]),
  };
}

async function followAppended(head: Chain, added: readonly MigrationFile[], tree: Tree, baseSchema: Schema) {
  await loadSqlReader(head.dialect);
  const fold = openFold(baseSchema);
  const migrations = await foldMigrations(fold, head, added, tree);
  const headSchema = fold.snapshot();
  const operations = migrations.flatMap((migration) => operationsOf(migration, head, headSchema));
  return {
    id: head.id,
    kind: 'appended' as const,
    baseSchema,
    headSchema,
    migrations,
    operations,
    broken: [],
  };
}

/** A chain whose new migrations are folded again, on a base of which more is known than its migrations say. */
export function followAgain(chain: ChainChange, baseSchema: Schema): ChainChange {
  const { head, kind } = chain;
  if (kind !== 'appended' || !head) return chain;
  const fold = openFold(baseSchema);
  const migrations = chain.migrations.map(({ file, source }) => ({
    ...{ file, source },
    steps: foldSource(fold, source),
  }));
  const headSchema = fold.snapshot();
  const operations = migrations.flatMap((migration) => operationsOf(migration, head, headSchema));
  return { ...chain, baseSchema, headSchema, migrations, operations };
}

async function followRewritten(
  { base, head, added, edited }: Required<Pick<ChainChange, 'base' | 'head' | 'added' | 'edited'>>,
  trees: Sides,
  baseSchema: Schema,
  cache: Cache,
) {
  const { schema, migrations } = await replay(head, trees.head, cache, 'sources');
  const headSchema = matchIdentities(baseSchema, schema);
  const { lost, made } = compare(baseSchema, headSchema);
  const news = new Set(added.map(({ path }) => path));
  const taken = takenAway(migrations.filter(({ file }) => news.has(file.path)));
  const placed = await placeLost(lost, base, head, trees);
  const operations = [...placed, ...made].map((applied, index) => {
    const said = index < lost.length ? taken.get(identity(applied)) : undefined;
    const { path } = applied.operation.span;
    const isRun = edited.length === 0 || said || (news.has(path) && index >= lost.length);
    const isAnew = index >= lost.length && news.has(path) && isMadeAnew(applied, baseSchema, headSchema);
    return {
      ...applied,
      ...(said ? { operation: { ...applied.operation, span: said } } : {}),
      migration: said?.path ?? path,
      inTransaction: head.transactional,
      ...(isRun && !isAnew ? {} : { unrun: true }),
    };
  });
  return {
    id: head.id,
    kind: 'rewritten' as const,
    baseSchema,
    headSchema,
    migrations,
    operations,
    broken: await brokenMigrations(base, trees.base, migrations, cache),
    baseline: false,
  };
}

/**
 * Whether it is what a chain that was begun anew says of a table that base's chain makes too, where it makes the table: where it
 * is, nothing alters it, and where it is not, it is new.
 */
function isMadeAnew({ tableId = 0, operation }: Applied, base: Schema, head: Schema): boolean {
  const made = head.tables.get(tableId);
  return (
    base.tables.has(tableId) &&
    made !== undefined &&
    (made.firstPath ?? made.span.path) === operation.span.path
  );
}

/** Where new migrations of a rewritten chain take something away. */
function takenAway(migrations: readonly ReplayedMigration[]): ReadonlyMap<string, Span> {
  const applied = migrations.flatMap(({ steps }) => steps.flatMap((step) => step.applied));
  return new Map(
    applied.flatMap((one) => (one.error || one.skipped ? [] : [[identity(one), one.operation.span]])),
  );
}

function identity({ operation, tableName, columns, objectName }: Applied): string {
  return JSON.stringify([operation.kind, tableName, columns, objectName]);
}

function unchanged(id: string, schema: Schema) {
  return {
    id,
    baseSchema: schema,
    headSchema: schema,
    migrations: [],
    added: [],
    edited: [],
    broken: [],
    baseline: false,
    operations: [],
  };
}

function operationsOf(
  migration: ReplayedMigration,
  chain: Chain,
  schema: Schema,
): readonly ChangeOperation[] {
  let open = migration.source.transactional ?? migration.file.transactional ?? chain.transactional;
  const operations: ChangeOperation[] = [];
  const anew = new Set(
    migration.steps.flatMap(({ applied }) =>
      applied.flatMap((one) => one.rebuilt?.after.name.toLowerCase() ?? []),
    ),
  );
  for (const { applied } of migration.steps)
    for (const one of applied) {
      const { operation } = one;
      if (operation.kind === 'transaction') open = staysOpen(operation.verb, open);
      const inTransaction = open;
      if (one.rebuilt)
        for (const net of rebuildOperations(one.rebuilt, schema, copiesOtherwise(migration)))
          operations.push({ ...net, migration: migration.file.path, inTransaction });
      const isStep = operation.rebuild && anew.has(operation.rebuild.table);
      if (!one.error && !one.skipped && !isStep)
        operations.push({ ...one, migration: migration.file.path, inTransaction: open });
    }
  return operations;
}

/** Whether a copy of rows leaves some out or puts a value in place of NULL. */
function copiesOtherwise({ source }: ReplayedMigration): boolean {
  return source.statements.some(
    ({ operations: [first], text }) =>
      first?.kind === 'write-rows' && /\b(coalesce|ifnull|iif|case|where)\b/i.test(text),
  );
}

function staysOpen(verb: string, open: boolean): boolean {
  if (verb === 'begin') return true;
  if (verb === 'commit' || verb === 'rollback') return false;
  return open;
}

/** pg_dump's header, or the names that tools give to the first migration of an existing database. */
function isBaseline(first: ReplayedMigration | undefined): boolean {
  if (!first) return false;
  const dumped = first.source.statements.some((statement) =>
    /pg_catalog\.set_config\('search_path'/.test(statement.text),
  );
  return dumped || isNamedBaseline(first.file);
}

/** Whether a migration's name says that it stands for a database that was there: Prisma's own `0_init`, not any first one. */
export function isNamedBaseline({ name }: Pick<MigrationFile, 'name'>): boolean {
  return /^0_init$|baseline|squash|remote_schema/i.test(name);
}
