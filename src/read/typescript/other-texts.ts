import { createHash } from 'node:crypto';
import type { Tree } from '../../change/change-set.ts';
import { isPassedOver } from './parse.ts';

/** A file of the tree whose text counts. */
export interface OtherText {
  readonly path: string;
  readonly text: string;
}

/** Files of a tree that code cannot be understood without, by how their names end. */
export interface OtherTexts {
  /** Whether there are any. */
  has(suffix: string): boolean;
  /** The same list each time; undefined before {@link load}. */
  get(suffix: string): readonly OtherText[] | undefined;
  load(suffixes: Iterable<string>): Promise<void>;
  /** Differs where any of the files differs, or another one is there. */
  mark(suffix: string): string;
}

/** The other texts of a tree with the given entries. */
export function openOtherTexts(
  tree: Tree,
  entries: ReadonlyMap<string, { readonly id: string }>,
): OtherTexts {
  const paths = new Map<string, readonly string[]>();
  const loaded = new Map<string, readonly OtherText[]>();
  const marks = new Map<string, string>();
  const pathsOf = (suffix: string): readonly string[] => {
    const before = paths.get(suffix);
    if (before) return before;
    const found = [...entries.keys()].filter((path) => path.endsWith(suffix) && !isPassedOver(path));
    paths.set(suffix, found);
    return found;
  };
  return {
    has: (suffix) => pathsOf(suffix).length > 0,
    get: (suffix) => loaded.get(suffix),
    load: async (suffixes) => {
      for (const suffix of suffixes) {
        if (loaded.has(suffix)) continue;
        const texts = await tree.read(pathsOf(suffix));
        loaded.set(
          suffix,
          [...texts].flatMap(([path, { text }]) => (text === undefined ? [] : [{ path, text }])),
        );
      }
    },
    mark: (suffix) => {
      const before = marks.get(suffix);
      if (before !== undefined) return before;
      const hash = createHash('sha256');
      for (const path of pathsOf(suffix)) hash.update(`${path}\0${entries.get(path)?.id ?? ''}\0`);
      const mark = hash.digest('hex');
      marks.set(suffix, mark);
      return mark;
    },
  };
}
