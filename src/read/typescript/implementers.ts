import type { Class } from 'oxc-parser';
import type { Cache } from '../../cache/cache.ts';
import type { Tree, TreeEntry } from '../../change/change-set.ts';
import { isOfTests } from './of-tests.ts';
import { isReadAsCode } from './parse.ts';

/** Whether a class says that it implements an interface of that name. */
export function doesImplement(node: Class, name: string): boolean {
  return (node.implements ?? []).some(
    ({ expression }) => expression.type === 'Identifier' && expression.name === name,
  );
}

/** Where classes of a tree say what they implement, tests left out. */
export interface Implementers {
  /** The files with a class that says it of that name; undefined before {@link load}. */
  get(name: string): readonly string[] | undefined;
  load(names: Iterable<string>): Promise<void>;
}

/** What follows the word up to the class's body. */
const CLAUSE = /\bimplements\s[^{]*/g;

/** What was looked through, by content, and the clauses of those that hold any. */
interface Index {
  readonly seen: readonly string[];
  readonly clauses: readonly (readonly [id: string, clauses: readonly string[]])[];
}

/** So many new contents are read; of more, those are searched for that hold the word. */
const FEW = 500;

/** The implementers of one tree. What was looked through is kept by content, so that of the next tree only what is new is read. */
export function openImplementers(tree: Tree, cache: Cache, version: string): Implementers {
  const found = new Map<string, readonly string[]>();
  let clauses: Promise<readonly (readonly [path: string, clause: string])[]> | undefined;
  return {
    get: (name) => found.get(name),
    load: async (names) => {
      for (const name of names) {
        if (found.has(name)) continue;
        clauses ??= clausesOf(tree, cache, `implements/${version}`);
        const says = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
        const paths = (await clauses).flatMap(([path, clause]) => (says.test(clause) ? [path] : []));
        found.set(name, [...new Set(paths)]);
      }
    },
  };
}

async function clausesOf(
  tree: Tree,
  cache: Cache,
  key: string,
): Promise<readonly (readonly [path: string, clause: string])[]> {
  const files = [...(await tree.entries()).values()].filter(({ path }) => isReadAsCode(path));
  const kept = await cache.get(key);
  const index: Index = kept === undefined ? { seen: [], clauses: [] } : JSON.parse(kept); // written below
  const seen = new Set(index.seen);
  const byId = new Map(index.clauses);
  const fresh = files.filter(({ id }) => !seen.has(id));
  const looked = fresh.length > 0 ? await lookThrough(tree, fresh) : new Map<string, readonly string[]>();
  if (looked.size > 0) {
    for (const [id, found] of looked) {
      seen.add(id);
      if (found.length > 0) byId.set(id, found);
    }
    const ids = seen.size > 3 * files.length ? new Set(files.map(({ id }) => id)) : seen;
    const clauses = [...byId].filter(([id]) => ids.has(id));
    const next: Index = { seen: [...ids].filter((id) => seen.has(id)), clauses };
    await cache.put(key, JSON.stringify(next));
  }
  return files.flatMap(({ path, id }) =>
    isOfTests(path) ? [] : (byId.get(id) ?? []).map((clause) => [path, clause] as const),
  );
}

/** The clauses of files by content; what has no text that can be read is left out, and so looked for again. */
async function lookThrough(
  tree: Tree,
  files: readonly TreeEntry[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const named = files.length > FEW ? await tree.search?.(['implements']) : undefined;
  const holding = named && new Set(named);
  const found = new Map<string, readonly string[]>();
  const read = holding ? files.filter(({ path }) => holding.has(path)) : files;
  const texts = await tree.read(read.map(({ path }) => path));
  for (const { path, id } of files) {
    const text = holding && !holding.has(path) ? '' : texts.get(path)?.text;
    if (text !== undefined)
      found.set(
        id,
        [...text.matchAll(CLAUSE)].map(([clause]) => clause),
      );
  }
  return found;
}
