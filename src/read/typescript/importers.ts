import { posix } from 'node:path';
import type { Tree } from '../../change/change-set.ts';
import { filesNaming } from '../files-naming.ts';
import { isOfTests } from './of-tests.ts';
import { isReadAsCode, loadCodeParser } from './parse.ts';
import type { ImportResolver } from './resolve.ts';
import { isModule, type Shelf } from './shelf.ts';

/** What looks like `from './orders'`, `import('./orders')` or `require('./orders')`, before a file is parsed for it. */
const SPECIFIERS = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** So many names are searched for; with more, all code is read, which git does faster. */
const FEW = 10;

/** The files that import others, tests left out; none of a file that a framework or a program begins with. */
export async function importersOf(
  tree: Tree,
  openResolver: () => Promise<ImportResolver>,
  shelf: Shelf,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (paths.length === 0) return new Map();
  const wanted = new Map(paths.map((path) => [path, new Set<string>()]));
  const words = new Set(paths.map((path) => posix.basename(stemOf(path))));
  const byStem = new Map(paths.map((path) => [stemOf(path), path]));
  const entries = await tree.entries();
  const naming = words.size > FEW ? [...entries.keys()] : await filesNaming(tree, [...words]);
  const read = naming.filter((path) => isReadAsCode(path) && !isOfTests(path));
  await loadCodeParser();
  for (const [importer, { text = '' }] of await tree.read(read))
    for (const [, , specifier = ''] of text.matchAll(SPECIFIERS)) {
      if (!words.has(posix.basename(stemOf(specifier)))) continue;
      const path = await targetOf(importer, specifier);
      const found = path === undefined || path === importer ? undefined : wanted.get(path);
      if (found && !found.has(importer) && isImported(importer, text, specifier)) found.add(importer);
    }
  return new Map([...wanted].map(([path, found]) => [path, [...found].sort()]));

  function isImported(importer: string, text: string, specifier: string): boolean {
    const module = shelf.parse(importer, entries.get(importer)?.id ?? '', text);
    return !isModule(module) || module.sources.includes(specifier);
  }

  async function targetOf(importer: string, specifier: string): Promise<string | undefined> {
    if (specifier.startsWith('.')) return byStem.get(stemOf(posix.join(posix.dirname(importer), specifier)));
    const target = (await openResolver()).resolve(importer, specifier);
    return target.kind === 'file' ? target.path : undefined;
  }
}

/** A path without its endings, of an index that of its folder: as imports write it. */
function stemOf(path: string): string {
  const stem = path.replace(/(\.d)?\.[cm]?[jt]sx?$|\.(vue|svelte)$/, '');
  return posix.basename(stem) === 'index' ? posix.dirname(stem) : stem;
}
