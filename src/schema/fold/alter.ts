import type { Operation } from '../operation.ts';
import type { Column, Constraint, Table } from '../schema.ts';
import {
  dropOwnedSequences,
  putSequence,
  withChanged,
  withColumn,
  withoutColumn,
  withRenamed,
} from './column.ts';
import { releaseKey, withConstraint, withoutConstraint } from './constraint.ts';
import { type Draft, putTable, Refusal } from './draft.ts';
import { findColumn, needColumn } from './find.ts';
import { clipped } from './generated-name.ts';
import { needType } from './type.ts';
import { dropViewsOn } from './view.ts';

/** What an ALTER TABLE left, and what it was about. */
export interface Altered {
  readonly table: Table;
  readonly columns?: readonly Column[];
  readonly constraint?: Constraint;
}

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** ADD COLUMN; partitions and inheriting tables get it too. */
export function addColumn(draft: Draft, table: Table, operation: On<'add-column'>): Altered {
  const { table: grown, column, sequence } = withColumn(draft, table, operation.column);
  putTable(draft, grown);
  if (sequence) putSequence(draft, sequence);
  for (const child of childrenOf(draft, table)) {
    if (findColumn(draft, child, column.name)) continue;
    const copy = { ...column, id: draft.nextColumnId++ };
    putTable(draft, { ...child, columns: [...child.columns, copy] });
  }
  return { table: grown, columns: [column] };
}

function childrenOf(draft: Draft, table: Table): readonly Table[] {
  if (!table.partitionBy && ![...draft.tables.values()].some((one) => one.parentId === table.id)) return [];
  return [...draft.tables.values()].filter((one) => one.parentId === table.id);
}

/** DROP COLUMN, with the indexes and constraints that name it. */
export function dropColumn(draft: Draft, table: Table, operation: On<'drop-column'>): Altered {
  const column = needColumn(draft, table, operation.column);
  const what = `column ${column.name} of table ${table.name}`;
  dropViewsOn(draft, { tableId: table.id, column: column.name }, operation.cascade, what);
  for (const index of table.indexes)
    if (index.unique && index.columns.includes(column.name))
      releaseKey(
        draft,
        table,
        index.columns.flatMap((name) => name ?? []),
        operation.cascade,
        index.name,
      );
  const left = withoutColumn(draft, draft.tables.get(table.id) ?? table, column.name);
  putTable(draft, left);
  dropOwnedSequences(draft, table.id, column.name);
  for (const child of childrenOf(draft, table)) putTable(draft, withoutColumn(draft, child, column.name));
  return { table: left, columns: [column] };
}

/** RENAME COLUMN, followed through everything that names it. */
export function renameColumn(draft: Draft, table: Table, operation: On<'rename-column'>): Altered {
  const column = needColumn(draft, table, operation.column);
  const to = clipped(operation.to);
  if (findColumn(draft, table, to))
    throw new Refusal(
      'already exists',
      `column "${to}" of relation "${table.name}" already exists`,
      to,
      table.name,
    );
  const renamed = withRenamed(table, column.name, to);
  putTable(draft, renamed);
  for (const id of [...(draft.referencedBy.get(table.id) ?? [])]) {
    const child = draft.tables.get(id);
    if (child && id !== table.id) putTable(draft, renameReference(child, table.id, column.name, to));
  }
  for (const [key, sequence] of draft.sequences)
    if (sequence.ownedBy?.tableId === table.id && sequence.ownedBy.column === column.name)
      draft.sequences.set(key, { ...sequence, ownedBy: { tableId: table.id, column: to } });
  for (const [key, view] of draft.views) {
    const from = `${table.id}.${column.name}`;
    if (view.dependsOnColumns.includes(from))
      draft.views.set(key, {
        ...view,
        dependsOnColumns: view.dependsOnColumns.map((one) => (one === from ? `${table.id}.${to}` : one)),
      });
  }
  for (const child of childrenOf(draft, table)) putTable(draft, withRenamed(child, column.name, to));
  return { table: renamed, columns: [{ ...column, name: to }] };
}

function renameReference(child: Table, parentId: number, from: string, to: string): Table {
  const constraints = child.constraints.map((one) =>
    one.kind === 'foreign key' && one.refTableId === parentId
      ? { ...one, refColumns: one.refColumns.map((name) => (name === from ? to : name)) }
      : one,
  );
  return { ...child, constraints };
}

/** ALTER COLUMN in its forms that change the column alone. */
export function changeColumn(
  draft: Draft,
  table: Table,
  operation: On<
    | 'alter-type'
    | 'set-default'
    | 'drop-default'
    | 'set-not-null'
    | 'drop-not-null'
    | 'set-identity'
    | 'drop-identity'
    | 'drop-generated'
  >,
): Altered {
  const column = needColumn(draft, table, operation.column);
  const change = changeOf(draft, table, column, operation);
  const changed = withChanged(table, column, change);
  putTable(draft, changed);
  for (const child of childrenOf(draft, table)) {
    const own = findColumn(draft, child, column.name);
    if (own) putTable(draft, withChanged(child, own, change));
  }
  return { table: changed, columns: [{ ...column, ...change }] };
}

