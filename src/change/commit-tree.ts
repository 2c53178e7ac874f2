import { readBlobs } from '../git/blobs.ts';
import { grepWords } from '../git/grep.ts';
import type { Repository } from '../git/repository.ts';
import { listTree } from '../git/tree.ts';
import type { FileText, Tree, TreeEntry } from './change-set.ts';
import { decode, MAX_FILE_BYTES } from './decode.ts';

/** How a side of a change is known before its whole tree is listed. */
export interface CommitTreeOptions {
  /** Entries that are known already: reading them lists nothing. */
  readonly known?: ReadonlyMap<string, TreeEntry>;
  /** Lists the tree; by default git does. */
  readonly list?: () => Promise<ReadonlyMap<string, TreeEntry>>;
  /** Finds words; by default git does, in all of it. */
  readonly search?: Tree['search'];
}

/** The tree of one commit. */
export function treeOfCommit(repository: Repository, commit: string, options: CommitTreeOptions = {}): Tree {
  const { known, list = () => listCommit(repository, commit) } = options;
  const { search = (words: readonly string[]) => grepWords(repository, commit, words) } = options;
  const entries = once(list);
  return {
    name: commit,
    entries,
    read: async (paths) => {
      const wanted = [...paths];
      const all = known && wanted.every((path) => known.has(path)) ? known : await entries();
      return readEntries(repository, all, wanted);
    },
    part: (below) => {
      const list = () => listCommit(repository, commit, below);
      const { name, entries, read } = treeOfCommit(repository, commit, { list });
      return { name, entries, read };
    },
    search,
  };
}

/** The tree before the first commit. */
export const NOTHING: Tree = {
  name: 'nothing',
  entries: async () => new Map(),
  read: async () => new Map(),
  search: async () => [],
};

async function listCommit(
  repository: Repository,
  commit: string,
  below?: readonly string[],
): Promise<ReadonlyMap<string, TreeEntry>> {
  const found = await listTree(repository, commit, below);
  return sortedEntries(found.map(({ path, mode, id }) => ({ path, id, kind: kindOf(mode) })));
}

/** Entries by path, in the order of the paths. */
export function sortedEntries(entries: TreeEntry[]): ReadonlyMap<string, TreeEntry> {
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** Runs `make` at the first call and keeps what it made. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
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
  const wanted = [...paths].flatMap((path) => entries.get(path) ?? []);
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
    else if (blob === 'missing') texts.set(path, { text: undefined, reason: 'missing', bytes: 0 });
    else if (typeof blob === 'number') texts.set(path, { text: undefined, reason: 'too large', bytes: blob });
    else if (blob) texts.set(path, decode(blob));
  }
  return texts;
}
