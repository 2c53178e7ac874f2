import { posix } from 'node:path';
import type { Tree } from '../../change/change-set.ts';
import { type PackageFile, packagesOf, readJsonFiles } from './package-files.ts';
import { type PathMap, pathMaps } from './path-map.ts';
import { filesOfTree, SOURCES, type TreeFiles } from './tree-files.ts';

/** Where an import leads. */
export type Resolution =
  | { readonly kind: 'file'; readonly path: string }
  /** A package that is not part of the tree. */
  | { readonly kind: 'external'; readonly name: string }
  /** Meant to be in the tree, and is not: generated, ignored by git, or wrong. */
  | { readonly kind: 'missing' };

/** Answers where the imports of a tree lead, without the disk and never out of the tree. */
export interface ImportResolver {
  resolve(from: string, specifier: string): Resolution;
  /** The folder of the package that a file belongs to; `.` where no package.json is above it. */
  packageOf(path: string): string;
  /** Folders of the tree's packages that the package in `folder` depends on, itself first, with what those depend on. */
  reachOf(folder: string): readonly string[];
}

/** The part of the library that is used: plain calls over a file system of one's own. */
type Resolver = { resolveSync(context: object, folder: string, request: string): string | false };

/** Reads a tree's package and tsconfig files in a few batches and opens the resolver over its paths. */
export async function openImportResolver(tree: Tree): Promise<ImportResolver> {
  const entries = await tree.entries();
  const { ResolverFactory } = (await import('enhanced-resolve')).default;
  const json = await readJsonFiles(tree, entries);
  const packages = packagesOf(json);
  const files = filesOfTree(entries, json, packages);
  const options = {
    fileSystem: files.system,
    useSyncFileSystemCalls: true,
    symlinks: false,
    extensions: [...SOURCES, '.json', '.vue', '.svelte'],
    extensionAlias: {
      '.js': ['.ts', '.tsx', '.js', '.jsx'],
      '.jsx': ['.tsx', '.jsx'],
      '.mjs': ['.mts', '.mjs'],
      '.cjs': ['.cts', '.cjs'],
    },
    conditionNames: CONDITIONS,
    mainFields: ['source', 'module', 'main', 'types'],
    modules: ['/node_modules'],
  };
  // the library's types ask for asynchronous calls even where only synchronous ones are used
  const resolver: Resolver = ResolverFactory.createResolver(options as never);
  const maps = pathMaps(json);
  return resolverOver(resolver, files, packages, maps);
}

/** Where a package offers its source or types under a condition, that is what is to be read. */
const CONDITIONS = [
  'source',
  'development',
  'import',
  'require',
  'node',
  'bun',
  'module',
  'types',
  'default',
];

function resolverOver(
  resolver: Resolver,
  files: TreeFiles,
  packages: ReadonlyMap<string, PackageFile>,
  mapOf: (path: string) => PathMap | undefined,
): ImportResolver {
  const known = new Map<string, Resolution>();
  const byName = new Map(
    [...packages.values()].flatMap((one) => (one.name === undefined ? [] : [[one.name, one]])),
  );

  const find = (folder: string, request: string): string | undefined => {
    try {
      const found = resolver.resolveSync({}, folder, request);
      return found === false ? undefined : files.toPath(found);
    } catch {
      return undefined; // the library throws for whatever cannot be found
    }
  };
  const look = (from: string, specifier: string): Resolution => {
    const folder = posix.join('/', posix.dirname(from));
    const request = specifier.replace(/[?#].*$/, '') || specifier;
    if (/^\.{1,2}(\/|$)/.test(request)) return fileOr(find(folder, request), { kind: 'missing' });
    if (/^([a-z]+:|\/)/i.test(request)) return { kind: 'external', name: request };
    const map = mapOf(from);
    const mapped = map?.candidates(request) ?? [];
    for (const candidate of mapped) {
      const path = find('/', candidate);
      if (path !== undefined) return { kind: 'file', path };
    }
    const path = find(folder, request);
    if (path !== undefined) return { kind: 'file', path };
    const name = packageName(request);
    const isOurs = request.startsWith('#') || byName.has(name) || (map?.isMapped(request) ?? false);
    return isOurs ? { kind: 'missing' } : { kind: 'external', name };
  };
  const packageOf = (path: string): string => {
    for (let folder = posix.dirname(path); ; folder = posix.dirname(folder))
      if (folder === '.' || packages.has(folder)) return folder;
  };
  return {
    resolve: (from, specifier) => {
      const key = `${posix.dirname(from)}\0${specifier}`;
      const before = known.get(key);
      if (before) return before;
      const found = look(from, specifier);
      known.set(key, found);
      return found;
    },
    packageOf,
    reachOf: (folder) => {
      const reached = new Set([folder]);
      for (const one of reached)
        for (const name of packages.get(one)?.dependencies ?? []) {
          const dependency = byName.get(name);
          if (dependency) reached.add(dependency.folder);
        }
      return [...reached];
    },
  };
}

function fileOr(path: string | undefined, other: Resolution): Resolution {
  return path === undefined ? other : { kind: 'file', path };
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
