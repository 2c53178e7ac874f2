import type { QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Constraint, Index, Sequence, Table } from '../schema.ts';
import { dropOwnedSequences, newColumn, putSequence } from './column.ts';
import { indexName, withConstraint, withoutConstraint } from './constraint.ts';
import { type Draft, homeOf, keyOf, putTable, Refusal, removeTable } from './draft.ts';
import { findColumn, needFree, needTable } from './find.ts';
import { clipped } from './generated-name.ts';
import { dropViewsOn } from './view.ts';

type Create = Extract<Operation, { kind: 'create-table' }>;

/** CREATE TABLE in all its forms; refuses before it changes anything. */
export function createTable(draft: Draft, operation: Create): Table {
  const schema = operation.temporary ? 'pg_temp' : homeOf(draft, operation.table);
  if (!operation.temporary && !draft.schemas.has(schema))
    throw new Refusal('no such schema', `schema "${schema}" does not exist`, schema);
  const name = clipped(operation.table.name);
  needFree(draft, keyOf(draft, schema, name), name);
  const columnsBefore = draft.nextColumnId;
  try {
    return create(draft, operation, schema, name);
  } catch (error) {
    draft.nextColumnId = columnsBefore;
    throw error;
  }
}

function create(draft: Draft, operation: Create, schema: string, name: string): Table {
  const id = draft.nextTableId;
  const parent = operation.partitionOf ? needTable(draft, operation.partitionOf) : undefined;
  const bases = parent ? [parent] : (operation.inherits ?? []).map((one) => needTable(draft, one));
  const sequences: Sequence[] = [];
  const constraintsOnColumns: Create['constraints'][number][] = [];
  let table: Table = {
    id,
    schema,
    name,
    kind: parent ? 'partition' : 'table',
    columns: [],
    constraints: [],
    indexes: [],
    ...(bases[0] ? { parentId: bases[0].id } : {}),
    ...(operation.partitionBy ? { partitionBy: operation.partitionBy } : {}),
    ...(operation.temporary ? { temporary: true } : {}),
    span: operation.span,
  };
  for (const base of bases)
    table = { ...table, columns: [...table.columns, ...copies(draft, base, operation)] };
  for (const like of operation.like ?? [])
    table = withLike(draft, table, needTable(draft, like.table), like.including, operation);
  for (const definition of operation.columns) {
    constraintsOnColumns.push(...definition.constraints);
    if (bases.length > 0 && findColumn(draft, table, definition.name)) continue;
    if (findColumn(draft, table, definition.name))
      throw new Refusal(
        'already exists',
        `column "${definition.name}" specified more than once`,
        definition.name,
      );
    const { column, sequence } = newColumn(draft, table, definition);
    if (sequence) sequences.push(sequence);
    table = { ...table, columns: [...table.columns, column] };
  }
  if (operation.asQuery) table = { ...table, columns: columnsOfQuery(draft, operation) };
  for (const base of bases) table = withInherited(draft, table, base, operation);
  for (const constraint of [...constraintsOnColumns, ...operation.constraints])
    table = withConstraint(draft, table, constraint).table;
  draft.nextTableId = id + 1;
  putTable(draft, table);
  for (const sequence of sequences) putSequence(draft, sequence);
  return table;
}

function copies(draft: Draft, base: Table, { span }: Create) {
  return base.columns.map((column) => ({ ...column, id: draft.nextColumnId++, span }));
}

/** Checks are inherited by name; a partition also gets its parent's keys, foreign keys and indexes, with names of its own. */
function withInherited(draft: Draft, table: Table, base: Table, { span, partitionOf }: Create): Table {
  let grown = table;
  for (const constraint of base.constraints) {
    if (constraint.kind === 'check')
      grown = { ...grown, constraints: [...grown.constraints, { ...constraint, span }] };
    else if (partitionOf && constraint.kind === 'foreign key')
      grown = { ...grown, constraints: [...grown.constraints, { ...constraint, span }] };
    else if (partitionOf && (constraint.kind === 'primary key' || constraint.kind === 'unique')) {
      const { kind, columns } = constraint;
      grown = withConstraint(draft, grown, { kind, columns, span }).table;
    }
  }
  if (!partitionOf) return grown;
  for (const index of base.indexes)
    if (index.constraintName === undefined)
      grown = { ...grown, indexes: [...grown.indexes, clone(draft, grown, index, span)] };
  return grown;
}

function clone(draft: Draft, table: Table, index: Index, span: Index['span']): Index {
  const columns = index.columns.map((column) => column ?? 'expr').join('_');
  return { ...index, name: indexName(draft, table, undefined, columns, 'idx'), valid: true, span };
}

