import { columnNamed, findTable, mindsCase, tableName } from '../../schema/lookup.ts';
import { quotedName } from '../../schema/quoted-name.ts';
import type { Constraint, Index, Schema, Table } from '../../schema/schema.ts';
import { columnsSql, nameSql } from '../../schema/sql/names.ts';
import type { ModelColumn, ModelKey } from '../query.ts';
import type { Difference } from './difference.ts';

/** A declared key by the names that the migrations have for its columns; undefined where an expression stands. */
interface Key extends Omit<ModelKey, 'columns'> {
  readonly columns: readonly (string | undefined)[];
}

type ForeignKey = Extract<Constraint, { kind: 'foreign key' }>;

/** The keys, references and indexes that one side lacks, and references that both have and say differently. */
export function compareKeys(
  schema: Schema,
  table: Table,
  keys: readonly ModelKey[],
  declared: readonly ModelColumn[],
  family: string,
): readonly Difference[] {
  const names = columnNames(table, declared, schema);
  const own = keys.map(
    (key): Key => ({ ...key, columns: key.columns.map((name) => (name === null ? undefined : names(name))) }),
  );
  return [
    ...comparePrimary(schema, table, own),
    ...compareIndexes(schema, table, own, family),
    ...compareReferences(schema, table, own),
  ];
}

/** The names that the migrations have for declared ones. */
function columnNames(
  table: Table,
  declared: readonly ModelColumn[],
  { dialect }: Schema,
): (name: string) => string {
  const conventions = new Map(declared.map(({ column, convention }) => [column, convention]));
  return (name) => columnNamed(table, name, mindsCase(dialect), conventions.get(name))?.name ?? name;
}

function comparePrimary(schema: Schema, table: Table, keys: readonly Key[]): readonly Difference[] {
  const declared = keys.filter(({ kind }) => kind === 'primary key');
  const made = table.constraints.find(({ kind }) => kind === 'primary key');
  const wanted = declared.flatMap(({ columns }) => columns.flatMap((one) => one ?? []));
  const span = declared[0]?.span ?? made?.span ?? table.span;
  const base = { kind: 'primary key' as const, columns: wanted, span };
  if (same(wanted, made?.columns ?? [])) return [];
  const list = columnsSql(schema, wanted);
  const name = nameSql(schema, table);
  if (!made)
    return [
      {
        ...base,
        only: 'model',
        change: `make ${shown(wanted)} the primary key`,
        ...(schema.dialect === 'sqlite' ? {} : { statement: `ALTER TABLE ${name} ADD PRIMARY KEY ${list};` }),
      },
    ];
  const drop =
    schema.dialect === 'mysql'
      ? 'DROP PRIMARY KEY'
      : `DROP CONSTRAINT ${quotedName(made.name, schema.dialect)}`;
  const statement =
    schema.dialect === 'sqlite'
      ? {}
      : { statement: `ALTER TABLE ${name} ${drop}${wanted.length > 0 ? `, ADD PRIMARY KEY ${list}` : ''};` };
  return wanted.length === 0
    ? [
        {
          ...base,
          columns: made.columns,
          only: 'migrations',
          change: `drop the primary key ${shown(made.columns)}`,
          ...statement,
        },
      ]
    : [
        {
          ...base,
          change: `change the primary key from ${shown(made.columns)} to ${shown(wanted)}`,
          ...statement,
        },
      ];
}

/** Indexes and unique keys; a unique constraint and a unique index on the same columns are one. */
function compareIndexes(
  schema: Schema,
  table: Table,
  keys: readonly Key[],
  family: string,
): readonly Difference[] {
  const primary = table.constraints.find(({ kind }) => kind === 'primary key');
  const made = table.indexes.filter(
    ({ constraintName, madeBy }) =>
      (primary === undefined || constraintName !== primary.name) &&
      (madeBy === 'user' || madeBy === 'constraint'),
  );
  const left = new Set(
    made.filter((index) => !isExclusion(table, index.constraintName) && !isPassedOver(family, index, keys)),
  );
  const missing: Key[] = [];
  for (const key of keys) {
    if (key.kind !== 'unique' && key.kind !== 'index') continue;
    const found =
      [...left].find((index) => isSame(key, index) && index.name === nameOf(key, table)) ??
      [...left].find((index) => isSame(key, index)) ??
      [...left].find((index) => isAlike(key, index));
    if (found) left.delete(found);
    else if (key.kind === 'unique' && primary && same(named(key), primary.columns)) continue;
    else if (!isMet(key, table)) missing.push(key);
  }
  const { dialect } = schema;
  const on = nameSql(schema, table);
  return [
    ...missing.map((key): Difference => {
      const columns = named(key);
      const isWhole = columns.length === key.columns.length && !key.partial;
      const name = nameOf(key, table);
      const unique = key.kind === 'unique' ? 'UNIQUE ' : '';
      return {
        kind: key.kind === 'unique' ? 'unique' : 'index',
        only: 'model',
        columns,
        ...(key.name === undefined ? {} : { object: key.name }),
        change: `add ${key.kind === 'unique' ? 'a unique key' : 'an index'} on ${shown(key.columns)}`,
        ...(isWhole
          ? {
              statement: `CREATE ${unique}INDEX ${quotedName(name.slice(0, 63), dialect)} ON ${on} ${columnsSql(schema, columns)};`,
            }
          : {}),
        span: key.span,
      };
    }),
    ...[...left].map((index): Difference => {
      const name = quotedName(index.name, dialect);
      const beside = nameSql(schema, { schema: table.schema, name: index.name });
      const drop =
        index.constraintName !== undefined && dialect === 'postgres'
          ? `ALTER TABLE ${on} DROP CONSTRAINT ${name};`
          : `DROP INDEX ${beside}${dialect === 'mysql' ? ` ON ${on}` : ''};`;
      return {
        kind: index.unique ? 'unique' : 'index',
        only: 'migrations',
        columns: index.columns.flatMap((one) => one ?? []),
        object: index.name,
        change: `drop the ${index.unique ? 'unique key' : 'index'} ${index.name} on ${shown(index.columns)}`,
        ...(index.name === '' || (dialect === 'sqlite' && index.constraintName !== undefined)
          ? {}
          : { statement: drop }),
        span: index.span,
      };
    }),
  ];
}

