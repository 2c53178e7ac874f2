import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Binaries, makeWhole } from './binaries.ts';

/**
 * What a migration may create. Left out is what reaches files, other servers or other languages (`dblink`, `file_fdw`,
 * `plperl`, …) and what looks into pages and buffers. https://www.postgresql.org/docs/current/contrib.html
 */
export const ALLOWED: readonly string[] = [
  ...[
    'btree_gin',
    'btree_gist',
    'citext',
    'cube',
    'dict_int',
    'earthdistance',
    'fuzzystrmatch',
    'hstore',
    'intarray',
  ],
  ...[
    'isn',
    'lo',
    'ltree',
    'pg_trgm',
    'pgcrypto',
    'seg',
    'tablefunc',
    'tcn',
    'tsm_system_rows',
    'tsm_system_time',
  ],
  ...['unaccent', 'uuid-ossp'],
];

/** Made of C functions alone, so that they may be lent to a plain role, as hosted databases do. */
export const LENT: readonly string[] = [
  'autoinc',
  'insert_username',
  'moddatetime',
  'pg_stat_statements',
  'refint',
];

/**
 * Makes the folder of the extensions that migrations may create, for `extension_control_path`; undefined before PostgreSQL
 * 18, where the server's own folder counts and the plain role is refused what is not trusted.
 */
export async function makeExtensions({ native, major, links }: Binaries): Promise<string | undefined> {
  if (major < 18) return undefined;
  const place = `${links}-extensions`;
  if (existsSync(place)) return place;
  const from = join(native, 'share/postgresql/extension');
  const files = await readdir(from);
  await makeWhole(place, async (making) => {
    const to = join(making, 'extension');
    await mkdir(to, { recursive: true, mode: 0o755 });
    for (const file of files) {
      const name = /^(.+?)(--.*\.sql|\.control)$/.exec(file)?.[1] ?? '';
      const lent = LENT.includes(name);
      if (lent && file.endsWith('.control'))
        await writeFile(join(to, file), `${await readFile(join(from, file), 'utf8')}\ntrusted = true\n`);
      else if (lent || ALLOWED.includes(name)) await symlink(join(from, file), join(to, file));
    }
  });
  return place;
}
