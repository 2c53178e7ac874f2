import { posix } from 'node:path';
import type { ChainChange } from './chain-change.ts';
import type { Prefer } from './tables-named.ts';
import type { ImportResolver } from './typescript/resolve.ts';

/**
 * Of several chains that have a table, the one that a file means: that of a package which the file's own package reaches, and
 * whose table has the columns that are named, the nearest of several; and where nearness does not tell, the one that a migration tool keeps, if the others set up the same
 * database without one.
 */
export function preferChain(
  resolver: ImportResolver,
  all: readonly ChainChange[],
  side: 'base' | 'head',
): Prefer {
  const byId = new Map(all.map((chain) => [chain.id, describe(chain, side)]));
  const isOwn = (chain: string, path: string) =>
    resolver.packageOf(posix.join(chain, '_')) === resolver.packageOf(path);
  return (chains, path, fitting) => {
    // a name that the own package's table lacks may be a mistake; another's without it is another table
    const isOpen = fitting.length === 0 || chains.some((chain) => isOwn(chain, path));
    const near = nearest(resolver, isOpen ? chains : fitting, path);
    if (near.length === 1) return near[0];
    const among = near.flatMap((id) => byId.get(id) ?? []);
    const [kept, ...further] = among.filter(({ isKept }) => isKept);
    if (!kept || further.length > 0) return undefined;
    return among.every((one) => one === kept || isMostlyIn(one, kept)) ? kept.id : undefined;
  };
}

/** A chain as far as it tells which of two is the database's own. */
interface Described {
  readonly id: string;
  readonly dialect: string;
  /** Whether a migration tool keeps it: files that are only numbered, or one that holds a schema, may be a set-up or a copy. */
  readonly isKept: boolean;
  readonly tables: ReadonlySet<string>;
}

function describe(chain: ChainChange, side: 'base' | 'head'): Described {
  const schema = side === 'head' ? chain.headSchema : chain.baseSchema;
  const tool = (chain.head ?? chain.base)?.tool;
  return {
    id: chain.id,
    dialect: schema.dialect,
    isKept: tool !== 'numbered' && tool !== 'schema-file',
    tables: new Set([...schema.tables.values()].map(({ name }) => name.toLowerCase())),
  };
}

/** Whether most tables of a chain are another's too: both make the same database. */
function isMostlyIn(one: Described, other: Described): boolean {
  const shared = [...one.tables].filter((name) => other.tables.has(name)).length;
  return one.dialect === other.dialect && shared * 2 > one.tables.size;
}

function nearest(resolver: ImportResolver, chains: readonly string[], path: string): readonly string[] {
  const reached = new Set(resolver.reachOf(resolver.packageOf(path)));
  const within = chains.filter((chain) => reached.has(resolver.packageOf(posix.join(chain, '_'))));
  const among = within.length > 0 ? within : chains;
  const shared = among.map((chain) => sharedFolders(chain, path));
  const most = Math.max(...shared);
  return among.filter((_, index) => shared[index] === most);
}

function sharedFolders(folder: string, path: string): number {
  const [left, right] = [folder.split('/'), path.split('/').slice(0, -1)];
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared++;
  return shared;
}
