import { folderOf, joined, type Layout, nameOf, upwards } from '../layout.ts';
import { whyPassedOver } from '../passed-over.ts';
import { CHANGES, MIGRATIONS } from '../speaking.ts';

const SCRIPT = /\.[cm]?[jt]s$/;
const NO_MIGRATION = /(\.d\.[cm]?ts|\.(test|spec|e2e|stories|config)\.[cm]?[jt]s)$/;
const SPEAKING = new RegExp(`(^|[-_.])(${MIGRATIONS}|${CHANGES})($|[-_.\\d])`, 'i');

const SEEDS = /(^|\/)(seeds?|seeders?|seeding)(\/|$)/i;

const known = new WeakMap<Layout, ReadonlyMap<string, readonly string[]>>();

/** Folders whose files of code may be migrations: named so, or holding files that begin with a time. */
export function codeFolders(layout: Layout): readonly string[] {
  return [...layout.code].flatMap(([folder, paths]) => {
    if (whyPassedOver(folder) !== undefined || SEEDS.test(folder)) return [];
    const scripts = paths.filter((path) => SCRIPT.test(path) && !NO_MIGRATION.test(path));
    const speaks = folder
      .split('/')
      .slice(-3)
      .some((part) => SPEAKING.test(part));
    return scripts.some((path) => speaks || /^\d{8,}/.test(nameOf(path))) ? [folder] : [];
  });
}

/** Paths of the files of JavaScript and TypeScript directly in a folder, by name; of a source and its build the source. */
export function scriptsOf(layout: Layout, folder: string): readonly string[] {
  let index = known.get(layout);
  if (!index) {
    const found = new Map<string, string[]>();
    for (const path of layout.entries.keys()) {
      if (!SCRIPT.test(path) || NO_MIGRATION.test(path)) continue;
      const home = folderOf(path);
      if (!layout.code.has(home)) continue;
      const list = found.get(home);
      if (list) list.push(path);
      else found.set(home, [path]);
    }
    index = found;
    known.set(layout, index);
  }
  const paths = index.get(folder) ?? [];
  const sources = new Set(paths.filter((path) => /ts$/.test(path)).map((path) => path.replace(SCRIPT, '')));
  return paths.filter((path) => /ts$/.test(path) || !sources.has(path.replace(SCRIPT, '')));
}

/** Files of a tool's configuration in a folder and above it, nearest first. */
export function configsAbove(layout: Layout, folder: string, names: readonly string[]): readonly string[] {
  return upwards(folder)
    .flatMap((above) => names.map((name) => joined(above, name)))
    .filter((path) => layout.entries.has(path));
}
