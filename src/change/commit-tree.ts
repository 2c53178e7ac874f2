import { readBlobs } from '../git/blobs.ts';
import type { Repository } from '../git/repository.ts';
import { type GitEntry, listTree } from '../git/tree.ts';
import type { FileText, Tree, TreeEntry } from './change-set.ts';
import { decode, MAX_FILE_BYTES } from './decode.ts';

/** The tree of one commit. */
export function treeOfCommit(repository: Repository, commit: string): Tree {
  let listed: Promise<ReadonlyMap<string, TreeEntry>> | undefined;
  const entries = () => {
    listed ??= listTree(repository, commit).then((found) => toEntries(found));
    return listed;
  };
  return {
    name: commit,
    entries,
    read: async (paths) => readEntries(repository, await entries(), paths),
  };
}

/** The tree before the first commit. */
export const NOTHING: Tree = { name: 'nothing', entries: async () => new Map(), read: async () => new Map() };

/** Entries by path, in the order of the paths. */
export function toEntries(found: readonly GitEntry[]): Map<string, TreeEntry> {
  return new Map(found.map(({ path, mode, id }) => [path, { path, id, kind: kindOf(mode) }]));
}

/** What a git mode stands for. */
export function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === '160000') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}

/** Contents of paths whose ids are git's own. */
export async function readEntries(
  repository: Repository,
  entries: ReadonlyMap<string, TreeEntry>,
  paths: Iterable<string>,
): Promise<ReadonlyMap<string, FileText>> {
  const wanted = [...paths]
    .flatMap((path) => entries.get(path) ?? [])
    .filter((entry) => entry.kind !== 'submodule');
  const files = wanted.filter((entry) => entry.kind === 'file');
  const blobs = await readBlobs(
    repository,
    files.map((entry) => entry.id),
    MAX_FILE_BYTES,
  );
  const texts = new Map<string, FileText>();
  for (const { path, kind, id } of wanted) {
    const blob = blobs.get(id);
    if (kind === 'symlink') texts.set(path, { text: undefined, reason: 'symlink', bytes: 0 });
    else if (typeof blob === 'number') texts.set(path, { text: undefined, reason: 'too large', bytes: blob });
    else if (blob) texts.set(path, decode(blob));
  }
  return texts;
}
