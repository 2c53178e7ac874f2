import type { ChangeSet, Tree, TreeEntry } from './change-set.ts';
import { compareTrees } from './compare-trees.ts';
import { contentId } from './disk.ts';

/** A tree held in memory. */
export function treeOfTexts(name: string, texts: ReadonlyMap<string, string>): Tree {
  const entries = new Map<string, TreeEntry>();
  for (const path of [...texts.keys()].sort())
    entries.set(path, { path, kind: 'file', id: contentId(Buffer.from(texts.get(path) ?? '')) });
  return {
    name,
    entries: async () => entries,
    read: async (paths) => {
      const found = [...paths].flatMap((path) => {
        const text = texts.get(path);
        return text === undefined ? [] : [[path, { text, encoding: 'utf-8' as const }] as const];
      });
      return new Map(found);
    },
  };
}

/** The change between two sets of texts by path; `renames` tells old paths by new ones where the content changed too. */
export function changeOfTexts(
  base: ReadonlyMap<string, string>,
  head: ReadonlyMap<string, string>,
  renames?: ReadonlyMap<string, string>,
): Promise<ChangeSet> {
  return compareTrees(treeOfTexts('base', base), treeOfTexts('head', head), renames);
}
