import type { QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Index, Table, View } from '../schema.ts';
import { needFunctions } from './default.ts';
import { type Draft, setTable, setView } from './draft.ts';
import { dropConstraint } from './drop-constraint.ts';
import { namesIn } from './expression.ts';
import {
  childrenOf,
  current,
  findColumn,
  findRelation,
  findView,
  missing,
  needFree,
  needTable,
  parentOf,
} from './find.ts';
import { expressionWord, joinedColumns, relationName } from './generated-name.ts';
import { hangingOn, needPartitionColumns } from './key.ts';
import { needIndexable, needOperatorClass } from './operator-class.ts';
import { Refusal, stillReferenced } from './refusal.ts';

type Create = Extract<Operation, { kind: 'create-index' }>;

/** CREATE INDEX on a table or a materialized view; partitions get theirs. */
export function createIndex(
  draft: Draft,
  operation: Create,
): { readonly index: Index; readonly table?: Table } {
  const seen = findView(draft, operation.table);
  if (seen?.view.materialized) return { index: indexView(draft, operation, seen) };
  if (seen)
    throw new Refusal('wrong kind', `cannot create index on relation "${seen.view.name}": it is a view`, [
      seen.view.name,
    ]);
  const table = needTable(draft, operation.table, 'table');
  for (const column of columnsNamed(operation))
    if (!findColumn(draft, table, column))
      throw new Refusal('no such column', `column "${column}" does not exist`, [table.name]);
  if (table.partitionBy && operation.concurrently) {
    const message = `cannot create index on partitioned table "${table.name}" concurrently`;
    throw new Refusal('invalid definition', message, [table.name]);
  }
  needOperators(draft, table, operation);
  const keys = operation.keys.map((key) => columnOf(draft, table, key.column));
  if (operation.unique) needPartitionColumns(table, keys);
  const name = nameOf(draft, table, operation);
  const index = indexOf(operation, name, keys, !(operation.only && table.partitionBy));
  setTable(draft, table.id, { ...table, indexes: [...table.indexes, index] });
  if (table.partitionBy && !operation.only)
    for (const child of childrenOf(draft, table)) shareIndex(draft, child, index);
  return { index, table: current(draft, table.id) };
}

function columnOf(draft: Draft, table: Table, name: string | undefined): string | undefined {
  return name === undefined ? undefined : (findColumn(draft, table, name)?.name ?? name);
}

function columnsNamed(operation: Create): readonly string[] {
  const { keys, include, predicateColumns } = operation;
  const inKeys = keys.flatMap((key) => [
    ...(key.column === undefined ? [] : [key.column]),
    ...(key.expressionColumns ?? []),
  ]);
  return [...inKeys, ...include, ...(predicateColumns ?? [])];
}

function needOperators(draft: Draft, table: Table, operation: Create): void {
  for (const { column, expression, operatorClass } of operation.keys) {
    if (expression !== undefined) needFunctions(draft, namesIn(expression).calls);
    const found = column === undefined ? undefined : findColumn(draft, table, column);
    if (operatorClass !== undefined) needOperatorClass(draft, operatorClass, operation.method);
    else if (found) needIndexable(draft, found.type, operation.method);
  }
}

function nameOf(
  draft: Draft,
  on: { readonly schema: string; readonly name: string },
  operation: Create,
): string {
  if (operation.name !== undefined) {
    needFree(draft, on.schema, operation.name);
    return operation.name;
  }
  const words = [
    ...operation.keys.map((key) => key.column ?? expressionWord(key.expression ?? '')),
    ...operation.include,
  ];
  return relationName(draft, on.schema, { table: on.name, columns: joinedColumns(words), label: 'idx' });
}

function indexOf(operation: Create, name: string, columns: Index['columns'], valid: boolean): Index {
  const { keys, include, method, unique, nullsNotDistinct, predicate, predicateColumns, span } = operation;
  const named = [...keys.flatMap((key) => key.expressionColumns ?? []), ...(predicateColumns ?? [])];
  return {
    name,
    columns,
    expressions: keys.flatMap((key) => key.expression ?? []),
    ...modifiersOf(keys),
    dependsOn: [...new Set(named)],
    include,
    method,
    unique,
    ...(nullsNotDistinct ? { nullsNotDistinct } : {}),
    valid,
    ...(predicate === undefined ? {} : { predicate }),
    ...(operation.concurrently ? { concurrently: true as const } : {}),
    madeBy: 'user',
    span,
  };
}

/** What is written beside the keys that are columns; an expression's text has it. */
export function modifiersOf(keys: Create['keys']): Pick<Index, 'operatorClasses' | 'collations' | 'orders'> {
  const written = (part: 'operatorClass' | 'collation' | 'order') => {
    const found = keys.flatMap((key, at) =>
      key.column === undefined || key[part] === undefined ? [] : [[at, key[part]] as const],
    );
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  };
  const [operatorClasses, collations, orders] = [
    written('operatorClass'),
    written('collation'),
    written('order'),
  ];
  return {
    ...(operatorClasses ? { operatorClasses } : {}),
    ...(collations ? { collations } : {}),
    ...(orders ? { orders } : {}),
  };
}

/** Gives a partition the index of its parent, unless it has one like it. */
export function shareIndex(
  draft: Draft,
  child: Table,
  index: Index,
  madeBy: Index['madeBy'] = 'engine',
): void {
  if (child.indexes.some((one) => isAlike(one, index))) return;
  let expression = 0;
  const words = index.columns.map(
    (column) => column ?? expressionWord(index.expressions[expression++] ?? ''),
  );
  const columns = joinedColumns([...words, ...index.include]);
  const name = relationName(draft, child.schema, { table: child.name, columns, label: 'idx' });
  const own: Index = { ...index, name, valid: true, madeBy };
  setTable(draft, child.id, { ...child, indexes: [...child.indexes, own] });
  for (const below of childrenOf(draft, child)) shareIndex(draft, below, index);
}

