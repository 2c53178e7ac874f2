import type { Rebuilt } from '../applied.ts';
import type { Operation } from '../operation.ts';
import type { Column, Table } from '../schema.ts';
import { followIdentity } from './dangling.ts';
import { type Draft, setTable, setTriggers } from './draft.ts';
import { current, findTableIn, sameName } from './find.ts';

/** Before a step of a rebuild is taken: keeps the table as it was when it first leaves its name, and the copy of its rows. */
export function watchRebuild(draft: Draft, operation: Operation): void {
  const { rebuild } = operation;
  const filled =
    operation.kind === 'write-rows' && operation.verb === 'insert'
      ? findTableIn(draft, operation.table)
      : undefined;
  if (filled && operation.kind === 'write-rows') draft.copies.set(filled.id, operation);
  if (!rebuild || (operation.kind !== 'drop-table' && operation.kind !== 'rename-table')) return;
  const key = rebuild.table.toLowerCase();
  const table = findTableIn(draft, operation.table);
  if (table && sameName(draft, table.name, rebuild.table) && !draft.rebuilding.has(key))
    draft.rebuilding.set(key, table);
}

/**
 * After the last step: the new table gets the identity of the old one, and so do the columns that its columns were copied
 * to, or those of the same name where the copy does not tell. One that is copied to two keeps to its own name.
 */
export function settleRebuild(draft: Draft, operation: Operation): Rebuilt | undefined {
  const { rebuild } = operation;
  if (!rebuild?.last) return undefined;
  const key = rebuild.table.toLowerCase();
  const before = draft.rebuilding.get(key);
  const interim = findTableIn(draft, { name: rebuild.table });
  draft.rebuilding.delete(key);
  if (!before || !interim || interim.id === before.id || draft.tables.has(before.id)) return undefined;
  const { sources, given } = copyInto(draft, interim);
  const followed = new Set<number>();
  const follow = (column: Column, from: string): Column | undefined => {
    const former = before.columns.find((one) => sameName(draft, one.name, from));
    if (!former || followed.has(former.id)) return undefined;
    followed.add(former.id);
    return { ...column, id: former.id, ...firstPath(former, column) };
  };
  const sourceOf = ({ name }: Column) => sources.get(name.toLowerCase()) ?? name;
  const kept = interim.columns.map((one) =>
    sameName(draft, sourceOf(one), one.name) ? follow(one, one.name) : undefined,
  );
  const columns = interim.columns.map((one, at) => kept[at] ?? follow(one, sourceOf(one)) ?? one);
  const triggers = draft.triggers.get(interim.id) ?? [];
  setTriggers(draft, interim.id, []);
  followIdentity(draft, interim.id, before.id);
  const now = current(draft, interim.id);
  setTable(draft, interim.id, undefined);
  setTable(draft, before.id, { ...now, id: before.id, columns, ...firstPath(before, now) });
  const moved = triggers.map((one) => ({ ...one, tableId: before.id }));
  if (moved.length > 0) setTriggers(draft, before.id, moved);
  return { before, after: current(draft, before.id), interimId: interim.id, given };
}

/** What is made anew keeps the file that made it first. */
export function firstPath(
  before: Pick<Table, 'firstPath' | 'span'>,
  { span }: Pick<Table, 'span'>,
): Pick<Table, 'firstPath'> {
  const path = before.firstPath ?? before.span.path;
  return path === span.path ? {} : { firstPath: path };
}

/** Which column of the source each column was copied from, by lower-case name, and which columns the copy gives a value. */
function copyInto(draft: Draft, { id, columns }: Table) {
  const copy = draft.copies.get(id);
  const written = copy && copy.columns.length > 0 ? copy.columns : columns.map((column) => column.name);
  const sources = new Map(
    (copy?.copied ?? []).flatMap((from, i) => {
      const to = written[i];
      return from === undefined || to === undefined ? [] : [[to.toLowerCase(), from] as const];
    }),
  );
  const given = copy
    ? columns.flatMap(({ name }) => (written.some((one) => sameName(draft, one, name)) ? name : []))
    : [];
  return { sources, given };
}
