import type { Cache } from '../../cache/cache.ts';
import type { ChangeSet, Tree } from '../../change/change-set.ts';
import type { Chain } from '../chain.ts';
import type { ChainChange } from '../chain-change.ts';
import { findChains } from '../find-chains.ts';
import { readMigrations } from '../replay.ts';
import { touchedWords } from '../touched-words.ts';
import { isReadAsCode } from '../typescript/parse.ts';
import type { Wrapper } from '../wrapper.ts';
import { newUses } from './new-uses.ts';
import { basesOf, type NewUse, type OpenChain, toOpen } from './open-change.ts';

/**
 * What a branch adds to a chain of ours, from the tree of the chain's folder alone. Nothing of its own is folded: what ours has
 * too, or is `known` by name, is left out, and the rest is folded on what ours was made on.
 */
export async function readBranchChain(
  own: Chain,
  tree: Tree,
  known: ReadonlySet<string>,
): Promise<OpenChain> {
  const { id, dialect } = own;
  const chain = await chainAt(own, tree);
  const added = chain?.migrations.filter(({ name }) => !known.has(name)) ?? [];
  const read = chain ? await readMigrations(chain, added, tree) : [];
  return { id, dialect, migrations: read.map(toOpen) };
}

/** The names of the migrations that a tree of the chain's folder has and ours has not, or has otherwise. */
export async function namesBeside(own: Chain, tree: Tree): Promise<readonly string[]> {
  return (await chainAt(own, tree))?.migrations.map(({ name }) => name) ?? [];
}

/** The folder of a chain, which a branch has to change to add to it; the whole tree where its migrations are in several. */
export function folderOfChain({ id, migrations }: Pick<Chain, 'id' | 'migrations'>): string {
  const folder = id.replace(/#\w+$/, '');
  return migrations.every(({ path }) => path.startsWith(`${folder}/`)) ? folder : '.';
}

/** The chain, without the migrations that ours has to the letter. */
async function chainAt(own: Chain, tree: Tree): Promise<Chain | undefined> {
  const shared = new Map(own.migrations.map(({ path, id }) => [path, id]));
  const entries = async () =>
    new Map([...(await tree.entries())].filter(([path, { id }]) => shared.get(path) !== id));
  const named = { path: own.id.replace(/#\w+$/, ''), tool: own.tool, dialect: own.dialect };
  return (await findChains({ ...tree, entries }, [named])).find(({ id }) => id === own.id);
}

/** What the code that a branch changes begins to use of tables from which ours takes something away. */
export async function readBranchUses(
  chains: readonly ChainChange[],
  changeSet: ChangeSet,
  cache: Cache,
  wrappers: readonly Wrapper[],
): Promise<readonly NewUse[]> {
  const words = [...touchedWords(chains)].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const code = changeSet.files.filter(
    ({ path, status, kind }) => kind === 'file' && status !== 'deleted' && isReadAsCode(path),
  );
  if (words.length === 0 || code.length === 0) return [];
  const pattern = new RegExp(`(?<![\\w$])(?:${words.join('|')})(?![\\w$])`);
  const texts = await changeSet.head.read(code.map(({ path }) => path));
  const files = code.filter(({ path }) => pattern.test(texts.get(path)?.text ?? ''));
  if (files.length === 0) return [];
  const { readCodeOfChange } = await import('../code-of-change.ts');
  const before = chains.map(
    (chain): ChainChange => ({
      ...chain,
      ...(chain.base ? { head: chain.base } : {}),
      ...{ headSchema: chain.baseSchema, kind: 'same', migrations: [], operations: [] },
    }),
  );
  const said = await (await readCodeOfChange(changeSet, files, cache, wrappers)).finish(before, 'none');
  return newUses({ base: said.base.queries, head: said.head.queries }, files, basesOf(chains));
}
