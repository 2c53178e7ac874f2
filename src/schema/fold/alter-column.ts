import { type TypeName, typeText } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Column, Table } from '../schema.ts';
import { cannotStore } from './cast.ts';
import { ownSequence, setColumn } from './column.ts';
import { checkDefault, keptDefault } from './default.ts';
import { typeOfDefault } from './default-type.ts';
import { type Draft, setSequence } from './draft.ts';
import { namesIn, quoted } from './expression.ts';
import { childrenOf, current, findColumn, needColumn, parentOf } from './find.ts';
import { needSameKind } from './foreign-key.ts';
import { needIndexable } from './operator-class.ts';
import { Refusal } from './refusal.ts';
import { triggersNaming } from './trigger.ts';
import { findType, resolveType, underlying } from './type.ts';
import { viewsNaming } from './view.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** ALTER COLUMN in its forms that change the column alone. */
export type AlterColumn = On<
  | 'alter-type'
  | 'set-default'
  | 'drop-default'
  | 'set-not-null'
  | 'drop-not-null'
  | 'add-identity'
  | 'set-identity'
  | 'drop-identity'
  | 'drop-generated'
>;

/** Changes a column of a table, and of the tables below it; refuses as PostgreSQL does. */
export function alterColumn(draft: Draft, table: Table, operation: AlterColumn): Column {
  const column = needColumn(draft, table, operation.column, 'object');
  const parent = parentOf(draft, table);
  if (operation.kind === 'alter-type' && parent && findColumn(draft, parent, column.name))
    throw invalid(`cannot alter inherited column "${column.name}"`, table);
  return change(draft, table, column, operation);
}

function change(draft: Draft, table: Table, column: Column, operation: AlterColumn): Column {
  const changed = { ...column, ...changes(draft, table, column, operation) };
  setColumn(draft, table.id, changed);
  if (operation.kind === 'alter-type') recheck(draft, table, changed);
  if (operation.kind === 'add-identity') ownSequence(draft, table, column.name, operation.span);
  if (operation.kind === 'drop-identity') dropOwnSequence(draft, table, column.name);
  for (const child of childrenOf(draft, table)) {
    const own = findColumn(draft, child, column.name);
    if (own) change(draft, child, own, operation);
  }
  return changed;
}

function invalid(message: string, table: Table): Refusal {
  return new Refusal('invalid definition', message, [table.name]);
}

function changes(draft: Draft, table: Table, column: Column, operation: AlterColumn): Partial<Column> {
  const said = `column "${column.name}" of relation "${table.name}"`;
  switch (operation.kind) {
    case 'alter-type':
      return { type: newType(draft, table, column, operation), ...defaultUnder(draft, column) };
    case 'set-default': {
      if (column.identity) throw invalid(`${said} is an identity column`, table);
      if (column.generated !== undefined) throw invalid(`${said} is a generated column`, table);
      const value = keptDefault(operation.expression);
      if (value !== undefined) checkDefault(draft, column.type, value);
      return { default: value };
    }
    case 'drop-default':
      if (column.identity) throw invalid(`${said} is an identity column`, table);
      if (column.generated !== undefined) throw invalid(`${said} is a generated column`, table);
      return { default: undefined };
    case 'set-not-null':
      return { nullable: false };
    case 'drop-not-null':
      return allowNull(draft, table, column);
    case 'set-identity':
      if (!column.identity)
        throw new Refusal('wrong kind', `${said} is not an identity column`, [table.name]);
      return { identity: operation.identity };
    case 'add-identity':
      if (!INTEGERS.test(underlying(draft, column.type).name) && draft.dialect === 'postgres')
        throw invalid('identity column type must be smallint, integer, or bigint', table);
      if (column.nullable)
        throw invalid(`${said} must be declared NOT NULL before identity can be added`, table);
      if (column.identity) throw invalid(`${said} is already an identity column`, table);
      if (column.default !== undefined) throw invalid(`${said} already has a default value`, table);
      return { identity: operation.identity };
    case 'drop-identity':
      if (!column.identity)
        throw new Refusal('wrong kind', `${said} is not an identity column`, [table.name], 'object');
      return { identity: undefined };
    case 'drop-generated':
      if (column.generated === undefined)
        throw new Refusal('wrong kind', `${said} is not a generated column`, [table.name], 'object');
      return { generated: undefined };
  }
}

