import { statSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Database } from '@duckdb/node-bindings';
import { UserError } from '../errors.ts';
import { duckdb } from '../prove/engine/bindings.ts';
import { execute, scratchOver } from '../prove/engine/duckdb-connection.ts';
import type { Row, Value } from '../prove/scratch.ts';
import { storeMigrations } from './migrations.ts';
import { StorageTrouble, troubleOf } from './storage-trouble.ts';

/** The file inside of one transaction. */
export interface Transaction {
  run(sql: string): Promise<void>;
  query(sql: string): Promise<readonly Row[]>;
  /** Appends rows, whose values stand in the order of the columns, which are texts, numbers and truth values. */
  load(table: string, rows: readonly (readonly Value[])[]): Promise<void>;
}

/** The one door to the store's file: everything that is read or written goes through it, one thing after another. */
export interface StorageManager {
  /** Runs `work` as one transaction: all of it is on the disk when this resolves, or nothing. */
  write<T>(work: (store: Transaction) => Promise<T>): Promise<T>;
  /** The same without a way to write. */
  read<T>(work: (store: Pick<Transaction, 'query'>) => Promise<T>): Promise<T>;
}

export interface StorageOptions {
  /** Milliseconds to wait for another process that has the file open; 0: not at all. */
  readonly wait?: number;
  /** Told, in words for the user, when a file was set aside and a new one begun. */
  readonly note?: (message: string) => void;
}

/** Waits between two tries, in milliseconds: at first short, as another process is mostly done soon. */
const WAITS = { first: 10, most: 250 } as const;

/**
 * Opens the store kept in `path`. The file is open only while something is done: other processes come to their turn. Work that
 * fails throws a UserError where the machine is why; nothing is ever kept in memory in its place. A file that is damaged, or made
 * by a newer Tablewarden, is set aside and begun anew.
 */
export function openStorage(
  path: string,
  { wait = 10_000, note = () => {} }: StorageOptions = {},
): StorageManager {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  const withStore = <T>(mode: Mode, work: (store: Transaction) => Promise<T>) =>
    inTurn(async () => {
      const opened = await openInTime(path, mode, wait, note);
      try {
        return await inTransaction(opened.connection, work);
      } catch (error) {
        throw toldOf(error, path);
      } finally {
        duckdb.disconnect_sync(opened.connection);
        duckdb.close_sync(opened.database);
      }
    });
  return {
    write: (work) => withStore('write', work),
    read: (work) => withStore('read', work),
  };
}

type Mode = 'read' | 'write';

interface Opened {
  readonly database: Database;
  readonly connection: Connection;
}

async function openInTime(
  path: string,
  mode: Mode,
  wait: number,
  note: (message: string) => void,
): Promise<Opened> {
  const end = performance.now() + wait;
  for (let pause: number = WAITS.first; ; pause = Math.min(pause * 2, WAITS.most)) {
    let file: number | undefined;
    try {
      file = fileOf(path);
      await mkdir(dirname(path), { recursive: true });
      return await openOnce(path, mode);
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'damaged' || trouble === 'newer') {
        await setAside(path, file, trouble, note);
        continue;
      }
      if (trouble !== 'busy') throw toldOf(error, path);
      if (performance.now() + pause > end) throw toldOf(new StorageTrouble('busy', waited(wait)), path);
      await sleep(pause);
    }
  }
}

function waited(wait: number): string {
  return wait === 0
    ? 'another process has it open'
    : `another process had it open for ${wait / 1000} seconds`;
}

/** A file that no other process has open, with the schema of today. To read, it must be there and of that schema already. */
async function openOnce(path: string, mode: Mode): Promise<Opened> {
  const readOnly = mode === 'read' && fileOf(path) !== undefined;
  const config = duckdb.create_config();
  duckdb.set_config(config, 'threads', '1');
  duckdb.set_config(config, 'enable_external_access', 'false');
  if (readOnly) duckdb.set_config(config, 'access_mode', 'READ_ONLY');
  const database = await duckdb.open(path, config);
  const connection = await duckdb.connect(database);
  try {
    const version = await versionOf(connection);
    const newest = storeMigrations.at(-1)?.version ?? 0;
    if (version > newest) throw new StorageTrouble('newer', `its version is ${version}`);
    if (version === newest) return { database, connection };
    if (!readOnly) {
      await migrate(connection, version);
      return { database, connection };
    }
  } catch (error) {
    duckdb.disconnect_sync(connection);
    duckdb.close_sync(database);
    throw error;
  }
  duckdb.disconnect_sync(connection);
  duckdb.close_sync(database);
  return openOnce(path, 'write');
}

async function versionOf(connection: Connection): Promise<number> {
  const { query } = scratchOver(connection);
  const tables = await query("SELECT table_name FROM duckdb_tables() WHERE table_name = 'store_migrations'");
  if (tables.length === 0) return 0;
  const [row] = await query('SELECT max(version) AS version FROM store_migrations');
  return Number(row?.version ?? 0);
}

/** Each step is one transaction with the row that says that it was taken. */
async function migrate(connection: Connection, from: number): Promise<void> {
  for (const { version, name, sql } of storeMigrations) {
    if (version <= from) continue;
    const row = `INSERT INTO store_migrations VALUES (${version}, '${name}', now())`;
    await inTransaction(connection, ({ run }) => run(`${sql};\n${row}`));
  }
}

async function inTransaction<T>(
  connection: Connection,
  work: (store: Transaction) => Promise<T>,
): Promise<T> {
  const { query, load } = scratchOver(connection);
  const run = async (sql: string) => {
    await execute(connection, sql);
  };
  await run('BEGIN TRANSACTION');
  try {
    const result = await work({ run, query: (sql) => query(sql, Number.MAX_SAFE_INTEGER), load });
    await run('COMMIT');
    return result;
  } catch (error) {
    await run('ROLLBACK').catch(() => {}); // where the engine has ended it by itself, there is none
    throw error;
  }
}

/** Gives the file another name, unless another process did so meanwhile and began a new one. */
async function setAside(
  path: string,
  file: number | undefined,
  trouble: 'damaged' | 'newer',
  note: (message: string) => void,
): Promise<void> {
  if (file === undefined || fileOf(path) !== file) return;
  const aside = `${path}.${trouble}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  await rename(path, aside).catch((error: unknown) => {
    throw toldOf(error, path);
  });
  await rename(`${path}.wal`, `${aside}.wal`).catch(() => {}); // mostly there is none
  const why = trouble === 'newer' ? 'was made by a newer Tablewarden' : 'is damaged';
  note(
    `the store ${path} ${why}: it is kept as ${aside}, and a new one is begun; \`tablewarden store rebuild\` fills it from git`,
  );
}

/** Which file lies there now; undefined where there is none. */
function fileOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function toldOf(error: unknown, path: string): unknown {
  const trouble = troubleOf(error);
  if (error instanceof UserError || trouble === undefined) return error;
  const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const whats = {
    busy: [`The store ${path} is in use: ${said}.`, 'Run it again when the other is done.'],
    full: [
      `The store ${path} cannot be written: the disk is full.`,
      'Make room; the check itself needs no store.',
    ],
    closed: [
      `The store ${path} cannot be opened: no permission to write there.`,
      'Give the permission; the check itself needs no store.',
    ],
    damaged: [`The store ${path} is damaged: ${said}`, 'Run it again: the file is then set aside.'],
    newer: [`The store ${path} was made by a newer Tablewarden.`, 'Update Tablewarden.'],
  } as const;
  const [message, remedy] = whats[trouble];
  return new UserError(message, remedy);
}
