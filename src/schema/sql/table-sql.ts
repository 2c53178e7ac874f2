import { quotedName } from '../quoted-name.ts';
import type { Column, Constraint, Index, Schema, Table } from '../schema.ts';
import { columnsSql, nameSql, typeSql } from './names.ts';

const SERIALS: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};

/** CREATE TABLE with its columns and the constraints that stand in its brackets; `inside` says which do. */
export function tableSql(schema: Schema, table: Table, inside: (constraint: Constraint) => boolean): string {
  const parent = table.parentId === undefined ? undefined : schema.tables.get(table.parentId);
  const own = table.constraints.filter((one) => inside(one) && !isOfParent(one, parent));
  const lines = own
    .filter((one) => !isOnColumn(schema, one, table))
    .map((one) => `  ${constraintSql(schema, one, table)}`);
  const partition = table.partitionBy
    ? ` PARTITION BY ${table.partitionBy.strategy.toUpperCase()} ${columnsSql(schema, table.partitionBy.columns)}`
    : '';
  const name = nameSql(schema, table);
  if (parent && table.kind === 'partition') {
    const brackets = lines.length > 0 ? ` (\n${lines.join(',\n')}\n)` : '';
    const bound = table.partitionBound ?? 'DEFAULT';
    return `CREATE TABLE ${name} PARTITION OF ${nameSql(schema, parent)}${brackets} ${bound}${partition};`;
  }
  const columns = table.columns.map((column) => `  ${columnSql(schema, table, column)}`);
  const inherits = parent ? ` INHERITS (${nameSql(schema, parent)})` : '';
  const body = [...columns, ...lines].join(',\n');
  return `CREATE TABLE ${name} (${body === '' ? '' : `\n${body}\n`})${inherits}${partition}${optionsSql(table)};`;
}

function optionsSql({ options = [] }: Table): string {
  const written = options.filter((one) => one === 'strict' || one === 'without rowid');
  return written.length > 0 ? ` ${written.join(', ').toUpperCase()}` : '';
}

/** SQLite's AUTOINCREMENT stands on the column, behind the key that it belongs to. */
function isOnColumn({ dialect }: Schema, { kind }: Constraint, { options = [] }: Table): boolean {
  return dialect === 'sqlite' && kind === 'primary key' && options.includes('autoincrement');
}

/** A constraint with its name, as it stands in a table or after ADD. */
export function constraintSql(schema: Schema, constraint: Constraint, table: Table): string {
  const { dialect } = schema;
  const name = isNameless(constraint, schema) ? '' : `CONSTRAINT ${quotedName(constraint.name, dialect)} `;
  return name + constraintBodySql(schema, constraint, table);
}

/** A constraint without its name. */
export function constraintBodySql(schema: Schema, constraint: Constraint, table: Table): string {
  return bodySql(schema, constraint, table) + (constraint.deferrable ? ' DEFERRABLE' : '');
}

/** SQLite gives no names to constraints without one. */
function isNameless(constraint: Constraint, { dialect }: Schema): boolean {
  return constraint.name === '' || dialect === 'sqlite';
}

function bodySql(schema: Schema, constraint: Constraint, table: Table): string {
  const index = table.indexes.find((one) => one.constraintName === constraint.name);
  switch (constraint.kind) {
    case 'primary key':
    case 'unique': {
      const include =
        index && index.include.length > 0 ? ` INCLUDE ${columnsSql(schema, index.include)}` : '';
      const nulls = constraint.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
      return `${constraint.kind.toUpperCase()}${nulls} ${columnsSql(schema, constraint.columns)}${include}`;
    }
    case 'check':
      return `CHECK (${constraint.expression})`;
    case 'exclude':
      return `EXCLUDE USING ${index?.method ?? 'gist'} (${constraint.expression})`;
    case 'foreign key': {
      const parent = schema.tables.get(constraint.refTableId);
      const to = parent ? nameSql(schema, parent) : '?';
      const actions = [
        ...(constraint.onUpdate === 'no action' ? [] : [` ON UPDATE ${constraint.onUpdate.toUpperCase()}`]),
        ...(constraint.onDelete === 'no action' ? [] : [` ON DELETE ${constraint.onDelete.toUpperCase()}`]),
      ].join('');
      const refColumns =
        constraint.refColumns.length > 0 ? ` ${columnsSql(schema, constraint.refColumns)}` : '';
      return `FOREIGN KEY ${columnsSql(schema, constraint.columns)} REFERENCES ${to}${refColumns}${actions}`;
    }
  }
}

