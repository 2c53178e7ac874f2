import type { Repository } from '../git/repository.ts';
import type { FileText, Tree, TreeEntry } from './change-set.ts';
import { readEntries, treeOfCommit } from './commit-tree.ts';

/** Characters that are kept before all is forgotten. */
const KEPT = 50_000_000;

/** Trees of many commits of one repository, of which each content is read once. */
export interface KeptTexts {
  /** Reads contents before they are asked for: git is started once for all of them. */
  prepare(entries: readonly TreeEntry[]): Promise<void>;
  treeOf(commit: string, entries: ReadonlyMap<string, TreeEntry>): Tree;
}

/** Opens an empty store of texts for one repository. */
export function openKeptTexts(repository: Repository): KeptTexts {
  const texts = new Map<string, FileText>();
  let length = 0;
  const load = async (entries: readonly TreeEntry[]): Promise<void> => {
    const unknown = entries.filter(({ id, kind }) => kind === 'file' && !texts.has(id));
    if (unknown.length === 0) return;
    const byId = new Map(unknown.map((entry) => [entry.id, { ...entry, path: entry.id }]));
    if (length > KEPT) {
      texts.clear();
      length = 0;
    }
    for (const [id, text] of await readEntries(repository, byId, byId.keys())) {
      texts.set(id, text);
      length += text.text?.length ?? 0;
    }
  };
  return {
    prepare: load,
    treeOf: (commit, entries) => ({
      ...treeOfCommit(repository, commit, { list: async () => entries }),
      read: async (paths) => {
        const wanted = [...paths].flatMap((path) => entries.get(path) ?? []);
        await load(wanted);
        const links = wanted.filter(({ kind }) => kind === 'symlink').map(({ path }) => path);
        const found = new Map(links.length > 0 ? await readEntries(repository, entries, links) : []);
        for (const { path, id, kind } of wanted) {
          const text = kind === 'file' ? texts.get(id) : undefined;
          if (text) found.set(path, text);
        }
        return found;
      },
    }),
  };
}
