import type { Cache } from '../cache/cache.ts';
import { folderTrees } from '../change/folder-trees.ts';
import { changeOfCommits } from '../change/from-git.ts';
import type { Config } from '../config.ts';
import { listRemoteBranches, type RemoteBranch, timeOf } from '../git/branches.ts';
import type { Repository } from '../git/repository.ts';
import { defaultBranch, findMergeBase } from '../git/revision.ts';
import { idsAt } from '../git/tree.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { OtherChange } from '../read/conflicts/beside-others.ts';
import { type OpenChain, openChainsOf } from '../read/conflicts/open-change.ts';
import {
  folderOfChain,
  namesBeside,
  readBranchChain,
  readBranchUses,
} from '../read/conflicts/read-branch.ts';
import { takesAway } from '../read/conflicts/read-open-change.ts';
import type { Push } from './pushes.ts';

/** The branches beside which a push is judged. */
export interface OtherBranches {
  readonly changes: readonly OtherChange[];
  /** How many of the remote's branches were left out, since they did not move lately or others moved later. */
  readonly left: number;
}

const NONE: OtherBranches = { changes: [], left: 0 };
const DAY = 24 * 60 * 60;

/**
 * Reads what the remote's branches, as they were fetched last, add to the chains that a push adds to: few of them, of their
 * folders alone, and of their code only where the push takes something away. A push that adds no migration asks for nothing.
 */
export async function otherBranches(
  repository: Repository,
  { push, remote, head }: { readonly push: Push; readonly remote: string; readonly head: string },
  followed: readonly ChainChange[],
  { hook, wrappers }: Pick<Config, 'hook' | 'wrappers'>,
  cache: Cache,
): Promise<OtherBranches> {
  const chains = followed.filter(
    ({ kind, base, migrations }) => kind === 'appended' && base && migrations.length > 0,
  );
  if (chains.length === 0 || hook.branches === 0) return NONE;
  const own = push.remoteRef.replace(/^refs\/heads\//, `refs/remotes/${remote}/`);
  const all = (await listRemoteBranches(repository, remote, head)).filter(({ ref }) => ref !== own);
  if (all.length === 0) return NONE;
  const takes = takesAway({ chains: openChainsOf(chains) });
  const since = (await timeOf(repository, head)) - hook.days * DAY;
  const main = await defaultBranch(repository, remote);
  const late = all.filter(({ ref, time }) => time >= since || ref === main);
  const adding = takes ? late : await changing(repository, chains, late, main);
  const isMain = ({ ref }: RemoteBranch) => ref === main;
  const chosen = [...adding.filter(isMain), ...adding.filter((one) => !isMain(one))].slice(0, hook.branches);
  const added = await addedBy(repository, head, chains, chosen, main);
  const changes: OtherChange[] = [];
  for (const branch of chosen) {
    const { ref, commit } = branch;
    const root = takes && (await findMergeBase(repository, isMain(branch) ? head : (main ?? head), commit));
    const uses = root
      ? await readBranchUses(chains, await changeOfCommits(repository, root, commit), cache, wrappers)
      : [];
    const theirs = added.get(commit) ?? [];
    const name = ref.replace(/^refs\/remotes\//, '');
    changes.push({ name, isMerged: isMain(branch), change: { chains: theirs, uses } });
  }
  return { changes, left: all.length - late.length + adding.length - chosen.length };
}

/** What branches add to chains, by commit: of branches other than the default one without what that has gained meanwhile. */
async function addedBy(
  repository: Repository,
  head: string,
  chains: readonly ChainChange[],
  branches: readonly RemoteBranch[],
  main: string | undefined,
): Promise<ReadonlyMap<string, readonly OpenChain[]>> {
  const found = new Map<string, OpenChain[]>();
  for (const { head: own, added } of chains) {
    if (!own) continue;
    const commits = branches.map(({ commit }) => commit);
    const trees = await folderTrees(repository, folderOfChain(own), head, commits);
    const fresh = new Set(added.map(({ name }) => name));
    const known = own.migrations.flatMap(({ name }) => (fresh.has(name) ? [] : name));
    const mainTree = trees.get(branches.find(({ ref }) => ref === main)?.commit ?? '');
    const gained = mainTree ? await namesBeside(own, mainTree) : [];
    for (const { ref, commit } of branches) {
      const tree = trees.get(commit);
      if (!tree) continue;
      const without = new Set(ref === main ? known : [...known, ...gained]);
      found.set(commit, [...(found.get(commit) ?? []), await readBranchChain(own, tree, without)]);
    }
  }
  return found;
}

/** Of some branches those that have a chain otherwise than the default branch, and that one. */
async function changing(
  repository: Repository,
  chains: readonly ChainChange[],
  branches: readonly RemoteBranch[],
  main: string | undefined,
): Promise<readonly RemoteBranch[]> {
  if (main === undefined) return branches;
  const found = new Set<RemoteBranch>();
  for (const { head } of chains) {
    if (!head) continue;
    const commits = [main, ...branches.map(({ commit }) => commit)];
    const ids = await idsAt(repository, commits, folderOfChain(head));
    for (const branch of branches) {
      const id = ids.get(branch.commit);
      if (branch.ref === main || (id !== undefined && id !== ids.get(main))) found.add(branch);
    }
  }
  return branches.filter((branch) => found.has(branch));
}