function allowNull(draft: Draft, table: Table, column: Column): Partial<Column> {
  if (column.identity)
    throw invalid(`column "${column.name}" of relation "${table.name}" is an identity column`, table);
  const above = table.kind === 'partition' ? parentOf(draft, table) : undefined;
  if (above && findColumn(draft, above, column.name)?.nullable === false)
    throw invalid(`column "${column.name}" is marked NOT NULL in parent table`, table);
  if (table.constraints.some((one) => one.kind === 'primary key' && one.columns.includes(column.name)))
    throw invalid(`column "${column.name}" is in a primary key`, table);
  return { nullable: true };
}

function dropOwnSequence(draft: Draft, table: Table, column: string): void {
  for (const key of [...(draft.owned.get(table.id) ?? [])])
    if (draft.sequences.get(key)?.ownedBy?.column === column) setSequence(draft, key, undefined);
}

function newType(draft: Draft, table: Table, column: Column, operation: On<'alter-type'>): TypeName {
  const type = resolveType(draft, operation.type);
  if (draft.dialect !== 'postgres') return type;
  const [view] = viewsNaming(draft, table.id, column.name);
  if (view)
    throw new Refusal(
      'still referenced',
      `cannot alter type of a column used by a view or rule: view ${view.name} depends on column "${column.name}"`,
      [view.name, table.name],
    );
  const [trigger] = triggersNaming(draft, table, column.name);
  if (trigger)
    throw new Refusal(
      'still referenced',
      `cannot alter type of a column used in a trigger definition: trigger ${trigger.name} on table ${table.name} depends on column "${column.name}"`,
      [trigger.name, table.name],
    );
  const dependent = table.columns.find(
    (one) => one.generated !== undefined && namesIn(one.generated).words.has(column.name),
  );
  if (dependent)
    throw new Refusal(
      'still referenced',
      `cannot alter type of a column used by a generated column: "${dependent.name}" depends on "${column.name}"`,
      [table.name],
    );
  if (table.partitionBy?.columns.includes(column.name)) {
    const message = `cannot alter column "${column.name}" because it is part of the partition key of relation "${table.name}"`;
    throw invalid(message, table);
  }
  if (column.identity && !INTEGERS.test(type.name))
    throw invalid('identity column type must be smallint, integer, or bigint', table);
  if (operation.using === undefined && cannotStore(draft, column.type, type))
    throw invalid(`column "${column.name}" cannot be cast automatically to type ${typeText(type)}`, table);
  if (
    column.default !== undefined &&
    cannotStore(draft, typeOfDefault(draft, column.default, column.type), type)
  )
    throw invalid(
      `default for column "${column.name}" cannot be cast automatically to type ${typeText(type)}`,
      table,
    );
  return type;
}

const INTEGERS = /^(smallint|integer|bigint)$/;

/** A label of an enum stays one, under another type of the column too. */
function defaultUnder(draft: Draft, { default: value, type }: Column): { readonly default?: string } {
  if (value === undefined || !/^e?'(?:[^']|'')*'$/i.test(value.trim())) return {};
  const user = type.dimensions === 0 ? findType(draft, type) : undefined;
  return user?.kind === 'enum' ? { default: `${value.trim()}::${quoted(user.name)}` } : {};
}

/** Keys and foreign keys of a column must still hold with its new type. */
function recheck(draft: Draft, table: Table, column: Column): void {
  const now = current(draft, table.id);
  for (const index of now.indexes)
    if (index.columns.includes(column.name) && index.constraintName !== undefined && index.method === 'btree')
      needIndexable(draft, column.type, 'btree');
  for (const id of [table.id, ...(draft.referencedBy.get(table.id) ?? [])]) {
    const child = current(draft, id);
    for (const one of child.constraints) {
      if (one.kind !== 'foreign key') continue;
      const parent = current(draft, one.refTableId);
      const own = child.id === table.id && one.columns.includes(column.name);
      if (!own && !(parent.id === table.id && one.refColumns.includes(column.name))) continue;
      const from = one.columns.flatMap((name) => findColumn(draft, child, name) ?? []);
      const to = one.refColumns.flatMap((name) => findColumn(draft, parent, name) ?? []);
      needSameKind(draft, one.name, { table: child, columns: from }, { table: parent, columns: to });
    }
  }
}
