import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Span } from '../change/span.ts';
import { namesInCode } from './code-of-change.ts';
import { filesNaming } from './files-naming.ts';
import { openCodeReader } from './typescript/read-code.ts';
import { openShelf } from './typescript/shelf.ts';
import type { Wrapper } from './wrapper.ts';

/** Where code of a tree uses tables of the given names, by the names as they are given; only files that name them are read. */
export async function usesInCode(
  tree: Tree,
  tables: readonly string[],
  cache: Cache,
  wrappers: readonly Wrapper[],
): Promise<ReadonlyMap<string, readonly Span[]>> {
  const own = new Map(tables.map((table) => [table.toLowerCase(), table]));
  const last = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  const words = new Set(tables.flatMap((table) => [last(table), camelCase(last(table))]));
  const reader = openCodeReader(tree, cache, openShelf(), wrappers);
  const facts = new Map(await reader.read(await filesNaming(tree, [...words])));
  const further = [...namesInCode(facts.values(), words)].filter((name) => !words.has(name));
  for (const [path, found] of await reader.read(await filesNaming(tree, further))) facts.set(path, found);
  const uses = new Map<string, Span[]>(tables.map((table) => [table, []]));
  for (const { queries } of facts.values())
    for (const { tables: used, callPath } of queries)
      for (const { table, span } of callPath ? [] : used) {
        if (!table) continue;
        const full = table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
        const name = own.get(full.toLowerCase()) ?? own.get(table.name.toLowerCase());
        if (name !== undefined) uses.get(name)?.push(span);
      }
  return uses;
}

function camelCase(name: string): string {
  return name.replace(/_+([a-z\d])/gi, (_, letter: string) => letter.toUpperCase());
}
