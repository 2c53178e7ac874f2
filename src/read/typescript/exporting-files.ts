import { passedOn } from './exports.ts';
import type { Modules } from './trail.ts';

/** Files whose exports some files have, their own among them. */
export interface ExportingFiles {
  readonly files: ReadonlySet<string>;
  /** Whether there are certainly no others: every file could be read, and all that is passed on is in the tree. */
  readonly isWhole: boolean;
}

/** Follows what files pass on of each other: `export * from`, `export { a } from`. */
export function exportingFiles(
  starts: readonly string[],
  modules: Pick<Modules, 'load' | 'resolve'>,
): ExportingFiles {
  const files = new Set(starts);
  let isWhole = true;
  for (const path of files) {
    const module = modules.load(path);
    const sources = module && passedOn(module);
    isWhole &&= sources !== undefined;
    for (const source of sources ?? []) {
      if (NO_TABLES.test(source)) continue;
      const target = modules.resolve(path, source);
      if (target.kind === 'file') files.add(target.path);
      else isWhole = false;
    }
  }
  return { files, isWhole };
}

/** Passed on for convenience: no package of these declares a table. */
const NO_TABLES = /^(drizzle-orm|drizzle-zod|drizzle-valibot|drizzle-typebox|zod)(\/|$)/;
