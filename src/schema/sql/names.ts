import type { QualifiedName, TypeName } from '../name.ts';
import { quotedName } from '../quoted-name.ts';
import type { Schema } from '../schema.ts';

/** Where each dialect's connections start: names there are written without their schema. */
const HOMES = new Set(['public', 'main', '']);

/** An object's name as SQL writes it. */
export function nameSql(schema: Schema, { schema: home, name }: QualifiedName): string {
  const own = quotedName(name, schema.dialect);
  return home === undefined || HOMES.has(home) || schema.dialect === 'mysql'
    ? own
    : `${quotedName(home, schema.dialect)}.${own}`;
}

/** A list of column names in brackets. */
export function columnsSql(schema: Schema, columns: readonly string[]): string {
  return `(${columns.map((column) => quotedName(column, schema.dialect)).join(', ')})`;
}

/** SQLite takes any words for a type, quoted ones as well. */
function quotedType(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A column's type as SQL writes it: names of the user's own types are quoted where they need it. */
export function typeSql(schema: Schema, type: TypeName): string {
  if (type.name === 'unknown') return 'text /* its type is not known: the column came from a query */';
  if (schema.dialect === 'sqlite' && !/^[a-z_]\w*( [a-z_]\w*)*$/i.test(type.name))
    return quotedType(type.name);
  const isOwn = type.schema !== undefined || [...schema.types.values()].some((one) => one.name === type.name);
  const name = isOwn ? nameSql(schema, type) : type.name;
  const args = type.arguments.length > 0 ? `(${type.arguments.join(',')})` : '';
  return name + args + '[]'.repeat(type.dimensions);
}