/** Its name as given, or as Prisma and Postgres make one. */
function nameOf(key: Key, table: Table): string {
  return key.name ?? `${table.name}_${named(key).join('_')}_${key.kind === 'unique' ? 'key' : 'idx'}`;
}

/**
 * Prisma leaves alone what its notation has no word for: indexes of expressions, and partial ones where no model declares any.
 * https://github.com/prisma/prisma-engines/blob/main/schema-engine/sql-schema-describer/src/postgres/indexes_query.sql
 */
function isPassedOver(family: string, { columns, predicate }: Index, keys: readonly Key[]): boolean {
  if (family !== 'prisma') return false;
  return columns.includes(undefined) || (predicate !== undefined && !keys.some(({ partial }) => partial));
}

function isExclusion(table: Table, name: string | undefined): boolean {
  return table.constraints.some((one) => one.kind === 'exclude' && one.name === name);
}

function isSame(key: Key, index: Index): boolean {
  if ((key.kind === 'unique') !== index.unique || (key.partial === true) !== (index.predicate !== undefined))
    return false;
  return key.columns.includes(undefined) ? index.name === key.name : same(key.columns, index.columns);
}

/** An index of that name, or with the same columns and expressions in their places, or the same unique columns in another order. */
function isAlike(key: Key, index: Index): boolean {
  if ((key.kind === 'unique') !== index.unique) return false;
  if (same(key.columns, index.columns)) return true;
  const isSet =
    key.kind === 'unique' &&
    same(named(key).toSorted(), index.columns.flatMap((one) => one ?? []).toSorted());
  return isSet && key.columns.length === index.columns.length;
}

/** InnoDB makes an index for a foreign key that none serves. */
function isMet({ kind, columns }: Key, { indexes }: Table): boolean {
  return kind === 'index' && indexes.some((one) => one.madeBy === 'engine' && same(one.columns, columns));
}

function compareReferences(schema: Schema, table: Table, keys: readonly Key[]): readonly Difference[] {
  const made = table.constraints.filter((one) => one.kind === 'foreign key');
  const left = new Set<ForeignKey>(made);
  const differences: Difference[] = [];
  const on = nameSql(schema, table);
  for (const key of keys) {
    if (key.kind !== 'foreign key' || !key.ref) continue;
    const parent = findTable(schema, key.ref.table);
    const columns = named(key);
    const alike = [...left].filter((one) => same(one.columns, columns));
    const found = alike.find((one) => !parent || one.refTableId === parent.id);
    const shownParent = parent ? tableName(parent) : key.ref.table.name;
    if (!found) {
      const action = actionSql(key.ref.onDelete);
      const refs = key.ref.columns.length > 0 ? ` ${columnsSql(schema, key.ref.columns)}` : '';
      differences.push({
        kind: 'foreign key',
        only: 'model',
        columns,
        change: `add a foreign key from ${shown(columns)} to ${shownParent}`,
        ...(schema.dialect === 'sqlite'
          ? {}
          : {
              statement: `ALTER TABLE ${on} ADD FOREIGN KEY ${columnsSql(schema, columns)} REFERENCES ${nameSql(schema, parent ?? key.ref.table)}${refs}${action};`,
            }),
        span: key.span,
      });
      continue;
    }
    left.delete(found);
    const { onDelete } = key.ref;
    if (onDelete !== undefined && onDelete !== found.onDelete)
      differences.push({
        kind: 'on delete',
        columns,
        object: found.name,
        change: `change ON DELETE of the foreign key on ${shown(columns)} from ${found.onDelete.toUpperCase()} to ${onDelete.toUpperCase()}`,
        span: key.span,
      });
  }
  for (const { name, columns, span, refTableId } of left) {
    const parent = schema.tables.get(refTableId);
    const word = schema.dialect === 'mysql' ? 'FOREIGN KEY' : 'CONSTRAINT';
    differences.push({
      kind: 'foreign key',
      only: 'migrations',
      columns,
      object: name,
      change: `drop the foreign key from ${shown(columns)} to ${parent ? tableName(parent) : 'its parent'}`,
      ...(schema.dialect === 'sqlite'
        ? {}
        : { statement: `ALTER TABLE ${on} DROP ${word} ${quotedName(name, schema.dialect)};` }),
      span,
    });
  }
  return differences;
}

function actionSql(action: string | undefined): string {
  return action === undefined || action === 'no action' ? '' : ` ON DELETE ${action.toUpperCase()}`;
}

function named({ columns }: Pick<Key, 'columns'>): readonly string[] {
  return columns.flatMap((one) => one ?? []);
}

function same(left: readonly (string | undefined)[], right: readonly (string | undefined)[]): boolean {
  return left.length === right.length && left.every((one, at) => one === right[at]);
}

function shown(columns: readonly (string | undefined)[]): string {
  return `(${columns.map((one) => one ?? 'an expression').join(', ')})`;
}
