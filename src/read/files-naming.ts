import type { Tree } from '../change/change-set.ts';
import { isReadAsCode } from './typescript/parse.ts';

/** Files of code that hold one of the words. */
export async function filesNaming(tree: Tree, words: readonly string[]): Promise<readonly string[]> {
  if (words.length === 0) return [];
  if (tree.search) return (await tree.search(words)).filter(isReadAsCode);
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\w$])(?:${escaped.join('|')})(?![\\w$])`);
  const paths = [...(await tree.entries()).keys()].filter(isReadAsCode);
  return [...(await tree.read(paths))].flatMap(([path, { text }]) =>
    text !== undefined && pattern.test(text) ? [path] : [],
  );
}
