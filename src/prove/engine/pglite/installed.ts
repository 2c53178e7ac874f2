import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersOf } from '../installed.ts';
import { ALLOWED, LENT } from '../postgres/extensions.ts';

/** PGlite as it is installed here. */
export interface InstalledPglite {
  readonly version: string;
  /** Its main module. */
  readonly module: string;
  /** Archives of the extensions that a migration may create. */
  readonly bundles: readonly string[];
  /** Extensions that it has and the PostgreSQL from npm has not. */
  readonly more: readonly string[];
}

/** Extensions in packages of their own: the server from npm has none of them. */
const PACKAGES: Readonly<
  Record<string, { readonly name: string; readonly version: string; readonly bundle: string }>
> = {
  vector: { name: '@electric-sql/pglite-pgvector', version: '0.0.15', bundle: 'dist/vector.tar.gz' },
};

/** Versions that go together: each of an extension wants one of PGlite. */
const INSTALL = 'npm install --save-dev @electric-sql/pglite@0.5.14';

/** How to install what is missing to run extensions that the server from npm does not have; undefined where nothing has them. */
export function howToInstall(extensions: readonly string[]): string | undefined {
  const packages = extensions.flatMap((extension) => {
    const found = PACKAGES[extension];
    return found ? [`${found.name}@${found.version}`] : [];
  });
  if (packages.length < extensions.length) return undefined;
  return [INSTALL, ...packages].join(' ');
}

/** Finds PGlite where npm put it; undefined where it is not installed. */
export async function findPglite(): Promise<InstalledPglite | undefined> {
  const folder = await folderOf('@electric-sql/pglite');
  if (folder === undefined) return undefined;
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  const own = [...ALLOWED, ...LENT].map((name) => join(folder, 'dist', `${BUNDLES[name] ?? name}.tar.gz`));
  const bundles = new Set<string>();
  for (const bundle of own) if (existsSync(bundle)) bundles.add(bundle);
  const more: string[] = [];
  for (const [extension, { name, bundle }] of Object.entries(PACKAGES)) {
    const beside = await folderOf(name);
    if (beside === undefined || !existsSync(join(beside, bundle))) continue;
    bundles.add(join(beside, bundle));
    more.push(extension);
  }
  return { version, module: join(folder, 'dist/index.js'), bundles: [...bundles], more };
}

/** Several small extensions come in one archive. */
const BUNDLES: Readonly<Record<string, string>> = {
  autoinc: 'spi',
  insert_username: 'spi',
  moddatetime: 'spi',
  refint: 'spi',
};

async function folderOf(name: string): Promise<string | undefined> {
  for (const folder of foldersOf(name)) if (existsSync(join(folder, 'package.json'))) return folder;
  return undefined;
}
