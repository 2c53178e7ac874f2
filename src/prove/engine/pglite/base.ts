import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Doubt } from '../postgres/refusal.ts';

/** The files of a database that is kept and holds a prefix of a chain. */
interface Base {
  /** How many migrations it holds. */
  readonly length: number;
  readonly files: Uint8Array;
  /** How many of them did not apply in full. */
  readonly imperfect: number;
  /** What that leaves in doubt. */
  readonly doubt: Doubt;
}

/** Databases that are kept, each as one file; without a folder none is. */
export interface Store {
  /** The longest prefix that is kept; undefined where none is. */
  find(keys: readonly string[]): Promise<Base | undefined>;
  /** Keeps a database, and removes those not used for longest where all together are too large. */
  put(key: string, files: Uint8Array, state: Pick<Base, 'imperfect' | 'doubt'>): Promise<void>;
  /** Whether any was ever made here. */
  isEmpty(): Promise<boolean>;
}

/** Bytes of all databases that are kept. */
const LIMIT = 400_000_000;

/** The version's layout of roles and settings; another one makes databases of its own. */
const LAYOUT = 1;

/** Opens the store of one version of PGlite below a folder. */
export function openStore(below: string | undefined, version: string): Store {
  if (below === undefined)
    return { find: async () => undefined, put: async () => {}, isEmpty: async () => true };
  const folder = join(below, `pglite-${version}.${LAYOUT}`);
  const list = () => readdir(folder).catch((): string[] => []);
  return {
    isEmpty: async () => (await list()).length === 0,
    find: async (keys) => {
      const there = new Map((await list()).map((name) => [name.slice(0, name.indexOf('.')), name]));
      for (let length = keys.length - 1; length >= 0; length--) {
        const name = there.get(nameOf(keys[length] ?? ''));
        const files = name && (await readFile(join(folder, name)).catch(() => undefined));
        if (!name || !files) continue;
        const now = Date.now() / 1_000;
        await utimes(join(folder, name), now, now).catch(() => {});
        const [, number, rows] = name.split('.');
        const imperfect = Number(number);
        return { length, files, imperfect, doubt: rows ? 'rows missing' : imperfect > 0 };
      }
      return undefined;
    },
    put: async (key, files, { imperfect, doubt }) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const place = join(folder, `${nameOf(key)}.${imperfect}${doubt === 'rows missing' ? '.rows' : ''}`);
      const making = join(folder, `making-${process.pid}`);
      await writeFile(making, files, { mode: 0o600 });
      for (const name of await list())
        if (name.startsWith(`${nameOf(key)}.`)) await rm(join(folder, name), { force: true });
      await rename(making, place);
      await forgetOldest(folder, place);
    },
  };
}

function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 40);
}

/** What a run left half written goes with time: it is not used again. */
async function forgetOldest(folder: string, kept: string): Promise<void> {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const found = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mtimeMs, size }) => ({ path, mtimeMs, size }),
        () => ({ path, mtimeMs: 0, size: 0 }),
      ),
    ),
  );
  let total = 0;
  for (const { path, size } of found.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    total += size;
    if (path !== kept && total > LIMIT) await rm(path, { force: true });
  }
}
