import type { Span } from '../../change/span.ts';
import { type Alteration, alterations } from '../../schema/alterations.ts';
import type { Applied } from '../../schema/applied.ts';
import { matchIdentities } from '../../schema/match-identities.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Conflict } from './conflict.ts';
import { type Folded, firstOperations, foldOn, type Trouble, troublesOf } from './fold-on.ts';
import { nameDropped } from './name-dropped.ts';
import { nameMade, saysTheSame } from './name-made.ts';
import type { OpenMigration } from './open-change.ts';

/** Something of each of two changes that were made on one schema without each other. */
export interface Both<T> {
  readonly ours: T;
  readonly theirs: T;
}

/** Where migrations collide: each side is folded on the schema that both grew from, alone and after the other. */
export function collide(
  base: Schema,
  { ours, theirs }: Both<readonly OpenMigration[]>,
  alone: Both<Folded>,
): readonly Conflict[] {
  const ourFirst = foldOn(alone.ours.schema, theirs);
  const theirFirst = foldOn(alone.theirs.schema, ours);
  const conflicts = withoutEchoes([
    ...newTroubles(alone.theirs, ourFirst).map((one) => {
      const cause = causeOf(one, base, ours, theirs, alone.ours);
      return told(one, cause, 'ours', { ours: cause?.operation.span ?? startOf(ours), theirs: one.span });
    }),
    ...newTroubles(alone.ours, theirFirst).map((one) => {
      const cause = causeOf(one, base, theirs, ours, alone.theirs);
      return told(one, cause, 'theirs', { ours: one.span, theirs: cause?.operation.span ?? startOf(theirs) });
    }),
  ]);
  if (conflicts.some(isRefusal)) return conflicts;
  const differing = alterations(ourFirst.schema, matchIdentities(ourFirst.schema, theirFirst.schema));
  const twice = new Set(conflicts.flatMap((one) => (one.kind === 'made twice' ? one.name : [])));
  return [
    ...conflicts,
    ...differing
      .filter(({ name, table = '' }) => ![name, table, `${table}.${name}`].some((one) => twice.has(one)))
      .map((alteration) => ({
        kind: 'order matters' as const,
        alteration,
        ours: lastOn(alone.ours, alteration) ?? startOf(ours),
        theirs: lastOn(alone.theirs, alteration) ?? startOf(theirs),
      })),
  ];
}

/** One order does not run to its end: there is nothing to compare. */
function isRefusal(one: Conflict): boolean {
  return (
    one.kind === 'refused' ||
    one.kind === 'dropped twice' ||
    (one.kind === 'made twice' && one.second === 'refused')
  );
}

/** What is refused, or passed over, only since the other change was there before. */
function newTroubles(alone: Folded, behind: Folded): readonly Trouble[] {
  const known = new Set(troublesOf(alone).map(keyOf));
  return troublesOf(behind).filter((one) => !known.has(keyOf(one)));
}

function keyOf({ refused, span }: Pick<Trouble, 'refused' | 'span'>): string {
  return JSON.stringify([refused, span.path, span.line, span.column]);
}

function told(
  { applied, refused }: Trouble,
  cause: Applied | undefined,
  after: 'ours' | 'theirs',
  places: Both<Span>,
): Conflict {
  const name = nameMade(applied);
  if (name !== undefined && cause && nameMade(cause)?.toLowerCase() === name.toLowerCase()) {
    const same = saysTheSame(applied.operation, cause.operation);
    return { kind: 'made twice', name, same, second: refused ? 'refused' : 'passed over', ...places };
  }
  const dropped = nameDropped(applied.operation);
  if (dropped !== undefined && cause && nameDropped(cause.operation)?.toLowerCase() === dropped.toLowerCase())
    return { kind: 'dropped twice', name: dropped, ...places };
  const message = applied.error?.message ?? `${name} is there already, and is passed over`;
  return { kind: 'refused', after, message, ...places };
}

/** What both make or drop is found in both orders, and told once: refused where one order refuses it. */
function withoutEchoes(conflicts: readonly Conflict[]): readonly Conflict[] {
  const seen = new Set<string>();
  const worstFirst = [...conflicts.filter(isRefusal), ...conflicts.filter((one) => !isRefusal(one))];
  return worstFirst.filter((one) => {
    const key = JSON.stringify([one.kind, one.ours, one.theirs, one.kind === 'refused' && one.after]);
    return seen.size < seen.add(key).size;
  });
}

/** The operation of the change before, which was folded alone, with which the trouble begins. */
function causeOf(
  trouble: Trouble,
  base: Schema,
  before: readonly OpenMigration[],
  behind: readonly OpenMigration[],
  { steps }: Folded,
): Applied | undefined {
  const all = steps.flat().flatMap(({ applied }) => applied);
  const key = keyOf(trouble);
  let [none, some] = [0, all.length];
  while (some - none > 1) {
    const middle = (none + some) >> 1;
    const { schema } = foldOn(base, firstOperations(before, middle));
    if (troublesOf(foldOn(schema, behind)).some((one) => keyOf(one) === key)) some = middle;
    else none = middle;
  }
  return all[some - 1];
}

/** The last operation that concerns what differs. */
function lastOn({ steps }: Folded, { tableId, columnId, name, table }: Alteration): Span | undefined {
  const all = steps.flat().flatMap(({ applied }) => applied.filter(({ error }) => !error));
  const names = new Set([name.toLowerCase()]);
  const found =
    all.findLast(({ columnIds }) => columnId !== undefined && columnIds.includes(columnId)) ??
    all.findLast(({ objectName, columns, tableName }) =>
      [objectName, ...columns, tableName].some((one) => one !== undefined && names.has(one.toLowerCase())),
    ) ??
    all.findLast((one) => (tableId !== undefined && one.tableId === tableId) || one.tableName === table);
  return found?.operation.span;
}

function startOf([first]: readonly OpenMigration[]): Span {
  return { path: first?.file.path ?? '', line: 1, column: 1, endLine: 1, endColumn: 1 };
}
