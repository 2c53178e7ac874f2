import type { ColumnDefinition, ConstraintDefinition, Operation } from '../operation.ts';
import type { Column, Table } from '../schema.ts';
import { markNotNull, newColumn, ownSequence } from './column.ts';
import { addConstraint } from './constraint.ts';
import { checkDefault, keptDefault } from './default.ts';
import { type Draft, homeOf, setTable } from './draft.ts';
import { current, findColumn, needFree, needFreeType, needTable } from './find.ts';
import { keyLike } from './key.ts';
import { boundOf, shareParent } from './partition.ts';
import { resolveQuery } from './query.ts';
import { columnsOfQuery } from './query-columns.ts';
import { at, Refusal } from './refusal.ts';
import { shareIndex } from './table-index.ts';
import { taint } from './taint.ts';

type Create = Extract<Operation, { kind: 'create-table' }>;

/** CREATE TABLE in all its forms. */
export function createTable(draft: Draft, operation: Create): Table {
  const schema = operation.temporary ? 'pg_temp' : homeOf(draft, operation.table);
  const { name } = operation.table;
  needFree(draft, schema, name);
  at(operation.span, () => needFreeType(draft, schema, name));
  const parent = operation.partitionOf && needTable(draft, operation.partitionOf);
  if (parent && !parent.partitionBy)
    throw new Refusal('wrong kind', `"${parent.name}" is not partitioned`, [parent.name]);
  const bases = parent ? [parent] : (operation.inherits ?? []).map((one) => needTable(draft, one));
  const table: Table = {
    ...{ id: draft.nextTableId++, schema, name },
    kind: parent ? 'partition' : 'table',
    columns: [],
    constraints: [],
    indexes: [],
    ...(bases[0] ? { parentId: bases[0].id } : {}),
    ...(operation.partitionBy ? { partitionBy: operation.partitionBy } : {}),
    ...boundOf(operation.partitionBound),
    ...(operation.temporary ? { temporary: true } : {}),
    span: operation.span,
  };
  setTable(draft, table.id, table);
  for (const base of bases) inheritColumns(draft, table.id, base, operation);
  for (const like of operation.like ?? [])
    likeColumns(draft, table.id, needTable(draft, like.table), like.including, operation);
  for (const definition of operation.columns)
    at(definition.span, () => ownColumn(draft, table.id, definition, bases.length > 0));
  if (operation.asQuery) addColumnsOfQuery(draft, table.id, operation);
  needPartitionKey(draft, table.id, operation);
  for (const base of bases) inheritChecks(draft, table.id, base, operation);
  if (parent) shareParent(draft, parent, table.id, operation.span);
  needOwnNames(operation);
  for (const constraint of inOrder(operation))
    at(constraint.span, () => addConstraint(draft, table.id, constraint));
  for (const like of operation.like ?? [])
    likeKeys(draft, table.id, needTable(draft, like.table), like.including, operation);
  return current(draft, table.id);
}

function push(draft: Draft, id: number, column: Column): void {
  const table = current(draft, id);
  setTable(draft, id, { ...table, columns: [...table.columns, column] });
}

/** PostgreSQL makes CHECKs first, then keys (the primary key before all), then foreign keys; a key written twice counts once. */
function inOrder(operation: Create): readonly ConstraintDefinition[] {
  const all = [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints];
  const of = (...kinds: ConstraintDefinition['kind'][]) => all.filter((one) => kinds.includes(one.kind));
  const keys: ConstraintDefinition[] = [];
  for (const key of [...of('primary key'), ...of('unique')]) {
    const twin = keys.findIndex((one) => key.kind === 'unique' && isTwin(one, key));
    const one = keys[twin];
    if (!one) keys.push(key);
    else if (one.name === undefined && key.name !== undefined) keys[twin] = { ...one, name: key.name };
  }
  return [...of('check'), ...keys, ...of('exclude'), ...of('foreign key')];
}

/** Two CHECKs of one statement may not share a name. */
function needOwnNames({ table, columns, constraints }: Create): void {
  const names = new Set<string>();
  for (const { kind, name, span } of [...columns.flatMap((column) => column.constraints), ...constraints]) {
    if (kind !== 'check' || name === undefined) continue;
    const message = `check constraint "${name}" already exists`;
    if (names.has(name)) throw new Refusal('already exists', message, [name, table.name], undefined, span);
    names.add(name);
  }
}

function isTwin(a: ConstraintDefinition, b: ConstraintDefinition): boolean {
  const shape = ({ columns, deferrable, ...rest }: ConstraintDefinition) => {
    const { include, nullsNotDistinct } = 'include' in rest || 'nullsNotDistinct' in rest ? rest : {};
    return JSON.stringify([columns, deferrable === true, include ?? [], nullsNotDistinct === true]);
  };
  return shape(a) === shape(b) && (a.name === undefined || b.name === undefined || a.name === b.name);
}

