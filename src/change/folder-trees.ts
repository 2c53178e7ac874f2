import { readBlobs } from '../git/blobs.ts';
import { diffFolders } from '../git/diff.ts';
import type { Repository } from '../git/repository.ts';
import { idsAt } from '../git/tree.ts';
import type { Tree, TreeEntry } from './change-set.ts';
import { readEntries, treeOfCommit } from './commit-tree.ts';
import { MAX_FILE_BYTES } from './decode.ts';
import { patch, toDifference } from './difference.ts';

/**
 * One folder at several commits, by commit, beside what it is at `from`: only that is listed, the others are told by what
 * parts them from it, and that is read at once. Commits without the folder, and those that have it as `from` has it, are left
 * out.
 */
export async function folderTrees(
  repository: Repository,
  folder: string,
  from: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, Tree>> {
  const ids = await idsAt(repository, [from, ...commits], folder);
  const own = ids.get(from);
  const others = commits.flatMap((commit) => {
    const id = ids.get(commit);
    return id === undefined || id === own ? [] : [{ commit, id }];
  });
  if (own === undefined || others.length === 0) return new Map();
  const folders = others.map(({ id }) => id);
  const diffs = await diffFolders(repository, own, folders);
  const entries = await treeOfCommit(repository, from).part?.([folder]).entries();
  const within = (path: string) => (folder === '.' ? path : `${folder}/${path}`);
  const found = others.map(({ commit, id }) => {
    const differences = (diffs.get(id) ?? []).map((one) => toDifference({ ...one, path: within(one.path) }));
    return { commit, differences, entries: patch(entries ?? new Map(), differences) };
  });
  const fresh = found.flatMap(({ differences }) => differences.flatMap(({ head }) => head ?? []));
  // what is read here is kept, and asked for again tree by tree
  await readBlobs(
    repository,
    fresh.flatMap(({ kind, path, id }) => (kind === 'file' && !/snapshot\.json$/.test(path) ? id : [])),
    MAX_FILE_BYTES,
  );
  return new Map(found.map((one) => [one.commit, treeOf(repository, one.commit, one.entries)]));
}

function treeOf(repository: Repository, commit: string, entries: ReadonlyMap<string, TreeEntry>): Tree {
  return {
    name: commit,
    entries: async () => entries,
    read: (paths) => readEntries(repository, entries, paths),
  };
}
