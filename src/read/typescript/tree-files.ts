import { posix } from 'node:path';
import type { TreeEntry } from '../../change/change-set.ts';
import type { JsonFiles, PackageFile } from './package-files.ts';

/** Suffixes of files of code, in the order in which an import without one tries them. */
export const SOURCES = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs'] as const;

/** A tree as a file system for the resolver. The packages of the tree lie in `/node_modules`, as links would put them there. */
export interface TreeFiles {
  /** Synchronous calls in the shape of Node's `fs`, root `/`. */
  readonly system: object;
  /** The tree's path of a file that the resolver found; undefined for none. */
  toPath(found: string): string | undefined;
}

/** Opens the file system of a tree: its paths are known, of contents only those of `json`. */
export function filesOfTree(
  entries: ReadonlyMap<string, TreeEntry>,
  json: JsonFiles,
  packages: ReadonlyMap<string, PackageFile>,
): TreeFiles {
  const folders = new Set<string>(['.']);
  for (const path of entries.keys())
    for (let folder = posix.dirname(path); !folders.has(folder); folder = posix.dirname(folder))
      folders.add(folder);
  const links = new Map<string, string>();
  for (const { folder, name } of packages.values())
    if (name !== undefined && (links.get(name)?.length ?? Infinity) > folder.length) links.set(name, folder);

  /** The tree's path of a path of the file system. */
  const real = (path: string): string => {
    const inner = posix.normalize(path).slice(1);
    const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(inner);
    if (!match) return inner === '' ? '.' : inner;
    const folder = links.get(match[1] ?? '');
    return folder === undefined ? inner : posix.join(folder, match[2] ?? '');
  };
  const isFile = (path: string) => entries.get(path)?.kind === 'file';
  const isFolder = (path: string) => {
    const inner = posix.normalize(path).slice(1);
    if (/^node_modules(\/@[^/]+)?$/.test(inner)) return links.size > 0;
    return folders.has(real(path));
  };
  const fileAt = (path: string): string | undefined => {
    const at = real(path);
    return isFile(at) ? at : sourceOf(at, packages, isFile);
  };

  const system = {
    statSync: (path: string) => {
      const file = fileAt(path) !== undefined;
      if (!file && !isFolder(path)) throw missing(path);
      return { isFile: () => file, isDirectory: () => !file };
    },
    readFileSync: (path: string) => {
      throw missing(path);
    },
    readJsonSync: (path: string) => {
      const content = json.get(real(path));
      if (!content) throw missing(path);
      return content;
    },
    readlinkSync: (path: string) => {
      throw Object.assign(new Error(`no link: ${path}`), { code: 'EINVAL' });
    },
    readdirSync: () => [],
  };
  return { system: withCallbacks(system), toPath: fileAt };
}

/** The library asks for calls with callbacks too, also where it uses only the others. */
function withCallbacks(system: Readonly<Record<string, (path: string) => unknown>>): object {
  const calls = Object.entries(system).map(([name, call]) => [
    name.replace(/Sync$/, ''),
    (path: string, ...rest: unknown[]) => {
      const done = rest.at(-1) as (error: unknown, result?: unknown) => void; // the callback is always the last
      try {
        done(null, call(path));
      } catch (error) {
        done(error);
      }
    },
  ]);
  return { ...system, ...Object.fromEntries(calls) };
}

function missing(path: string): Error {
  return Object.assign(new Error(`nothing at ${path}`), { code: 'ENOENT' });
}

const BUILT = /^(dist|build|lib|out|es|esm|cjs|output|\.build)$/;
const FORMAT = /^(es|esm|cjs|mjs|types|node|commonjs|module|src)$/;

/** The source of a file that a build would make: `packages/db/dist/index.js` → `packages/db/src/index.ts`. */
function sourceOf(
  path: string,
  packages: ReadonlyMap<string, PackageFile>,
  isFile: (path: string) => boolean,
): string | undefined {
  const match = /^(.*?)\.(?:d\.)?[cm]?[jt]sx?$/.exec(path);
  if (!match?.[1]) return undefined;
  let folder = posix.dirname(path);
  while (folder !== '.' && !packages.has(folder)) folder = posix.dirname(folder);
  const parts = posix.relative(folder, match[1]).split('/');
  if (!BUILT.test(parts[0] ?? '') || parts.length < 2) return undefined;
  let rest = parts.slice(1);
  const stems = [rest];
  while (rest.length > 1 && FORMAT.test(rest[0] ?? '')) {
    rest = rest.slice(1);
    stems.push(rest);
  }
  for (const stem of stems)
    for (const root of [posix.join(folder, 'src'), folder, posix.join(folder, 'lib')])
      for (const end of ['', '/index'])
        for (const suffix of SOURCES) {
          const candidate = posix.join(root, ...stem) + end + suffix;
          if (candidate !== path && isFile(candidate)) return candidate;
        }
  return undefined;
}
