import type { Operation } from '../../operation.ts';
import type { Constraint, Index, Table } from '../../schema.ts';
import { type Draft, setTable } from '../draft.ts';
import { current, findColumn, sameName } from '../find.ts';
import { Refusal } from '../refusal.ts';
import { modifiersOf } from '../table-index.ts';
import { cannotDrop, needKeyColumn } from './need.ts';

/** Whether an index starts with the columns, in any order: what a foreign key needs at either end. */
export function leads(index: Index, columns: readonly string[]): boolean {
  if (index.method === 'fulltext' || index.method === 'spatial') return false;
  const first = index.columns.slice(0, columns.length);
  return first.length === columns.length && columns.every((column) => first.includes(column));
}

/** The name that MySQL gives an index without one: its first column's, numbered from 2 where that is taken. */
export function freeIndexName(table: Table, column: string): string {
  const wanted = column || 'functional_index';
  for (let pass = 1; ; pass++) {
    const name = pass === 1 ? wanted : `${wanted}_${pass}`;
    if (!table.indexes.some((one) => one.name.toLowerCase() === name.toLowerCase())) return name;
  }
}

function needFree(draft: Draft, table: Table, name: string): void {
  const there = table.indexes.find((one) => sameName(draft, one.name, name));
  if (there && there.madeBy !== 'engine')
    throw new Refusal('already exists', `Duplicate key name '${name}'`, [name, table.name], 'object');
}

/** CREATE INDEX, ADD INDEX and KEY among the columns. */
export function addIndex(
  draft: Draft,
  id: number,
  operation: Extract<Operation, { kind: 'create-index' }>,
): Index {
  const table = current(draft, id);
  const { keys, method, unique, span } = operation;
  const columns = keys.map((key) =>
    key.column === undefined ? undefined : needKeyColumn(draft, table, key.column).name,
  );
  const name = operation.name ?? freeIndexName(table, columns[0] ?? '');
  needFree(draft, table, name);
  const named = keys.flatMap((key) => key.expressionColumns ?? []);
  const index: Index = {
    ...{
      name,
      columns,
      expressions: keys.flatMap((key) => key.expression ?? []),
      include: [],
      method,
      unique,
    },
    ...modifiersOf(keys),
    dependsOn: [...new Set(named.flatMap((one) => findColumn(draft, table, one)?.name ?? []))],
    ...{ valid: true, madeBy: 'user', span },
  };
  push(draft, table, index);
  return index;
}

/** The index behind a key, or the one that InnoDB makes for a foreign key. */
export function addKeyIndex(draft: Draft, id: number, { kind, name, columns, span }: Constraint): void {
  const table = current(draft, id);
  needFree(draft, table, name);
  const made =
    kind === 'foreign key'
      ? ({ madeBy: 'engine' } as const)
      : ({ madeBy: 'constraint', constraintName: name } as const);
  push(draft, table, {
    ...{ name, columns, expressions: [], dependsOn: [], include: [], method: 'btree' },
    ...{ unique: kind !== 'foreign key', valid: true, ...made, span },
  });
}

/** An index of InnoDB's own goes when another one serves as well. */
function push(draft: Draft, table: Table, index: Index): void {
  const kept = table.indexes.filter(
    (one) =>
      one.madeBy !== 'engine' ||
      !leads(
        index,
        one.columns.flatMap((column) => column ?? []),
      ),
  );
  setTable(draft, table.id, { ...table, indexes: [...kept, index] });
}

/** Refuses to let an index go that a foreign key, at either end, needs and no other index can serve. */
export function needUnneeded(draft: Draft, table: Table, index: Index): void {
  const others = table.indexes.filter((one) => one !== index);
  const isNeeded = (columns: readonly string[]) =>
    leads(index, columns) && !others.some((one) => leads(one, columns));
  const own = table.constraints.some((one) => one.kind === 'foreign key' && isNeeded(one.columns));
  const foreign = [...(draft.referencedBy.get(table.id) ?? [])].some((id) =>
    current(draft, id).constraints.some(
      (one) => one.kind === 'foreign key' && one.refTableId === table.id && isNeeded(one.refColumns),
    ),
  );
  if (!own && !foreign) return;
  const message = `Cannot drop index '${index.name}': needed in a foreign key constraint`;
  throw new Refusal('still referenced', message, [index.name, table.name]);
}

function needIndex(draft: Draft, table: Table, name: string): Index {
  const index = table.indexes.find((one) => sameName(draft, one.name, name));
  if (index) return index;
  throw cannotDrop('no such index', name, table);
}

/** DROP INDEX; a unique constraint is its index and goes with it. */
export function dropIndex(draft: Draft, id: number, name: string, replaced: boolean): Index {
  const table = current(draft, id);
  const index = needIndex(draft, table, name);
  if (!replaced) needUnneeded(draft, table, index);
  setTable(draft, id, {
    ...table,
    indexes: table.indexes.filter((one) => one !== index),
    constraints: table.constraints.filter(
      (one) => one.kind === 'foreign key' || one.name !== index.constraintName,
    ),
  });
  return index;
}

/** RENAME INDEX; a unique constraint takes the name too. */
export function renameIndex(draft: Draft, id: number, name: string, to: string): Index {
  const table = current(draft, id);
  const found = table.indexes.find((one) => sameName(draft, one.name, name));
  if (!found)
    throw new Refusal('no such index', `Key '${name}' doesn't exist in table '${table.name}'`, [
      name,
      table.name,
    ]);
  needFree(draft, table, to);
  const renamed = {
    ...found,
    name: to,
    ...(found.constraintName === undefined ? {} : { constraintName: to }),
  };
  setTable(draft, id, {
    ...table,
    indexes: table.indexes.map((one) => (one === found ? renamed : one)),
    constraints: table.constraints.map((one) =>
      found.constraintName !== undefined && one.name === found.constraintName && one.kind === 'unique'
        ? { ...one, name: to }
        : one,
    ),
  });
  return renamed;
}
