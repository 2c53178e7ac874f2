import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Span } from '../change/span.ts';
import { type Alteration, alterations } from '../schema/alterations.ts';
import type { Applied } from '../schema/applied.ts';
import { openFold } from '../schema/fold.ts';
import { matchIdentities } from '../schema/match-identities.ts';
import { nameText } from '../schema/name.ts';
import type { Operation } from '../schema/operation.ts';
import type { Schema } from '../schema/schema.ts';
import type { Chain, MigrationFile, NamedChain } from './chain.ts';
import { alteredMigrations, newMigrations } from './edited-migrations.ts';
import { findChains } from './find-chains.ts';
import { foldMigrations, type ReplayedMigration, replay, startingSchema } from './replay.ts';
import { loadSqlReader } from './sql/read-sql.ts';

/** Two changes that grew from one commit. */
export interface Sides {
  readonly base: Tree;
  readonly ours: Tree;
  readonly theirs: Tree;
}

/** One thing about which two changes disagree. */
export type Conflict =
  /** A migration that applies by itself no longer does after the other change. */
  | {
      readonly kind: 'refused';
      readonly after: 'ours' | 'theirs';
      readonly message: string;
      readonly span: Span;
    }
  /** Both make it, and the one that comes second is passed over: IF NOT EXISTS. */
  | {
      readonly kind: 'made twice';
      readonly after: 'ours' | 'theirs';
      readonly name: string;
      readonly span: Span;
    }
  /** Both orders apply, and leave different schemas: `alteration` leads from ours first to theirs first. */
  | { readonly kind: 'order matters'; readonly alteration: Alteration }
  /** Both add a migration of this name or number. */
  | { readonly kind: 'same number'; readonly number: string; readonly ours: string; readonly theirs: string };

/** What became of two changes of one chain. */
export interface ChainConflicts {
  readonly chain: string;
  readonly conflicts: readonly Conflict[];
  /** Why the two were not judged. */
  readonly notJudged?: string;
}

/** Where two changes collide: each is folded on the schema that both grew from, alone and after the other. */
export async function findConflicts(
  { base, ours, theirs }: Sides,
  named: readonly NamedChain[],
  cache: Cache,
): Promise<readonly ChainConflicts[]> {
  const [before, mine, others] = [
    await findChains(base, named),
    await findChains(ours, named),
    await findChains(theirs, named),
  ];
  const found: ChainConflicts[] = [];
  for (const own of mine) {
    const other = others.find(({ id, dialect }) => id === own.id && dialect === own.dialect);
    const root = before.find(({ id }) => id === own.id);
    if (!other) continue;
    const [a, b] = [freshOf(root, own), freshOf(root, other)];
    const isShared = (file: MigrationFile, among: readonly MigrationFile[]) =>
      among.some(({ name, id }) => name === file.name && id === file.id);
    const sides = {
      ours: { chain: own, tree: ours, files: a.filter((file) => !isShared(file, b)) },
      theirs: { chain: other, tree: theirs, files: b.filter((file) => !isShared(file, a)) },
    };
    if (sides.ours.files.length === 0 || sides.theirs.files.length === 0) continue;
    const edited = root && [own, other].some((chain) => alteredMigrations(root, chain).length > 0);
    if (edited) {
      const notJudged = 'one of the two edits, moves or removes migrations that were there';
      found.push({ chain: own.id, conflicts: [], notJudged });
      continue;
    }
    await loadSqlReader(own.dialect);
    const schema = root ? (await replay(root, base, cache, 'schema')).schema : startingSchema(own);
    found.push({ chain: own.id, conflicts: await between(schema, sides.ours, sides.theirs) });
  }
  return found;
}

interface Side {
  readonly chain: Chain;
  readonly tree: Tree;
  readonly files: readonly MigrationFile[];
}

function freshOf(root: Chain | undefined, chain: Chain): readonly MigrationFile[] {
  return root ? newMigrations(root, chain) : chain.migrations;
}

