import type { Node, RangeVar, TypeName as TypeNode } from 'libpg-query';
import type { QualifiedName, TypeName } from '../../../schema/name.ts';

/** PostgreSQL's internal type names, as `format_type` writes them, but short. */
const CANONICAL: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'char',
  decimal: 'numeric',
  serial2: 'smallserial',
  serial4: 'serial',
  serial8: 'bigserial',
};

/** The name that a type is known by in facts, messages and the fold. */
function canonicalType(name: string): string {
  return Object.hasOwn(CANONICAL, name) ? (CANONICAL[name] ?? name) : name;
}

/** The text of a String node; empty for any other. */
export function stringOf(node: Node | undefined): string {
  return node && 'String' in node ? (node.String.sval ?? '') : '';
}

/** A list of String nodes as texts. */
export function stringsOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).map(stringOf);
}

/** A name from its parts: the last two count, a database before them does not. */
export function nameOf(parts: readonly string[]): QualifiedName {
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2);
  return schema ? { schema, name } : { name };
}

/** The name of an object in a DROP, RENAME or ALTER: a List of strings, a TypeName or a String. */
export function objectName(node: Node | undefined): QualifiedName {
  if (!node) return { name: '' };
  if ('List' in node) return nameOf(stringsOf(node.List.items));
  if ('TypeName' in node) return nameOf(stringsOf(node.TypeName.names));
  if ('ObjectWithArgs' in node) return nameOf(stringsOf(node.ObjectWithArgs.objname));
  return { name: stringOf(node) };
}

/** The table that a RangeVar names. */
export function tableOf(range: RangeVar | undefined): QualifiedName {
  const name = range?.relname ?? '';
  return range?.schemaname ? { schema: range.schemaname, name } : { name };
}

/** A type in canonical form. */
export function typeOf(node: TypeNode | undefined): TypeName {
  const parts = stringsOf(node?.names).filter((part) => part !== 'pg_catalog');
  const name = canonicalType(parts.at(-1) ?? '');
  const schema = parts.at(-2);
  const dimensions = node?.arrayBounds?.length ?? 0;
  return { ...(schema ? { schema } : {}), name, arguments: typeArguments(node, name), dimensions };
}

function typeArguments(node: TypeNode | undefined, name: string): readonly string[] {
  if (name === 'interval') return [];
  const found = (node?.typmods ?? []).map((modifier) => {
    if ('A_Const' in modifier) return String(modifier.A_Const.ival?.ival ?? modifier.A_Const.sval?.sval ?? 0);
    if ('ColumnRef' in modifier) return stringsOf(modifier.ColumnRef.fields).join('.');
    return '?';
  });
  return name === 'char' && found.length === 1 && found[0] === '1' ? [] : found;
}
