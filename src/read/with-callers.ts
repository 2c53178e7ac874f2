import type { Tree } from '../change/change-set.ts';
import type { BoundQuery } from './bind-uses.ts';
import { importersOf } from './typescript/importers.ts';
import type { CodeReader } from './typescript/read-code.ts';
import type { Shelf } from './typescript/shelf.ts';
import { namedNowhere } from './typescript/uncalled.ts';

/**
 * Queries with what is known of who runs them, for those in a loop that could be one for all: the files that import theirs, and,
 * in a look at all that is there, whether anything calls them. What a change brings may be called by the next one.
 */
export async function withCallers(
  queries: readonly BoundQuery[],
  tree: Tree,
  reader: CodeReader,
  shelf: Shelf,
  isAll: boolean,
): Promise<readonly BoundQuery[]> {
  const inLoops = queries.filter(isOneForAll);
  const paths = [...new Set(inLoops.map(({ span }) => span.path))];
  const importers = await importersOf(tree, reader.resolver, shelf, paths);
  const uncalled = isAll ? await namedNowhere(tree, namesOf(inLoops)) : undefined;
  return queries.map((query) => {
    const importedBy = query.loop && importers.get(query.span.path);
    if (!importedBy) return query;
    const isUncalled = uncalled && query.loop?.calledAs.some((name) => uncalled.has(name));
    return { ...query, importedBy, ...(isUncalled === undefined ? {} : { isUncalled }) };
  });
}

function isOneForAll({ loop }: BoundQuery): boolean {
  return loop?.batchable === true && !loop.chunked && !loop.apart && !loop.follows;
}

/** The names by which they are reached from other files, each with the files that declare it. */
function namesOf(inLoops: readonly BoundQuery[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { loop, span } of inLoops)
    for (const name of loop?.calledAs ?? []) names.set(name, (names.get(name) ?? new Set()).add(span.path));
  return names;
}
