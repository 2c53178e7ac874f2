import type { Tree } from '../change/change-set.ts';
import { isReadAsCode } from './typescript/parse.ts';

/** Files of code that hold one of the words. */
export async function filesNaming(tree: Tree, words: readonly string[]): Promise<readonly string[]> {
  if (words.length === 0) return [];
  const found = await tree.search?.(words);
  if (found) return found.filter(isReadAsCode);
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\w$])(?:${escaped.join('|')})(?![\\w$])`);
  const paths = [...(await tree.entries()).keys()].filter(isReadAsCode);
  return [...(await tree.read(paths))].flatMap(([path, { text }]) =>
    text !== undefined && pattern.test(text) ? [path] : [],
  );
}
