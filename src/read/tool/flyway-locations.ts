import { dialectOf } from './dialect.ts';
import { byVersion, parseFlyway } from './flyway-name.ts';
import { folderOf, joined, type Layout, nameOf, upwards } from './layout.ts';
import { whyPassedOver } from './passed-over.ts';

/** What Flyway runs as one: a folder, and the folders whose files it scans. */
export interface Location {
  readonly folder: string;
  readonly folders: readonly string[];
}

const ROOT = /^(.*[-_.])?(migrations?|flyway)$/i;
const SHARED = /^(common|shared|all|default|base|core)$/i;

/**
 * The locations of a tree. Flyway scans a location with its sub-folders, so files below one `migration` folder are one chain;
 * those in sub-folders named after databases are one chain each, with what stands in `common` beside them.
 */
export function locationsOf(layout: Layout): readonly Location[] {
  const roots = new Map<string, string[]>();
  for (const [folder, names] of layout.sql) {
    if (!names.some((name) => parseFlyway(name))) continue;
    const root = upwards(folder).find((above) => ROOT.test(nameOf(above))) ?? folder;
    roots.set(root, [...(roots.get(root) ?? []), folder]);
  }
  return [...withBaselines(roots)]
    .flatMap(([root, folders]) => split(root, folders.sort()))
    .flatMap((location) => (repeatsVersions(layout, location) ? location.folders.map(alone) : [location]))
    .filter((location) => location.folders.some((folder) => hasVersions(layout, folder)));
}

/** `baseline/` beside the one folder of migrations is run before it. */
function withBaselines(roots: ReadonlyMap<string, string[]>): ReadonlyMap<string, string[]> {
  const merged = new Map(roots);
  for (const [root, folders] of roots) {
    if (!/^baselines?$/i.test(nameOf(root))) continue;
    const beside = [...roots.keys()].filter(
      (other) =>
        folderOf(other) === folderOf(root) && ROOT.test(nameOf(other)) && whyPassedOver(other) === undefined,
    );
    const [only, ...more] = beside;
    if (only === undefined || more.length > 0) continue;
    merged.set(only, [...folders, ...(merged.get(only) ?? [])]);
    merged.delete(root);
  }
  return merged;
}

function split(root: string, folders: readonly string[]): readonly Location[] {
  const byVendor = new Map<string, string[]>();
  const others: string[] = [];
  for (const folder of folders) {
    const below = folder === root ? '' : root === '.' ? folder : folder.slice(root.length + 1);
    const [first = ''] = below.split('/');
    if (dialectOf(first)) byVendor.set(first, [...(byVendor.get(first) ?? []), folder]);
    else others.push(folder);
  }
  if (byVendor.size === 0) return [{ folder: root, folders }];
  const shared = others.filter((folder) => folder === root || SHARED.test(folder.slice(root.length + 1)));
  return [
    ...[...byVendor].map(([vendor, own]) => ({ folder: joined(root, vendor), folders: [...shared, ...own] })),
    ...others.filter((folder) => !shared.includes(folder)).map(alone),
  ];
}

function alone(folder: string): Location {
  return { folder, folders: [folder] };
}

/** Flyway refuses a version that it finds twice: such folders are locations of their own. */
function repeatsVersions(layout: Layout, { folders }: Location): boolean {
  const versions = folders.flatMap((folder) =>
    (layout.sql.get(folder) ?? []).flatMap((name) => {
      const parsed = parseFlyway(name);
      return parsed?.kind === 'versioned' ? [parsed.version] : [];
    }),
  );
  versions.sort(byVersion);
  return (
    folders.length > 1 &&
    versions.some((version, at) => at > 0 && byVersion(version, versions[at - 1] ?? []) === 0)
  );
}

function hasVersions(layout: Layout, folder: string): boolean {
  return (layout.sql.get(folder) ?? []).some((name) =>
    /^(versioned|baseline)$/.test(parseFlyway(name)?.kind ?? ''),
  );
}