async function between(schema: Schema, all: Side, others: Side): Promise<readonly Conflict[]> {
  const [ours, theirs] = [without(all, others.files), without(others, all.files)];
  const alone = { ours: await foldOn(schema, ours), theirs: await foldOn(schema, theirs) };
  const ourFirst = await foldOn(alone.ours.schema, theirs);
  const theirFirst = await foldOn(alone.theirs.schema, ours);
  const conflicts: Conflict[] = [
    ...sameNumbers(all.files, others.files),
    ...refusals(alone.theirs.migrations, ourFirst.migrations, 'ours'),
    ...refusals(alone.ours.migrations, theirFirst.migrations, 'theirs'),
  ];
  if (conflicts.some(({ kind }) => kind === 'refused')) return conflicts;
  const differing = alterations(ourFirst.schema, matchIdentities(ourFirst.schema, theirFirst.schema));
  return [...conflicts, ...differing.map((alteration) => ({ kind: 'order matters' as const, alteration }))];
}

/** Without the migrations that the other side has otherwise: one of the two will be there, and git asks which. */
function without(side: Side, others: readonly MigrationFile[]): Side {
  return { ...side, files: side.files.filter(({ name }) => !others.some((other) => other.name === name)) };
}

async function foldOn(schema: Schema, { chain, tree, files }: Side) {
  const fold = openFold(schema);
  const migrations = await foldMigrations(fold, chain, files, tree);
  return { schema: fold.snapshot(), migrations };
}

/** What is refused, or passed over, only since the other change was there before. */
function refusals(
  alone: readonly ReplayedMigration[],
  behind: readonly ReplayedMigration[],
  after: 'ours' | 'theirs',
): readonly Conflict[] {
  const known = new Set(outcomesOf(alone, after).map(keyOf));
  return outcomesOf(behind, after).filter((one) => !known.has(keyOf(one)));
}

type Outcome = Extract<Conflict, { readonly after: string }>;

function keyOf({ kind, span }: Outcome): string {
  return JSON.stringify([kind, span.path, span.line, span.column]);
}

/** Of a migration only its first refusal: the database stops there. */
function outcomesOf(migrations: readonly ReplayedMigration[], after: 'ours' | 'theirs'): readonly Outcome[] {
  return migrations.flatMap(({ steps }) => {
    const outcomes = steps.flatMap(({ applied }) => outcomesOfSteps(applied, after));
    const first = outcomes.findIndex(({ kind }) => kind === 'refused');
    return first < 0 ? outcomes : outcomes.slice(0, first + 1);
  });
}

function outcomesOfSteps(applied: readonly Applied[], after: 'ours' | 'theirs'): readonly Outcome[] {
  return applied.flatMap(({ error, skipped, operation, objectName, tableName }): readonly Outcome[] => {
    if (error && !error.tainted)
      return [{ kind: 'refused', after, message: error.message, span: error.span }];
    const isMade = /^(create-|add-)/.test(operation.kind);
    const name = nameMade(operation) ?? objectName ?? tableName ?? '';
    return skipped && isMade ? [{ kind: 'made twice', after, name, span: operation.span }] : [];
  });
}

/** What an operation that was passed over would have made. */
function nameMade(operation: Operation): string | undefined {
  if (operation.kind === 'add-column') return `${nameText(operation.table)}.${operation.column.name}`;
  if (operation.kind === 'create-index') return operation.name;
  return undefined;
}

/** Tools run what has one number in the order of its name, or once only. */
function sameNumbers(ours: readonly MigrationFile[], theirs: readonly MigrationFile[]): readonly Conflict[] {
  return ours.flatMap((own) =>
    theirs
      .filter(({ name, order }) => name === own.name || order === own.order)
      .map(({ path }) => ({ kind: 'same number' as const, number: own.order, ours: own.path, theirs: path })),
  );
}
