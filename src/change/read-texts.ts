import type { ChangeSet } from './change-set.ts';

/** Head's texts of the given paths, base's for those that head lacks; files that are no text are left out. */
export async function readTexts(
  changeSet: ChangeSet,
  paths: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(paths);
  const texts = new Map<string, string>();
  for (const tree of [changeSet.head, changeSet.base]) {
    const missing = [...wanted].filter((path) => !texts.has(path));
    if (missing.length === 0) break;
    for (const [path, content] of await tree.read(missing))
      if (content.text !== undefined) texts.set(path, content.text);
  }
  return texts;
}
