/** A node of the parser's tree, of which only some fields are asked for. */
export type Tree = Readonly<Record<string, unknown>>;

/** A field that holds another node. */
export function field(tree: unknown, name: string): Tree | undefined {
  const found = (tree as Tree | undefined)?.[name];
  return typeof found === 'object' && found !== null ? (found as Tree) : undefined;
}

/** A field that holds several; none where it is not set. */
export function list(tree: unknown, name: string): readonly Tree[] {
  const found = (tree as Tree | undefined)?.[name];
  if (Array.isArray(found)) return found;
  return [];
}

/** A text that is set. */
export function text(value: unknown): readonly string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}
