import { type TypeName, typeText } from '../../src/schema/name.ts';
import type { Column, Schema, Table, UserType } from '../../src/schema/schema.ts';

/** One change of a schema, right or wrong, and what it is an example of. */
export interface Change {
  readonly kind: string;
  readonly sql: string;
}

/**
 * Changes of a schema: single faults of every kind that a migration is known to hold, and changes that apply. Which is which,
 * PostgreSQL says. The same schema gives the same changes.
 */
export function changesOf(schema: Schema): readonly Change[] {
  const tables = [...schema.tables.values()].filter((table) => table.kind === 'table' && !table.temporary);
  return [
    ...tables.flatMap((table) => [...ofTable(schema, table, tables)]),
    ...[...schema.types.values()].flatMap((type) => [...ofType(type)]),
  ];
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function nameOf(table: Pick<Table, 'schema' | 'name'>): string {
  return `${quoted(table.schema)}.${quoted(table.name)}`;
}

function typeSql(type: TypeName): string {
  return type.schema
    ? `${quoted(type.schema)}.${quoted(type.name)}${'[]'.repeat(type.dimensions)}`
    : typeText(type).replace(/^([A-Z_]\w*)/, '"$1"');
}

function* ofTable(schema: Schema, table: Table, tables: readonly Table[]): Generator<Change> {
  const name = nameOf(table);
  const other = tables[(tables.indexOf(table) + 1) % tables.length] ?? table;
  const key = table.constraints.find((one) => one.kind === 'primary key');
  const home = quoted(table.schema);
  yield* [
    { kind: 'missing table', sql: `ALTER TABLE ${home}.${quoted(`${table.name}_gone`)} ADD COLUMN a int` },
    { kind: 'missing table', sql: `DROP TABLE ${home}.${quoted(`${table.name}_gone`)}` },
    { kind: 'missing table', sql: `CREATE INDEX ON ${home}.${quoted(`${table.name}_gone`)} (id)` },
    { kind: 'missing table', sql: `INSERT INTO ${home}.${quoted(`${table.name}_gone`)} DEFAULT VALUES` },
    { kind: 'missing constraint', sql: `ALTER TABLE ${name} DROP CONSTRAINT no_such_constraint` },
    { kind: 'missing constraint', sql: `ALTER TABLE ${name} VALIDATE CONSTRAINT no_such_constraint` },
    { kind: 'missing index', sql: `DROP INDEX ${home}.no_such_index` },
    { kind: 'duplicate table', sql: `CREATE TABLE ${name} (id int)` },
    { kind: 'duplicate table', sql: `ALTER TABLE ${name} RENAME TO ${quoted(other.name)}` },
    { kind: 'unknown type', sql: `ALTER TABLE ${name} ADD COLUMN made no_such_type` },
    { kind: 'unknown type', sql: `CREATE TABLE ${home}.made (a no_such_type)` },
    {
      kind: 'foreign key to a missing table',
      sql: `ALTER TABLE ${name} ADD COLUMN made bigint REFERENCES no_such_table`,
    },
    { kind: 'missing column', sql: `CREATE INDEX ON ${name} (no_such_column)` },
    { kind: 'missing column', sql: `ALTER TABLE ${name} ADD UNIQUE (no_such_column)` },
    { kind: 'missing column', sql: `ALTER TABLE ${name} ADD CHECK (no_such_column > 0)` },
    { kind: 'missing column', sql: `UPDATE ${name} SET no_such_column = NULL` },
    { kind: 'missing column', sql: `INSERT INTO ${name} (no_such_column) VALUES (NULL)` },
    { kind: 'required column', sql: `ALTER TABLE ${name} ADD COLUMN made int NOT NULL` },
    { kind: 'drop a table', sql: `DROP TABLE ${name}` },
    { kind: 'drop a table with all', sql: `DROP TABLE ${name} CASCADE` },
    { kind: 'add a column', sql: `ALTER TABLE ${name} ADD COLUMN made jsonb` },
    { kind: 'add a column', sql: `ALTER TABLE ${name} ADD COLUMN made text NOT NULL DEFAULT 'it''s'` },
    {
      kind: 'add a column',
      sql: `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS made timestamptz DEFAULT now(), ADD COLUMN other uuid UNIQUE`,
    },
    { kind: 'add a column', sql: `ALTER TABLE ${name} ADD COLUMN made serial` },
    {
      kind: 'rename a table',
      sql: `ALTER TABLE ${name} RENAME TO made; ALTER TABLE ${home}.made ADD COLUMN a int`,
    },
    {
      kind: 'fill, then require',
      sql: `ALTER TABLE ${name} ADD COLUMN made int; UPDATE ${name} SET made = 1; ALTER TABLE ${name} ALTER made SET NOT NULL`,
    },
    {
      kind: 'empty, then require',
      sql: `TRUNCATE ${name} CASCADE; ALTER TABLE ${name} ADD COLUMN made int NOT NULL`,
    },
    { kind: 'view', sql: `CREATE VIEW ${home}.made AS SELECT * FROM ${name}` },
    {
      kind: 'table like',
      sql: `CREATE TABLE ${home}.made AS SELECT * FROM ${name}; CREATE INDEX ON ${home}.made (${quoted(table.columns[0]?.name ?? 'id')})`,
    },
    { kind: 'check', sql: `ALTER TABLE ${name} ADD CONSTRAINT made CHECK (1 = 1)` },
    { kind: 'syntax', sql: `ALTER TABLE ${name} ADD COLUMN` },
  ];
  if (key) {
    const parent = `${name} (${key.columns.map(quoted).join(', ')})`;
    const columns = key.columns.flatMap((one) => table.columns.find((column) => column.name === one) ?? []);
    const made = columns.map((column, i) => `made_${i} ${typeSql(column.type)}`).join(', ');
    const names = columns.map((_, i) => `made_${i}`).join(', ');
    const wrong = columns.map(
      (column, i) =>
        `made_${i} ${column.type.name === 'point' ? 'int' : /int|numeric|serial/.test(column.type.name) ? 'uuid' : 'integer'}`,
    );
    yield* [
      {
        kind: 'duplicate primary key',
        sql: `ALTER TABLE ${name} ADD PRIMARY KEY (${key.columns.map(quoted).join(', ')})`,
      },
      { kind: 'drop a referenced key', sql: `ALTER TABLE ${name} DROP CONSTRAINT ${quoted(key.name)}` },
      { kind: 'drop a key with all', sql: `ALTER TABLE ${name} DROP CONSTRAINT ${quoted(key.name)} CASCADE` },
      {
        kind: 'nullable key',
        sql: `ALTER TABLE ${name} ALTER ${quoted(key.columns[0] ?? '')} DROP NOT NULL`,
      },
      {
        kind: 'foreign key',
        sql: `CREATE TABLE ${home}.made (${made}, FOREIGN KEY (${names}) REFERENCES ${parent})`,
      },
      {
        kind: 'foreign key of the wrong type',
        sql: `CREATE TABLE ${home}.made (${wrong.join(', ')}, FOREIGN KEY (${names}) REFERENCES ${parent})`,
      },
      {
        kind: 'foreign key to a missing column',
        sql: `CREATE TABLE ${home}.made (${made}, FOREIGN KEY (${names}) REFERENCES ${name} (no_such_column))`,
      },
      {
        kind: 'unique over a key',
        sql: `CREATE UNIQUE INDEX made ON ${name} (${key.columns.map(quoted).join(', ')})`,
      },
    ];
  }
  for (const index of table.indexes.slice(0, 2)) {
    yield {
      kind: 'duplicate index',
      sql: `CREATE INDEX ${quoted(index.name)} ON ${name} (${quoted(table.columns[0]?.name ?? '')})`,
    };
    if (index.constraintName === undefined) {
      yield { kind: 'drop an index', sql: `DROP INDEX ${home}.${quoted(index.name)}` };
      yield { kind: 'rename an index', sql: `ALTER INDEX ${home}.${quoted(index.name)} RENAME TO made` };
    } else
      yield { kind: 'drop an index behind a constraint', sql: `DROP INDEX ${home}.${quoted(index.name)}` };
  }
  for (const constraint of table.constraints.slice(0, 3)) {
    yield {
      kind: 'duplicate constraint',
      sql: `ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} CHECK (true)`,
    };
    yield {
      kind: 'rename a constraint',
      sql: `ALTER TABLE ${name} RENAME CONSTRAINT ${quoted(constraint.name)} TO made`,
    };
    if (constraint.kind !== 'primary key')
      yield {
        kind: 'drop a constraint',
        sql: `ALTER TABLE ${name} DROP CONSTRAINT ${quoted(constraint.name)}`,
      };
  }
  for (const [at, column] of table.columns.entries()) if (at < 12) yield* ofColumn(schema, table, column, at);
}

const NUMBERS = /^(smallint|integer|bigint|numeric|real|double precision)$/;
const TEXTS = /^(text|varchar|char|citext)$/;

function* ofColumn(schema: Schema, table: Table, column: Column, at: number): Generator<Change> {
  const name = nameOf(table);
  const own = quoted(column.name);
  const alter = `ALTER TABLE ${name} ALTER ${own}`;
  const next = table.columns[(at + 1) % table.columns.length] ?? column;
  const { type } = column;
  const scalar = type.dimensions === 0;
  const enumType = scalar ? enumOf(schema, type) : undefined;
  yield* [
    { kind: 'duplicate column', sql: `ALTER TABLE ${name} ADD COLUMN ${own} text` },
    { kind: 'duplicate column', sql: `ALTER TABLE ${name} RENAME ${own} TO ${quoted(next.name)}` },
    { kind: 'drop a column', sql: `ALTER TABLE ${name} DROP COLUMN ${own}` },
    {
      kind: 'rename a column',
      sql: `ALTER TABLE ${name} RENAME ${own} TO made; ALTER TABLE ${name} ALTER made DROP DEFAULT`,
    },
    { kind: 'set not null', sql: `${alter} SET NOT NULL` },
    { kind: 'drop not null', sql: `${alter} DROP NOT NULL` },
    { kind: 'drop default', sql: `${alter} DROP DEFAULT` },
    { kind: 'index', sql: `CREATE INDEX made ON ${name} (${own})` },
    { kind: 'unique', sql: `CREATE UNIQUE INDEX made ON ${name} (${own})` },
    { kind: 'unique', sql: `ALTER TABLE ${name} ADD CONSTRAINT made UNIQUE (${own}, ${quoted(next.name)})` },
    { kind: 'check', sql: `ALTER TABLE ${name} ADD CHECK (${own} IS NOT NULL)` },
    {
      kind: 'check not valid',
      sql: `ALTER TABLE ${name} ADD CONSTRAINT made CHECK (${own} IS NOT NULL) NOT VALID`,
    },
    {
      kind: 'foreign key to a column that is no key',
      sql: `CREATE TABLE made (a ${typeSql(type)} REFERENCES ${name} (${own}))`,
    },
    { kind: 'to text', sql: `${alter} TYPE text USING ${own}::text` },
    { kind: 'unknown type', sql: `${alter} TYPE no_such_type` },
    { kind: 'fill', sql: `UPDATE ${name} SET ${own} = ${own}` },
  ];
  if (!scalar) return;
  if (NUMBERS.test(type.name))
    yield* [
      { kind: 'cast without USING', sql: `${alter} TYPE boolean` },
      { kind: 'cast without USING', sql: `${alter} TYPE uuid` },
      { kind: 'default of the wrong type', sql: `${alter} SET DEFAULT 'many'` },
      { kind: 'wider', sql: `${alter} TYPE numeric` },
      { kind: 'narrower', sql: `${alter} TYPE smallint` },
      { kind: 'check', sql: `ALTER TABLE ${name} ADD CHECK (${own} >= 0)` },
      { kind: 'default', sql: `${alter} SET DEFAULT 7` },
      { kind: 'default of the wrong type', sql: `${alter} SET DEFAULT false` },
      { kind: 'value of the wrong type', sql: `UPDATE ${name} SET ${own} = 'many' WHERE ${own} = '1'` },
    ];
  if (TEXTS.test(type.name))
    yield* [
      { kind: 'cast without USING', sql: `${alter} TYPE integer` },
      { kind: 'cast without USING', sql: `${alter} TYPE jsonb` },
      { kind: 'cast', sql: `${alter} TYPE integer USING ${own}::integer` },
      { kind: 'narrower', sql: `${alter} TYPE varchar(3)` },
      { kind: 'wider', sql: `${alter} TYPE varchar(1000)` },
      { kind: 'default', sql: `${alter} SET DEFAULT ''` },
      { kind: 'index', sql: `CREATE INDEX ON ${name} (lower(${own})) WHERE ${own} <> ''` },
      { kind: 'check', sql: `ALTER TABLE ${name} ADD CHECK (char_length(${own}) > 0)` },
    ];
  if (type.name === 'boolean')
    yield* [
      { kind: 'cast without USING', sql: `${alter} TYPE integer` },
      { kind: 'default of the wrong type', sql: `${alter} SET DEFAULT 'maybe'` },
      { kind: 'default', sql: `${alter} SET DEFAULT false` },
      { kind: 'default of the wrong type', sql: `${alter} SET DEFAULT 1` },
    ];
  if (type.name === 'uuid')
    yield* [
      { kind: 'cast without USING', sql: `${alter} TYPE bigint` },
      { kind: 'default of the wrong type', sql: `${alter} SET DEFAULT 'none'` },
      { kind: 'value of the wrong type', sql: `DELETE FROM ${name} WHERE ${own} IN ('a', 'b')` },
    ];
  if (/^timestamp/.test(type.name))
    yield* [
      { kind: 'cast without USING', sql: `${alter} TYPE integer` },
      { kind: 'default of the wrong type', sql: `${alter} SET DEFAULT 'someday'` },
      { kind: 'to a day', sql: `${alter} TYPE date` },
      { kind: 'default', sql: `${alter} SET DEFAULT now()` },
    ];
  if (/^jsonb?$/.test(type.name))
    yield { kind: 'default of the wrong type', sql: `${alter} SET DEFAULT '{'` };
  if (enumType) yield* ofEnumColumn(table, column, enumType);
}

function* ofEnumColumn(table: Table, column: Column, type: UserType): Generator<Change> {
  const [name, own] = [nameOf(table), quoted(column.name)];
  const label = (type.labels[0] ?? '').replaceAll("'", "''");
  yield* [
    { kind: 'literal outside its enum', sql: `ALTER TABLE ${name} ALTER ${own} SET DEFAULT 'no such label'` },
    { kind: 'literal outside its enum', sql: `UPDATE ${name} SET ${own} = 'no such label'` },
    { kind: 'literal outside its enum', sql: `INSERT INTO ${name} (${own}) VALUES ('no such label')` },
    {
      kind: 'literal outside its enum',
      sql: `ALTER TABLE ${name} ADD COLUMN made ${typeSql(column.type)} DEFAULT 'no such label'`,
    },
    { kind: 'literal outside its enum', sql: `DELETE FROM ${name} WHERE ${own} = 'no such label'` },
    { kind: 'cast without USING', sql: `ALTER TABLE ${name} ALTER ${own} TYPE integer` },
    { kind: 'label', sql: `UPDATE ${name} SET ${own} = '${label}' WHERE ${own} <> '${label}'` },
    { kind: 'label', sql: `ALTER TABLE ${name} ALTER ${own} SET DEFAULT '${label}'` },
  ];
}

function enumOf(schema: Schema, type: TypeName): UserType | undefined {
  const found = schema.types.get(`${type.schema ?? 'public'}.${type.name}`);
  return found?.kind === 'enum' ? found : undefined;
}

function* ofType(type: UserType): Generator<Change> {
  const name = `${quoted(type.schema)}.${quoted(type.name)}`;
  yield* [
    { kind: 'drop a type', sql: `DROP TYPE ${name}` },
    { kind: 'duplicate type', sql: `CREATE TYPE ${name} AS ENUM ('a')` },
    { kind: 'rename a type', sql: `ALTER TYPE ${name} RENAME TO made` },
  ];
  if (type.kind !== 'enum') return;
  const label = (type.labels[0] ?? '').replaceAll("'", "''");
  yield* [
    { kind: 'duplicate label', sql: `ALTER TYPE ${name} ADD VALUE '${label}'` },
    { kind: 'missing label', sql: `ALTER TYPE ${name} RENAME VALUE 'no such label' TO 'b'` },
    { kind: 'add a label', sql: `ALTER TYPE ${name} ADD VALUE 'made'` },
    { kind: 'rename a label', sql: `ALTER TYPE ${name} RENAME VALUE '${label}' TO 'made'` },
  ];
}
