import { posix } from 'node:path';
import { extendedBy, isRecord, type JsonFiles } from './package-files.ts';

/** What the tsconfig above a file makes of names that are no relative paths. */
export interface PathMap {
  /** Absolute paths within the tree, `/` first, in the order in which they are tried. */
  candidates(specifier: string): readonly string[];
  /** Whether `paths` speaks of the name. */
  isMapped(specifier: string): boolean;
}

interface Mapping {
  /** Folder that targets are relative to. */
  readonly folder: string;
  readonly pattern: string;
  readonly targets: readonly string[];
}

interface Config {
  readonly mappings: readonly Mapping[];
  /** Folder of `baseUrl`, if it is set. */
  readonly baseUrl?: string;
}

/** The map of each file: that of the nearest tsconfig.json or jsconfig.json above it. Loops of `extends` end where they close. */
export function pathMaps(json: JsonFiles): (path: string) => PathMap | undefined {
  const names = new Map(
    [...json].flatMap(([path, { name }]) =>
      posix.basename(path) === 'package.json' && typeof name === 'string'
        ? [[name, posix.dirname(path)] as const]
        : [],
    ),
  );
  const byFolder = new Map<string, PathMap | undefined>();
  const ofFolder = (folder: string): PathMap | undefined => {
    if (byFolder.has(folder)) return byFolder.get(folder);
    const own = ['tsconfig.json', 'jsconfig.json']
      .map((name) => posix.join(folder, name))
      .find((path) => json.has(path));
    const above = folder === '.' ? undefined : posix.dirname(folder);
    const map = own
      ? mapOf(withReferences(own, json, names))
      : above === undefined
        ? undefined
        : ofFolder(above);
    byFolder.set(folder, map);
    return map;
  };
  return (path) => ofFolder(posix.dirname(path));
}

function mapOf({ mappings, baseUrl }: Config): PathMap {
  const sorted = [...mappings].sort((a, b) => prefixLength(b.pattern) - prefixLength(a.pattern));
  return {
    isMapped: (specifier) =>
      sorted.some(({ pattern }) => pattern !== '*' && starOf(pattern, specifier) !== undefined),
    candidates: (specifier) => {
      for (const { folder, pattern, targets } of sorted) {
        const star = starOf(pattern, specifier);
        if (star === undefined) continue;
        const mapped = targets.map((target) =>
          posix.join(
            '/',
            folder,
            target.replace('*', () => star),
          ),
        );
        return baseUrl === undefined ? mapped : [...mapped, posix.join('/', baseUrl, specifier)];
      }
      return baseUrl === undefined ? [] : [posix.join('/', baseUrl, specifier)];
    },
  };
}

function prefixLength(pattern: string): number {
  const star = pattern.indexOf('*');
  return star < 0 ? pattern.length + 1 : star;
}

/** What the star of a pattern stands for in a name: empty for a pattern without one; undefined where it does not fit. */
function starOf(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === specifier ? '' : undefined;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits =
    specifier.length >= before.length + after.length &&
    specifier.startsWith(before) &&
    specifier.endsWith(after);
  return fits ? specifier.slice(before.length, specifier.length - after.length) : undefined;
}

/** A config that only refers to others (`files: []`) speaks through them. */
function withReferences(path: string, json: JsonFiles, names: ReadonlyMap<string, string>): Config {
  const own = readConfig(path, json, names, new Set());
  const { references } = json.get(path) ?? {};
  if (own.mappings.length > 0 || !Array.isArray(references)) return own;
  const configs = references.flatMap((reference: unknown) => {
    if (!isRecord(reference) || typeof reference.path !== 'string') return [];
    const target = posix.join(posix.dirname(path), reference.path);
    const found = [target, posix.join(target, 'tsconfig.json')].find((one) => json.has(one));
    return found ? [readConfig(found, json, names, new Set())] : [];
  });
  return { mappings: configs.flatMap((config) => config.mappings), baseUrl: own.baseUrl };
}

function readConfig(
  path: string,
  json: JsonFiles,
  names: ReadonlyMap<string, string>,
  open: ReadonlySet<string>,
): Config {
  const config = json.get(path);
  if (!config || open.has(path)) return { mappings: [] };
  const within = new Set([...open, path]);
  let inherited: Config = { mappings: [] };
  for (const candidates of extendedBy(path, config, names)) {
    const found = candidates.find((one) => json.has(one));
    if (!found) continue;
    const parent = readConfig(found, json, names, within);
    inherited = {
      mappings: parent.mappings.length > 0 ? parent.mappings : inherited.mappings,
      baseUrl: parent.baseUrl ?? inherited.baseUrl,
    };
  }
  const options = isRecord(config.compilerOptions) ? config.compilerOptions : {};
  const folder = posix.dirname(path);
  const baseUrl = typeof options.baseUrl === 'string' ? inTree(folder, options.baseUrl) : inherited.baseUrl;
  if (!isRecord(options.paths)) return { mappings: inherited.mappings, baseUrl };
  const mappings = Object.entries(options.paths).flatMap(([pattern, targets]) => {
    const texts = Array.isArray(targets)
      ? targets.filter((one): one is string => typeof one === 'string')
      : [];
    return [
      {
        folder: baseUrl ?? folder,
        pattern,
        targets: texts.map((text) => text.replace(/\$\{configDir\}/, '.')),
      },
    ];
  });
  return { mappings, baseUrl };
}

/** A folder relative to another; what leads out of the tree ends at its root. */
function inTree(folder: string, path: string): string {
  return posix.relative('/', posix.join('/', folder, path)) || '.';
}
