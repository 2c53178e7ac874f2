import type { ChangeSet } from '../change/change-set.ts';
import type { ChainChange } from './chain-change.ts';
import { readMigrations } from './replay.ts';
import type { SqlSource } from './source.ts';
import { CODE_FILE } from './typescript/parse.ts';

/** Sources of changed migrations in code, on both sides. */
export async function readCodeSources(
  changeSet: ChangeSet,
  chains: readonly ChainChange[],
): Promise<Record<'base' | 'head', readonly SqlSource[]>> {
  const changed = {
    head: new Set(changeSet.files.flatMap((file) => (file.status === 'deleted' ? [] : file.path))),
    base: new Set(
      changeSet.files.flatMap((file) => (file.status === 'added' ? [] : (file.oldPath ?? file.path))),
    ),
  };
  const found = { base: [] as SqlSource[], head: [] as SqlSource[] };
  for (const chain of chains) {
    const read = new Map(chain.migrations.map(({ source }) => [source.path, source]));
    for (const side of ['base', 'head'] as const) {
      const own = chain[side];
      if (!own) continue;
      const files = own.migrations.filter(({ path }) => CODE_FILE.test(path) && changed[side].has(path));
      const unread = files.filter(({ path }) => side === 'base' || !read.has(path));
      if (side === 'head') found.head.push(...files.flatMap(({ path }) => read.get(path) ?? []));
      if (unread.length === 0) continue;
      const further = await readMigrations(own, unread, changeSet[side]);
      found[side].push(...further.map(({ source }) => source));
    }
  }
  return found;
}
