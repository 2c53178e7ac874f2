import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Tree } from '../../../change/change-set.ts';
import type { Chain } from '../../chain.ts';
import type { Texts } from '../tool.ts';

/** Imports of imports that are followed, and files in all. */
const ROUNDS = 6;
const MOST = 400;

const SPECIFIER = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"]([^'"\n]+)['"]/g;
const ENDS = ['', '.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '/index.ts', '/index.js'];
const PACKAGES =
  /^(node:|(knex|objection|typeorm|kysely|sequelize|umzug|node-pg-migrate|async|lodash|fs|path|crypto|util|uuid|pg|@mikro-orm\/[\w-]+|@nestjs\/[\w-]+)(\/|$))/;

/**
 * The chains with, for each migration in code, what names the content of the files of the tree that it imports: what such a
 * file says is part of what the migration does.
 */
export async function withImports(
  chains: readonly Chain[],
  tree: Tree,
  texts: Texts,
): Promise<readonly Chain[]> {
  const all = chains.flatMap(({ migrations }) => migrations.filter(({ path }) => /\.[cm]?[jt]s$/.test(path)));
  if (all.length === 0) return chains;
  const entries = await tree.entries();
  const imported = new Map<string, readonly string[]>();
  let resolve: ((from: string, specifier: string) => string | undefined) | undefined;
  const known = new Map(texts);
  let open = all.map(({ path }) => path);
  for (let round = 0; round < ROUNDS && open.length > 0 && imported.size < MOST + all.length; round++) {
    const unread = open.filter((path) => !known.has(path));
    if (unread.length > 0)
      for (const [path, { text }] of await tree.read(unread)) if (text !== undefined) known.set(path, text);
    const next = new Set<string>();
    for (const path of open) {
      const found: string[] = [];
      for (const [, specifier = ''] of (known.get(path) ?? '').matchAll(SPECIFIER)) {
        if (PACKAGES.test(specifier)) continue;
        if (!specifier.startsWith('.')) resolve ??= await openResolver(tree);
        const target = specifier.startsWith('.')
          ? relative(path, specifier, entries)
          : resolve?.(path, specifier);
        if (target === undefined) continue;
        found.push(target);
        if (!imported.has(target)) next.add(target);
      }
      imported.set(path, found);
    }
    open = [...next].filter((path) => !imported.has(path));
  }
  return chains.map((chain) => ({
    ...chain,
    migrations: chain.migrations.map((file) => {
      const reached = reachedFrom(file.path, imported);
      if (reached.length === 0) return file;
      const hash = createHash('sha256');
      for (const path of reached) hash.update(`${path}\0${entries.get(path)?.id ?? ''}\0`);
      return { ...file, imports: hash.digest('hex') };
    }),
  }));
}

async function openResolver(tree: Tree) {
  const { openImportResolver } = await import('../../typescript/resolve.ts');
  const resolver = await openImportResolver(tree);
  return (from: string, specifier: string) => {
    const found = resolver.resolve(from, specifier);
    return found.kind === 'file' ? found.path : undefined;
  };
}

/** The file of the tree that a relative import names. */
export function relative(
  from: string,
  specifier: string,
  entries: ReadonlyMap<string, unknown>,
): string | undefined {
  const path = posix.join(posix.dirname(from), specifier);
  for (const stem of [path, path.replace(/\.[cm]?js$/, '')])
    for (const end of ENDS) if (entries.has(stem + end)) return stem + end;
  return undefined;
}

function reachedFrom(start: string, imported: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const reached = new Set<string>();
  const open = [...(imported.get(start) ?? [])];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (path === start || reached.has(path)) continue;
    reached.add(path);
    open.push(...(imported.get(path) ?? []));
  }
  return [...reached].sort();
}
