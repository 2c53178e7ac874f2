import { type CodeModule, toModule } from './module.ts';
import { parseCode } from './parse.ts';

/** A file that is no module, and why. */
export interface NoModule {
  readonly path: string;
  readonly reason: string;
  /** UTF-16 offset of the first thing that is wrong; 0 for the whole. */
  readonly offset: number;
  readonly text: string;
}

/** Parsed modules by path and content, shared by both sides of a change: what one file says does not depend on the side. */
export interface Shelf {
  parse(path: string, id: string, text: string): CodeModule | NoModule;
}

/** Trees that are held at once; when there are more, all are let go. */
const MOST = 1200;

/** An empty shelf. */
export function openShelf(): Shelf {
  const modules = new Map<string, CodeModule | NoModule>();
  return {
    parse: (path, id, text) => {
      const key = `${id} ${path}`;
      const before = modules.get(key);
      if (before) return before;
      if (modules.size >= MOST) modules.clear();
      const parsed = parseCode(path, text);
      const made = parsed.program
        ? toModule(path, text, parsed.program)
        : { path, reason: parsed.reason, offset: parsed.offset, text };
      modules.set(key, made);
      return made;
    },
  };
}

/** Whether a file could be parsed. */
export function isModule(found: CodeModule | NoModule): found is CodeModule {
  return 'program' in found;
}
