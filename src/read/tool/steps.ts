import type { LeftOut, MigrationFile } from '../chain.ts';
import { folderOf, joined, type Layout, nameOf } from './layout.ts';

const UNKNOWN_CODE = 'code, not SQL: what it does to the schema is not known';

/** The migration of a chain whose every migration is a folder. */
export function fileOfStep(
  layout: Layout,
  folder: string,
  step: string,
  file: string,
  order: string,
): MigrationFile {
  const path = joined(joined(folder, step), file);
  return { name: step, path, id: layout.entries.get(path)?.id ?? '', order };
}

/** Folders named like migrations that lack the file that is run; one entry a folder. */
export function unrunSteps(layout: Layout, folder: string, file: string): readonly LeftOut[] {
  const found = new Map<string, string>();
  for (const path of layout.stepFiles.get(folder) ?? []) {
    const step = folderOf(path);
    if (!found.has(step) && !layout.entries.has(joined(step, file))) found.set(step, path);
  }
  return [...found].map(([step, path]) => ({
    path,
    reason: /\.sql$/i.test(path) ? `not run: ${nameOf(step)}/ has no ${file}` : UNKNOWN_CODE,
  }));
}

/** Code in a folder of SQL migrations that is named like one of them. */
export function codeMigrations(layout: Layout, folder: string): readonly LeftOut[] {
  return (layout.code.get(folder) ?? []).map((path) => ({ path, reason: UNKNOWN_CODE }));
}
