import type { Schema } from '../../schema/schema.ts';
import { loadSqlReader } from '../sql/read-sql.ts';
import { type Both, collide } from './collide.ts';
import type { Conflict } from './conflict.ts';
import { foldOn } from './fold-on.ts';
import type { Bases, NewUse, OpenChain, OpenChange, OpenMigration } from './open-change.ts';
import { openTaken, type Taken } from './taken.ts';

/** What became of two changes of one chain. */
export interface ChainConflicts {
  readonly chain: string;
  readonly conflicts: readonly Conflict[];
  /** Why the two were not judged. */
  readonly notJudged?: string;
}

/** Where two changes collide, on the schemas that they were made on: in migrations, and in what the code of one uses. */
export async function findConflicts(
  bases: Bases,
  ours: OpenChange,
  theirs: OpenChange,
): Promise<readonly ChainConflicts[]> {
  const found: ChainConflicts[] = [];
  for (const [id, base] of bases) {
    const both = { ours: chainOf(ours, id, base), theirs: chainOf(theirs, id, base) };
    const uses = { ours: ours.uses.filter(isOf(id)), theirs: theirs.uses.filter(isOf(id)) };
    const touches = { ours: isTouched(both.ours), theirs: isTouched(both.theirs) };
    const meets =
      (touches.ours && (touches.theirs || uses.theirs.length > 0)) ||
      (touches.theirs && uses.ours.length > 0);
    if (!meets) continue;
    const notJudged = both.ours.unknown ?? both.theirs.unknown;
    if (notJudged !== undefined) {
      found.push({ chain: id, conflicts: [], notJudged });
      continue;
    }
    await loadSqlReader(base.dialect);
    const conflicts = between(base, { ours: both.ours.migrations, theirs: both.theirs.migrations }, uses);
    found.push({ chain: id, conflicts });
  }
  return found;
}

function isOf(id: string): (use: NewUse) => boolean {
  return ({ chain }) => chain === id;
}

function isTouched({ migrations, unknown }: OpenChain): boolean {
  return unknown !== undefined || migrations.length > 0;
}

function chainOf({ chains }: OpenChange, id: string, { dialect }: Schema): OpenChain {
  const own = chains.find((chain) => chain.id === id && chain.dialect === dialect);
  return own ?? { id, dialect, migrations: [] };
}

function between(
  base: Schema,
  all: Both<readonly OpenMigration[]>,
  uses: Both<readonly NewUse[]>,
): readonly Conflict[] {
  const own = { ours: notAmong(all.ours, all.theirs), theirs: notAmong(all.theirs, all.ours) };
  const both = { ours: otherwiseNamed(own.ours, own.theirs), theirs: otherwiseNamed(own.theirs, own.ours) };
  const alone = { ours: foldOn(base, both.ours), theirs: foldOn(base, both.theirs) };
  const [ourTaken, theirTaken] = [openTaken(base, alone.ours), openTaken(base, alone.theirs)];
  return [
    ...sameNumbers(own),
    ...collide(base, both, alone),
    ...usesOfTaken(uses.ours, theirTaken).map(({ use, taken }) => ({
      ...{ kind: 'used' as const, by: 'ours' as const, ...namesOf(taken) },
      ...{ ours: use.span, theirs: taken.span },
    })),
    ...usesOfTaken(uses.theirs, ourTaken).map(({ use, taken }) => ({
      ...{ kind: 'used' as const, by: 'theirs' as const, ...namesOf(taken) },
      ...{ ours: taken.span, theirs: use.span },
    })),
  ];
}

/** Uses of what the other change takes away: in each file the first of each name. */
function usesOfTaken(uses: readonly NewUse[], takenBy: (use: NewUse) => Taken | undefined) {
  const told = new Set<string>();
  return uses.flatMap((use) => {
    const taken = takenBy(use);
    if (!taken) return [];
    const size = told.size;
    told.add(JSON.stringify([taken.name, use.span.path]));
    return told.size > size ? [{ use, taken }] : [];
  });
}

function namesOf({ name, renamedTo }: Taken) {
  return renamedTo === undefined ? { name } : { name, renamedTo };
}

/** Without the migrations that both have. */
function notAmong(
  migrations: readonly OpenMigration[],
  others: readonly OpenMigration[],
): readonly OpenMigration[] {
  return migrations.filter(
    ({ file }) => !others.some((other) => other.file.name === file.name && other.file.id === file.id),
  );
}

/** Without the migrations that the other side has otherwise: one of the two will be there, and git asks which. */
function otherwiseNamed(
  migrations: readonly OpenMigration[],
  others: readonly OpenMigration[],
): readonly OpenMigration[] {
  return migrations.filter(({ file }) => !others.some((other) => other.file.name === file.name));
}

/** Tools run what has one number in the order of its name, or once only. */
function sameNumbers({ ours, theirs }: Both<readonly OpenMigration[]>): readonly Conflict[] {
  return ours.flatMap(({ file: own }) =>
    theirs
      .filter(({ file: { name, order } }) => name === own.name || order === own.order)
      .map(({ file: { path } }) => ({
        kind: 'same number' as const,
        number: own.order,
        ours: startOf(own.path),
        theirs: startOf(path),
      })),
  );
}

function startOf(path: string) {
  return { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