/** Whether two indexes are over the same keys in the same way. */
function isAlike(a: Index, b: Index): boolean {
  const shape = (one: Index) =>
    JSON.stringify([one.columns, one.expressions, one.method, one.unique, one.predicate, one.include]);
  return shape(a) === shape(b);
}

function indexView(
  draft: Draft,
  operation: Create,
  { key, view }: { readonly key: string; readonly view: View },
): Index {
  const columns = operation.keys.map((one) => one.column);
  const index = indexOf(operation, nameOf(draft, view, operation), columns, true);
  setView(draft, key, { ...view, indexes: [...view.indexes, index] });
  return index;
}

/** An index and what it stands on. */
export interface FoundIndex {
  readonly index: Index;
  readonly table?: Table;
  readonly view?: { readonly key: string; readonly view: View };
}

/** The index of that name; refuses as PostgreSQL does: DROP misses an `index`, ALTER a `relation`. */
export function needIndex(draft: Draft, name: QualifiedName, word = 'relation'): FoundIndex {
  const found = findRelation(draft, name);
  const relation = found?.relation;
  if (relation?.kind === 'index') {
    const table = current(draft, relation.tableId);
    const index = table.indexes.find(
      (one) => findRelation(draft, { schema: table.schema, name: one.name })?.key === found?.key,
    );
    if (index) return { index, table };
  }
  if (relation?.kind === 'view index') {
    const view = draft.views.get(relation.view);
    const index = view?.indexes.find((one) => one.name === name.name);
    if (view && index) return { index, view: { key: relation.view, view } };
  }
  if (relation) throw new Refusal('wrong kind', `"${name.name}" is not an index`, [name.name]);
  throw missing(draft, 'no such index', word, name, 'object');
}

/** DROP INDEX; with CASCADE the foreign keys on it go too, and always the indexes of partitions that belong to it. */
export function dropIndex(draft: Draft, { index, table, view }: FoundIndex, cascade: boolean): void {
  if (view) {
    setView(draft, view.key, { ...view.view, indexes: view.view.indexes.filter((one) => one !== index) });
    return;
  }
  if (!table) return;
  if (index.constraintName !== undefined) {
    const message = `cannot drop index ${index.name} because constraint ${index.constraintName} on table ${table.name} requires it`;
    throw new Refusal('still referenced', message, [index.name, table.name]);
  }
  if (index.madeBy === 'engine' && table.parentId !== undefined) {
    const above = parentOf(draft, table)?.indexes.find((one) => isAlike(one, index))?.name;
    const message = `cannot drop index ${index.name} because index ${above ?? 'of its parent'} requires it`;
    throw new Refusal('still referenced', message, [index.name, table.name]);
  }
  removeIndex(draft, table, index, cascade);
}

function removeIndex(draft: Draft, table: Table, index: Index, cascade: boolean): void {
  releaseIndex(draft, table, index, cascade, `index ${index.name}`);
  const left = current(draft, table.id);
  setTable(draft, table.id, { ...left, indexes: left.indexes.filter((one) => one !== index) });
  if (!table.partitionBy) return;
  for (const child of childrenOf(draft, table)) {
    const own = child.indexes.find((one) => one.constraintName === undefined && isAlike(one, index));
    if (own) removeIndex(draft, child, own, cascade);
  }
}

/** Lets go of the foreign keys that hang on an index: refuses, or with `cascade` drops them. */
export function releaseIndex(draft: Draft, table: Table, index: Index, cascade: boolean, what: string): void {
  for (const { table: child, constraint } of hangingOn(draft, table, index)) {
    const dependent = `constraint ${constraint.name} on table ${child.name} depends on index ${index.name}`;
    if (!cascade) throw stillReferenced(what, dependent, [table.name, child.name]);
    if (current(draft, child.id).constraints.includes(constraint))
      dropConstraint(draft, child.id, constraint, true);
  }
}

/** ALTER INDEX … RENAME TO; the constraint that it stands behind takes the name along. */
export function renameIndex(draft: Draft, { index, table, view }: FoundIndex, to: string): void {
  const home = table ?? view?.view;
  if (home) needFree(draft, home.schema, to);
  const renamed = (one: Index): Index =>
    one === index
      ? { ...one, name: to, ...(one.constraintName === undefined ? {} : { constraintName: to }) }
      : one;
  if (view) setView(draft, view.key, { ...view.view, indexes: view.view.indexes.map(renamed) });
  if (!table) return;
  const constraints = table.constraints.map((one) =>
    one.name === index.constraintName ? { ...one, name: to } : one,
  );
  setTable(draft, table.id, { ...table, indexes: table.indexes.map(renamed), constraints });
}

/** ALTER INDEX … ATTACH PARTITION: the parent's index is valid once every partition has one like it. */
export function attachIndex(draft: Draft, { index, table }: FoundIndex): void {
  if (!table) return;
  const complete = childrenOf(draft, table).every((child) =>
    child.indexes.some((one) => isAlike(one, index)),
  );
  if (!complete || index.valid) return;
  const indexes = table.indexes.map((one) => (one === index ? { ...one, valid: true } : one));
  setTable(draft, table.id, { ...table, indexes });
}
