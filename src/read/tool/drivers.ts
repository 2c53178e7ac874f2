import type { Dialect } from '../../schema/schema.ts';
import { folderOf, type Layout, marksAbove } from './layout.ts';
import type { Draft, Texts } from './tool.ts';

/** Packages that talk to one database, as manifests name them. */
const DRIVERS: Readonly<Record<Dialect, RegExp>> = {
  postgres:
    /"(pg|postgres|@neondatabase\/serverless|@vercel\/postgres|slonik|pg-promise|@electric-sql\/pglite)"\s*:|\b(jackc\/pgx|lib\/pq)\b|\bpostgres(ql)?-driver\b/,
  mysql: /"(mysql2?|mariadb|@planetscale\/database)"\s*:|\bgo-sql-driver\/mysql\b/,
  sqlite:
    /"(better-sqlite3|(@[\w-]+\/)?sqlite3|sqlite|sql\.js|@libsql\/client|@op-engineering\/op-sqlite|expo-sqlite)"\s*:|\b(mattn\/go-sqlite3|modernc\.org\/sqlite|glebarez\/go-sqlite|ncruces\/go-sqlite3)\b/,
  duckdb: /"(duckdb|@duckdb\/node-api|duckdb-async)"\s*:|\b(marcboeker|duckdb)\/(go-duckdb|duckdb-go)\b/,
};

const MANIFESTS = ['package.json', 'go.mod'];
const WORKERS = ['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'];

/** Manifests that may tell the database of a folder's migrations, nearest first. */
export function manifestsOf(layout: Layout, folder: string): readonly string[] {
  return [...WORKERS, ...MANIFESTS].flatMap((name) => marksAbove(layout, folder, name));
}

/** A Worker whose D1 database has its migrations in this folder: D1 is SQLite. */
export function workerOf(layout: Layout, folder: string, texts: Texts): Draft['dialect'] {
  for (const path of WORKERS.flatMap((name) => marksAbove(layout, folder, name))) {
    const text = texts.get(path) ?? '';
    if (!/\bd1_databases\b/.test(text)) continue;
    const named = /"?migrations_dir"?\s*[:=]\s*"(?:\.\/)?([^"]*?)\/?"/.exec(text)?.[1] ?? 'migrations';
    const home = folderOf(path);
    if ((home === '.' ? named : `${home}/${named}`) === folder)
      return { word: { dialect: 'sqlite' }, reason: `${path}: d1_databases` };
  }
  return undefined;
}

/** The only database whose driver the nearest manifest names: a guess, for the driver may be for something else. */
export function driverOf(layout: Layout, folder: string, texts: Texts): Draft['dialect'] {
  const { path, found } = driversOf(layout, folder, texts);
  const [only, ...more] = found;
  return only && more.length === 0 ? { word: { dialect: only }, reason: `the driver in ${path}` } : undefined;
}

/**
 * One of several databases whose drivers the nearest manifest names. An application that runs on any of them, SQLite among
 * them, mostly comes with that one: no server has to be there.
 */
export function oneOfDrivers(layout: Layout, folder: string, texts: Texts): Draft['dialect'] {
  const { path, found } = driversOf(layout, folder, texts);
  const dialect = found.find((one) => one === 'sqlite') ?? found[0];
  if (!dialect) return undefined;
  const list = `${found.slice(0, -1).join(', ')} and ${found.at(-1)}`;
  return { word: { dialect }, reason: `one of those whose drivers are in ${path}: ${list}` };
}

function driversOf(layout: Layout, folder: string, texts: Texts) {
  for (const path of MANIFESTS.flatMap((name) => marksAbove(layout, folder, name))) {
    const found = dialects().filter((dialect) => DRIVERS[dialect].test(texts.get(path) ?? ''));
    if (found.length > 0) return { path, found };
  }
  return { path: '', found: [] };
}

function dialects(): readonly Dialect[] {
  return ['postgres', 'mysql', 'sqlite', 'duckdb'];
}