/** What a partition or an inheriting table gets from its parent need not be written again. */
function isOfParent(constraint: Constraint, parent: Table | undefined): boolean {
  return (
    parent?.constraints.some(
      (one) =>
        one.kind === constraint.kind &&
        one.columns.join('\0') === constraint.columns.join('\0') &&
        (one.kind !== 'check' || one.name === constraint.name),
    ) === true
  );
}

function columnSql(schema: Schema, table: Table, column: Column): string {
  return [quotedName(column.name, schema.dialect), columnBodySql(schema, table, column)]
    .filter((part) => part !== '')
    .join(' ');
}

/** A column without its name: its type, what it is computed from, its default, whether it takes NULL. */
export function columnBodySql(schema: Schema, table: Table, column: Column): string {
  const serial = isSerial(schema, table, column) ? SERIALS[column.type.name] : undefined;
  if (serial) return `${serial}${column.nullable ? '' : ' NOT NULL'}`;
  const key = table.constraints.find((one) => isOnColumn(schema, one, table));
  const marks = [
    ...(key?.columns.includes(column.name) ? ['PRIMARY KEY AUTOINCREMENT'] : []),
    ...(column.generated === undefined
      ? []
      : [`GENERATED ALWAYS AS (${column.generated})${storedWord(schema, column)}`]),
    ...(column.identity ? counterOf(schema, column.identity) : []),
    ...(column.default === undefined ? [] : [`DEFAULT ${column.default}`]),
    ...(column.onUpdate === undefined ? [] : [`ON UPDATE ${column.onUpdate}`]),
    ...(column.nullable ? [] : ['NOT NULL']),
  ];
  return [typeSql(schema, column.type), ...marks].filter((part) => part !== '').join(' ');
}

/** A column that counts by itself; SQLite's does so by being the key. */
function counterOf({ dialect }: Schema, identity: NonNullable<Column['identity']>): readonly string[] {
  if (dialect === 'sqlite') return [];
  return [dialect === 'mysql' ? 'AUTO_INCREMENT' : `GENERATED ${identity.toUpperCase()} AS IDENTITY`];
}

function storedWord({ dialect }: Schema, { virtual }: Column): string {
  if (dialect === 'duckdb') return '';
  return virtual ? ' VIRTUAL' : ' STORED';
}

/** Whether `serial` makes exactly this default and the sequence behind it. */
export function isSerial(schema: Schema, table: Table, column: Column): boolean {
  if (schema.dialect !== 'postgres' || !column.default?.startsWith('nextval(')) return false;
  return [...schema.sequences.values()].some(
    (sequence) =>
      sequence.ownedBy?.tableId === table.id &&
      sequence.ownedBy.column === column.name &&
      sequence.schema === table.schema &&
      sequence.name === `${table.name}_${column.name}_seq` &&
      column.default?.includes(sequence.name),
  );
}

/** CREATE INDEX of an index that no constraint makes. */
export function indexSql(
  schema: Schema,
  table: { readonly schema: string; readonly name: string },
  index: Index,
): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  const name = quotedName(index.name, schema.dialect);
  return `CREATE ${unique}INDEX ${name} ON ${nameSql(schema, table)}${keysSql(schema, index)};`;
}

/** An index without its name and its table. */
export function indexBodySql(schema: Schema, index: Index): string {
  return `${index.unique ? 'UNIQUE' : 'INDEX'}${keysSql(schema, index)}`;
}

function keysSql({ dialect }: Pick<Schema, 'dialect'>, index: Index): string {
  let expression = 0;
  const keys = index.columns.map((column, at) => {
    if (column === undefined) return inBrackets(index.expressions[expression++] ?? '');
    const collation = index.collations?.[at];
    const modifiers = [collation && `COLLATE ${collation}`, index.operatorClasses?.[at], index.orders?.[at]];
    return [quotedName(column, dialect), ...modifiers.flatMap((one) => one ?? [])].join(' ');
  });
  const method = index.method === 'btree' || dialect !== 'postgres' ? '' : ` USING ${index.method}`;
  const include =
    index.include.length > 0
      ? ` INCLUDE (${index.include.map((column) => quotedName(column, dialect)).join(', ')})`
      : '';
  const nulls = index.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
  const where = index.predicate === undefined ? '' : ` WHERE ${index.predicate}`;
  return `${method} (${keys.join(', ')})${include}${nulls}${where}`;
}

/** A function call stands as it is; any other expression of a key needs brackets, which it has where its text was whole. */
function inBrackets(expression: string): string {
  return /^[\w."]*\s*\(/.test(expression) ? expression : `(${expression})`;
}
