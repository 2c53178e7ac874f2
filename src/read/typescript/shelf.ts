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

/** Trees that are held at once, at most; the half that was asked for longest ago is let go. */
const MOST = 1200;

/** An empty shelf. */
export function openShelf(): Shelf {
  let asked = new Map<string, CodeModule | NoModule>();
  let older = new Map<string, CodeModule | NoModule>();
  return {
    parse: (path, id, text) => {
      const key = `${id} ${path}`;
      const before = asked.get(key);
      if (before) return before;
      if (asked.size >= MOST / 2) {
        older = asked;
        asked = new Map();
      }
      const module = older.get(key) ?? moduleOf(path, text);
      asked.set(key, module);
      return module;
    },
  };
}

function moduleOf(path: string, text: string): CodeModule | NoModule {
  const parsed = parseCode(path, text);
  return parsed.program
    ? toModule(path, text, parsed.program)
    : { path, reason: parsed.reason, offset: parsed.offset, text };
}

/** Whether a file could be parsed. */
export function isModule(found: CodeModule | NoModule): found is CodeModule {
  return 'program' in found;
}