function ownColumn(draft: Draft, id: number, definition: ColumnDefinition, inherits: boolean): void {
  const table = current(draft, id);
  const there = findColumn(draft, table, definition.name);
  if (!there) {
    if (inherits && definition.type.name === '')
      throw new Refusal('no such column', `column "${definition.name}" does not exist`, [table.name]);
    push(draft, id, newColumn(draft, table, definition));
    return;
  }
  if (!inherits || there.span === definition.span)
    throw new Refusal('already exists', `column "${definition.name}" specified more than once`, [table.name]);
  const { type, generated } = definition;
  if (type.name !== '' && (type.name !== there.type.name || type.dimensions !== there.type.dimensions)) {
    const message = `column "${definition.name}" has a type conflict`;
    throw new Refusal('invalid definition', message, [table.name]);
  }
  const value = keptDefault(definition.default);
  if (value !== undefined) checkDefault(draft, there.type, value);
  const merged: Column = {
    ...there,
    nullable: there.nullable && !definition.notNull,
    ...(value === undefined ? {} : { default: value }),
    ...(generated === undefined ? {} : { generated }),
  };
  const now = current(draft, id);
  setTable(draft, id, { ...now, columns: now.columns.map((one) => (one === there ? merged : one)) });
}

/** INHERITS and PARTITION OF: the parent's columns; those of two parents with one name are one. */
function inheritColumns(draft: Draft, id: number, base: Table, { span }: Create): void {
  for (const column of base.columns) {
    const { identity: _, ...plain } = column;
    if (!findColumn(draft, current(draft, id), column.name))
      push(draft, id, { ...plain, id: draft.nextColumnId++, span });
    else if (!column.nullable) markNotNull(draft, id, [column.name]);
  }
}

function inheritChecks(draft: Draft, id: number, base: Table, { span }: Create): void {
  for (const constraint of base.constraints) {
    const table = current(draft, id);
    if (constraint.kind !== 'check' || table.constraints.some((one) => one.name === constraint.name))
      continue;
    setTable(draft, id, { ...table, constraints: [...table.constraints, { ...constraint, span }] });
  }
}

function likeColumns(
  draft: Draft,
  id: number,
  source: Table,
  including: readonly string[],
  { span }: Create,
): void {
  const has = (option: string) => including.includes(option);
  for (const { default: value, generated, identity, ...column } of source.columns) {
    const table = current(draft, id);
    if (findColumn(draft, table, column.name))
      throw new Refusal('already exists', `column "${column.name}" specified more than once`, [table.name]);
    const kept = has('identity') && identity ? { identity } : {};
    if (has('identity') && identity) ownSequence(draft, table, column.name, span);
    push(draft, id, {
      ...column,
      id: draft.nextColumnId++,
      span,
      ...(has('defaults') && value !== undefined ? { default: value } : {}),
      ...(has('generated') && generated !== undefined ? { generated } : {}),
      ...kept,
    });
  }
}

function likeKeys(
  draft: Draft,
  id: number,
  source: Table,
  including: readonly string[],
  { span }: Create,
): void {
  for (const constraint of source.constraints) {
    const table = current(draft, id);
    if (constraint.kind === 'check' && including.includes('constraints'))
      setTable(draft, id, { ...table, constraints: [...table.constraints, { ...constraint, span }] });
    if (!including.includes('indexes')) continue;
    if (constraint.kind === 'primary key' || constraint.kind === 'unique') {
      addConstraint(draft, id, { ...keyLike(source, constraint), span });
    }
  }
  if (!including.includes('indexes')) return;
  for (const index of source.indexes)
    if (index.constraintName === undefined) shareIndex(draft, current(draft, id), { ...index, span }, 'user');
}

/** CREATE TABLE AS: columns where the query makes their names certain. */
function addColumnsOfQuery(draft: Draft, id: number, { asQuery, table, span }: Create): void {
  if (!asQuery) return;
  resolveQuery(draft, asQuery);
  const columns = columnsOfQuery(draft, asQuery, span);
  if (!columns) taint(draft, [table.name], 'its columns come from a query');
  for (const column of columns ?? []) push(draft, id, column);
}

function needPartitionKey(draft: Draft, id: number, { partitionBy }: Create): void {
  const table = current(draft, id);
  for (const column of partitionBy?.columns ?? [])
    if (!findColumn(draft, table, column)) {
      const message = `column "${column}" named in partition key does not exist`;
      throw new Refusal('no such column', message, [table.name]);
    }
}
