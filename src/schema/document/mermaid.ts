import { tableName } from '../lookup.ts';
import type { Column, Constraint, Schema, Table } from '../schema.ts';

/** In a quoted name: what ends it, starts a directive, an entity or a tag, or is not seen. */
const UNFIT = /["\\%<>&#;`\p{Cc}\p{Cf}\p{Surrogate}]/gu;

type ForeignKey = Extract<Constraint, { kind: 'foreign key' }>;

/** A schema as an entity-relationship diagram of Mermaid. Partitions are left out: they are their parent's rows. */
export function toMermaid({ schema }: { readonly schema: Schema }): string {
  const tables = [...schema.tables.values()].filter((table) => table.kind === 'table' && !table.temporary);
  const lines = [
    ...tables.flatMap((table) => entity(table)),
    ...tables.flatMap((table) => foreignKeys(table).flatMap((key) => relationship(schema, table, key))),
  ];
  return `erDiagram\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function entity(table: Table): readonly string[] {
  const attributes = table.columns.map((column) => `  ${attribute(table, column)}`);
  return attributes.length === 0 ? [entityName(table)] : [`${entityName(table)} {`, ...attributes, '}'];
}

function attribute(table: Table, column: Column): string {
  const keys = [
    ...(hasKey(table, 'primary key', column.name) ? ['PK'] : []),
    ...(foreignKeys(table).some((key) => key.columns.includes(column.name)) ? ['FK'] : []),
    ...(isUnique(table, [column.name]) && !hasKey(table, 'primary key', column.name) ? ['UK'] : []),
  ].join(', ');
  const nullable = column.nullable ? ' "nullable"' : '';
  return `${attributeType(column)} ${word(column.name)}${keys ? ` ${keys}` : ''}${nullable}`;
}

/** The grammar takes letters, digits, `_`, `-`, brackets; no comma and no blank. */
function attributeType({ type }: Column): string {
  const [only, ...more] = type.arguments;
  const args = only !== undefined && more.length === 0 ? `(${word(only)})` : '';
  return word(type.name) + args + '[]'.repeat(type.dimensions);
}

function word(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N}_-]+/gu, '_');
  return /^[\p{L}_\p{N}]/u.test(plain) ? plain : `_${plain}`;
}

function entityName(table: Table): string {
  const name = tableName(table).replace(UNFIT, '_');
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : `"${name}"`;
}

/** One parent has none or many children; a child has exactly one parent, or none where its column may be NULL. */
function relationship(schema: Schema, table: Table, key: ForeignKey): readonly string[] {
  const parent = schema.tables.get(key.refTableId);
  if (!parent) return [];
  const isOptional = table.columns.some(({ name, nullable }) => nullable && key.columns.includes(name));
  const left = isOptional ? '|o' : '||';
  const right = isUnique(table, key.columns) ? 'o|' : 'o{';
  const label = key.columns.join(', ').replace(UNFIT, '_');
  return [`${entityName(parent)} ${left}--${right} ${entityName(table)} : "${label}"`];
}

function foreignKeys(table: Table): readonly ForeignKey[] {
  return table.constraints.filter((one) => one.kind === 'foreign key');
}

function hasKey(table: Table, kind: 'primary key', column: string): boolean {
  return table.constraints.some((one) => one.kind === kind && one.columns.includes(column));
}

function isUnique(table: Table, columns: readonly string[]): boolean {
  const same = (others: readonly (string | undefined)[]) =>
    others.length === columns.length && others.every((one) => one !== undefined && columns.includes(one));
  return (
    table.constraints.some(
      (one) => (one.kind === 'primary key' || one.kind === 'unique') && same(one.columns),
    ) || table.indexes.some((one) => one.unique && one.predicate === undefined && same(one.columns))
  );
}
