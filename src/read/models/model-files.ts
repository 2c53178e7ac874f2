import { posix } from 'node:path';
import type { Tree } from '../../change/change-set.ts';
import { globRegex } from '../../change/glob.ts';
import type { Chain } from '../chain.ts';
import { type ExportingFiles, exportingFiles } from '../typescript/exporting-files.ts';
import type { CodeModule } from '../typescript/module.ts';
import { CODE_FILE, loadCodeParser } from '../typescript/parse.ts';
import type { ImportResolver } from '../typescript/resolve.ts';
import { isModule, type Shelf } from '../typescript/shelf.ts';

/** By chain the files whose models its tool makes migrations from; nothing of a chain whose configuration does not tell. */
export type ModelFiles = ReadonlyMap<string, ExportingFiles>;

/** Reads which files the chains' configurations name, with what those pass on. */
export async function readModelFiles(
  chains: readonly Chain[],
  tree: Tree,
  shelf: Shelf,
  resolver: () => Promise<ImportResolver>,
): Promise<ModelFiles> {
  const found = new Map<string, ExportingFiles>();
  const telling = chains.filter(({ models }) => models !== undefined);
  if (telling.length === 0) return found;
  const paths = [...(await tree.entries()).keys()].filter((path) => CODE_FILE.test(path));
  await loadCodeParser();
  const { resolve } = await resolver();
  const follow = openFollowing(tree, shelf, resolve);
  for (const { id, models = [] } of telling) {
    const starts = [...new Set(models.flatMap((model) => filesAt(model, paths)))];
    if (starts.length > 0) found.set(id, await follow(starts));
  }
  return found;
}

/** The files of a pattern, and those directly in a folder: deeper ones are not the kit's. */
function filesAt(model: string, paths: readonly string[]): readonly string[] {
  if (model.includes('*')) {
    const pattern = new RegExp(globRegex(model));
    return paths.filter((path) => pattern.test(path));
  }
  return paths.filter((path) => path === model || posix.dirname(path) === model);
}

/** Follows exports, loading what is asked for in rounds. */
function openFollowing(tree: Tree, shelf: Shelf, resolve: ImportResolver['resolve']) {
  const loaded = new Map<string, CodeModule | undefined>();
  return async (starts: readonly string[]): Promise<ExportingFiles> => {
    for (;;) {
      const wanted = new Set<string>();
      const load = (path: string) => {
        if (!loaded.has(path)) wanted.add(path);
        return loaded.get(path);
      };
      const found = exportingFiles(starts, { load, resolve });
      if (wanted.size === 0) return found;
      for (const path of wanted) loaded.set(path, undefined);
      const entries = await tree.entries();
      for (const [path, { text }] of await tree.read([...wanted])) {
        const module = text === undefined ? undefined : shelf.parse(path, entries.get(path)?.id ?? '', text);
        if (module && isModule(module)) loaded.set(path, module);
      }
    }
  };
}