function withLike(
  draft: Draft,
  table: Table,
  source: Table,
  including: readonly string[],
  operation: Create,
): Table {
  const { span } = operation;
  const has = (option: string) => including.includes(option);
  const columns = source.columns.map(({ default: value, generated, identity, ...column }) => ({
    ...column,
    id: draft.nextColumnId++,
    span,
    ...(has('defaults') && value !== undefined ? { default: value } : {}),
    ...(has('generated') && generated !== undefined ? { generated } : {}),
    ...(has('identity') && identity ? { identity } : {}),
  }));
  let grown: Table = { ...table, columns: [...table.columns, ...columns] };
  for (const constraint of source.constraints) {
    if (constraint.kind === 'check' && has('constraints'))
      grown = { ...grown, constraints: [...grown.constraints, { ...constraint, span }] };
    if ((constraint.kind === 'primary key' || constraint.kind === 'unique') && has('indexes'))
      grown = withConstraint(draft, grown, {
        kind: constraint.kind,
        columns: constraint.columns,
        span,
      }).table;
  }
  if (has('indexes'))
    for (const index of source.indexes)
      if (index.constraintName === undefined)
        grown = { ...grown, indexes: [...grown.indexes, clone(draft, grown, index, span)] };
  return grown;
}

/** CREATE TABLE AS: names where they are certain; types are those of an unknown expression. */
function columnsOfQuery(draft: Draft, operation: Create): Table['columns'] {
  const type = { name: 'unknown', arguments: [], dimensions: 0 };
  const { outputs } = operation.asQuery ?? { outputs: undefined };
  if (!outputs) draft.tainted.set(operation.table.name.toLowerCase(), 'its columns come from a query');
  return (outputs ?? []).map((name) => ({
    id: draft.nextColumnId++,
    name,
    type,
    nullable: true,
    span: operation.span,
  }));
}

/** DROP TABLE. */
export function dropTable(draft: Draft, table: Table, cascade: boolean): void {
  const children = [...(draft.referencedBy.get(table.id) ?? [])].filter((id) => id !== table.id);
  const partitions = [...draft.tables.values()].filter((one) => one.parentId === table.id);
  const [inheriting] = partitions.filter((one) => one.kind !== 'partition');
  const [child] = children;
  const refuse = (by: string) => {
    const message = `cannot drop table ${table.name} because other objects depend on it: ${by}`;
    throw new Refusal('still referenced', message, table.name);
  };
  if (!cascade && child !== undefined) refuse(`a foreign key of table ${draft.tables.get(child)?.name}`);
  if (!cascade && inheriting) refuse(`table ${inheriting.name} inherits from it`);
  dropViewsOn(draft, { tableId: table.id }, cascade, `table ${table.name}`);
  for (const id of children) {
    const other = draft.tables.get(id);
    if (!other) continue;
    const hanging = other.constraints.filter(
      (one) => one.kind === 'foreign key' && one.refTableId === table.id,
    );
    putTable(
      draft,
      hanging.reduce((left: Table, one: Constraint) => withoutConstraint(left, one.name), other),
    );
  }
  for (const one of partitions) if (draft.tables.has(one.id)) dropTable(draft, one, cascade);
  dropOwnedSequences(draft, table.id);
  removeTable(draft, table);
}

/** RENAME TO. */
export function renameTable(draft: Draft, table: Table, to: string): Table {
  const name = clipped(to);
  needFree(draft, keyOf(draft, table.schema, name), name);
  const renamed = { ...table, name };
  putTable(draft, renamed);
  return renamed;
}

/** SET SCHEMA: its indexes and the sequences that it owns move along. */
export function moveTable(draft: Draft, table: Table, schema: string): Table {
  if (!draft.schemas.has(schema))
    throw new Refusal('no such schema', `schema "${schema}" does not exist`, schema);
  needFree(draft, keyOf(draft, schema, table.name), table.name);
  const moved = { ...table, schema };
  putTable(draft, moved);
  for (const [key, sequence] of [...draft.sequences])
    if (sequence.ownedBy?.tableId === table.id) {
      draft.sequences.delete(key);
      draft.relations.delete(key);
      putSequence(draft, { ...sequence, schema });
    }
  return moved;
}

/** ATTACH and DETACH PARTITION. */
export function setParent(draft: Draft, parent: Table, partition: QualifiedName, attach: boolean): Table {
  const child = needTable(draft, partition);
  const { parentId: _, ...free } = child;
  const changed: Table = attach
    ? { ...free, kind: 'partition', parentId: parent.id }
    : { ...free, kind: 'table' };
  putTable(draft, changed);
  return changed;
}