function changeOf(
  draft: Draft,
  table: Table,
  column: Column,
  operation: Parameters<typeof changeColumn>[2],
): Partial<Column> {
  switch (operation.kind) {
    case 'alter-type': {
      needType(draft, operation.type);
      for (const view of draft.views.values())
        if (view.dependsOnColumns.includes(`${table.id}.${column.name}`))
          throw new Refusal(
            'still referenced',
            `cannot alter type of a column used by a view or rule: view ${view.name}`,
            view.name,
            table.name,
          );
      return { type: operation.type };
    }
    case 'set-default':
      return { default: operation.expression };
    case 'drop-default':
      return { default: undefined };
    case 'set-not-null':
      return { nullable: false };
    case 'drop-not-null':
      if (table.constraints.some((one) => one.kind === 'primary key' && one.columns.includes(column.name)))
        throw new Refusal(
          'invalid definition',
          `column "${column.name}" is in a primary key`,
          column.name,
          table.name,
        );
      return { nullable: true };
    case 'set-identity':
      return { identity: operation.identity };
    case 'drop-identity':
      return { identity: undefined };
    case 'drop-generated':
      return { generated: undefined };
  }
}

/** ADD CONSTRAINT. */
export function addConstraint(draft: Draft, table: Table, operation: On<'add-constraint'>): Altered {
  const { table: grown, constraint } = withConstraint(draft, table, operation.constraint);
  putTable(draft, grown);
  if (grown.partitionBy) shareWithPartitions(draft, grown, operation);
  const columns = constraint.columns.flatMap((name) => findColumn(draft, grown, name) ?? []);
  return { table: grown, constraint, columns };
}

function shareWithPartitions(draft: Draft, parent: Table, { constraint, span }: On<'add-constraint'>): void {
  for (const child of childrenOf(draft, parent)) {
    const { name: _, ...unnamed } = constraint;
    const same = constraint.kind === 'check' ? constraint : { ...unnamed, span };
    putTable(draft, withConstraint(draft, child, same).table);
  }
}

/** DROP CONSTRAINT; a key takes its index along, and with CASCADE the foreign keys on it. */
export function dropConstraint(draft: Draft, table: Table, operation: On<'drop-constraint'>): Altered {
  const constraint = needConstraint(table, operation.name);
  if (constraint.kind === 'primary key' || constraint.kind === 'unique')
    releaseKey(draft, table, constraint.columns, operation.cascade, constraint.name);
  const left = withoutConstraint(draft.tables.get(table.id) ?? table, constraint.name);
  putTable(draft, left);
  for (const child of childrenOf(draft, table)) putTable(draft, withoutConstraint(child, constraint.name));
  return { table: left, constraint, columns: columnsOf(draft, table, constraint) };
}

function columnsOf(draft: Draft, table: Table, constraint: Constraint): readonly Column[] {
  return constraint.columns.flatMap((name) => findColumn(draft, table, name) ?? []);
}

/** RENAME CONSTRAINT; the index behind it takes the name too. */
export function renameConstraint(draft: Draft, table: Table, operation: On<'rename-constraint'>): Altered {
  const constraint = needConstraint(table, operation.name);
  const name = clipped(operation.to);
  if (table.constraints.some((one) => one.name === name))
    throw new Refusal(
      'already exists',
      `constraint "${name}" for relation "${table.name}" already exists`,
      name,
    );
  const renamed: Table = {
    ...table,
    constraints: table.constraints.map((one) => (one === constraint ? { ...one, name } : one)),
    indexes: table.indexes.map((one) =>
      one.constraintName === constraint.name ? { ...one, name, constraintName: name } : one,
    ),
  };
  putTable(draft, renamed);
  return {
    table: renamed,
    constraint: { ...constraint, name },
    columns: columnsOf(draft, table, constraint),
  };
}

/** VALIDATE CONSTRAINT. */
export function validateConstraint(
  draft: Draft,
  table: Table,
  operation: On<'validate-constraint'>,
): Altered {
  const constraint = needConstraint(table, operation.name);
  const validated = {
    ...table,
    constraints: table.constraints.map((one) => (one === constraint ? { ...one, validated: true } : one)),
  };
  putTable(draft, validated);
  return { table: validated, constraint, columns: columnsOf(draft, table, constraint) };
}

function needConstraint(table: Table, name: string): Constraint {
  const constraint = table.constraints.find((one) => one.name === name);
  if (constraint) return constraint;
  throw new Refusal(
    'no such constraint',
    `constraint "${name}" of relation "${table.name}" does not exist`,
    name,
    table.name,
  );
}
