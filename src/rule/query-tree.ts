import type { Value } from '../prove/scratch.ts';

/** A node of the tree that DuckDB's `json_serialize_sql` makes of a query. */
export type Node = { readonly [key: string]: Value };

/** A node; an empty one where there is none. */
export function objectOf(value: Value | undefined): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

/** The nodes of a list. */
export function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** A name, in lower case; empty where there is none. */
export function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

/** The conditions that all must hold. */
export function conjuncts(condition: Value | undefined): readonly Node[] {
  const node = objectOf(condition);
  if (node.type === 'CONJUNCTION_AND') return listOf(node.children).flatMap(conjuncts);
  return node.class === undefined ? [] : [node];
}
