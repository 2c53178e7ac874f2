import type { Dialect } from '../../schema/schema.ts';
import type { LeftOut, MigrationFile } from '../chain.ts';
import { backendOf, dependsOn } from './cargo.ts';
import { dialectOf } from './dialect.ts';
import { folderOf, joined, type Layout, marksAbove, upwards } from './layout.ts';
import { codeMigrations } from './steps.ts';
import { byNumber, byText, type Draft, type Texts, type Tool, withoutZeros } from './tool.ts';

/**
 * `<version>_<description>.sql` or its `.up.sql` and `.down.sql`, by the version as a number, in a crate that depends on sqlx.
 * https://github.com/launchbadge/sqlx/blob/main/sqlx-core/src/migrate/source.rs
 */
export const sqlx: Tool = {
  name: 'sqlx',

  folders: (layout) =>
    [...layout.sql].flatMap(([folder, names]) =>
      names.some((name) => /^\d+_.*\.sql$/.test(name)) && marksAbove(layout, folder, 'Cargo.toml').length > 0
        ? [folder]
        : [],
    ),

  markers: (layout, folder) => [...marksAbove(layout, folder, 'Cargo.toml'), ...preparedNear(layout, folder)],

  draft(layout, folder, texts, named) {
    const manifests = marksAbove(layout, folder, 'Cargo.toml');
    const prepared = preparedNear(layout, folder);
    const uses = manifests.some((path) => dependsOn(texts.get(path) ?? '', 'sqlx')) || prepared.length > 0;
    if (!uses && !named) return undefined;
    const names = [...(layout.sql.get(folder) ?? [])].sort(byText);
    const downs = new Map(
      names.flatMap((name) => (/\.down\.sql$/.test(name) ? [[versionOf(name), name]] : [])),
    );
    const migrations: MigrationFile[] = [];
    const leftOut: LeftOut[] = [...codeMigrations(layout, folder)];
    for (const name of names) {
      const path = joined(folder, name);
      const version = versionOf(name);
      if (!/^[^_]*_.*\.sql$/.test(name)) leftOut.push({ path, reason: NOT_NAMED });
      else if (!/^[+-]?\d+$/.test(version)) leftOut.push({ path, reason: NO_NUMBER });
      else if (!name.endsWith('.down.sql')) {
        const down = downs.get(version);
        migrations.push({
          name: name.replace(/(\.up)?\.sql$/, ''),
          path,
          id: layout.entries.get(path)?.id ?? '',
          order: withoutZeros(version),
          ...(down === undefined ? {} : { downPath: joined(folder, down) }),
        });
      }
    }
    return {
      migrations: migrations.sort((a, b) => byNumber(a.order, b.order)),
      leftOut,
      dialect: backendOf(manifests, 'sqlx', texts) ?? preparedFor(prepared, texts),
      prelude: ledger,
      transactional: () => true,
    } satisfies Draft;
  },
};

const NOT_NAMED = 'not run: sqlx runs only files named <version>_<description>.sql';
const NO_NUMBER = 'sqlx stops with an error here: the part before the first _ is no number';

function versionOf(name: string): string {
  return name.slice(0, name.indexOf('_'));
}

/** A query that `sqlx prepare` wrote down names the database: `.sqlx/query-….json` of the nearest folder. */
function preparedNear(layout: Layout, folder: string): readonly string[] {
  const above = new Set(upwards(folder).map((at) => joined(at, '.sqlx')));
  const near = (layout.marks.get('.sqlx') ?? []).filter((path) => above.has(folderOf(path)));
  return near.sort((a, b) => b.length - a.length).slice(0, 1);
}

function preparedFor(paths: readonly string[], texts: Texts): Draft['dialect'] {
  for (const path of paths) {
    const said = /"db_name"\s*:\s*"([^"]+)"/.exec(texts.get(path) ?? '')?.[1];
    const word = said === undefined ? undefined : dialectOf(said);
    if (word) return { word, reason: `${path}: "db_name": "${said}"` };
  }
  return undefined;
}

/** https://github.com/launchbadge/sqlx, `ensure_migrations_table` of each driver */
function ledger(dialect: Dialect): string {
  const [time, bytes] =
    dialect === 'postgres'
      ? ['TIMESTAMPTZ NOT NULL DEFAULT now()', 'BYTEA']
      : ['TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP', 'BLOB'];
  return `CREATE TABLE IF NOT EXISTS _sqlx_migrations (
  version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on ${time},
  success BOOLEAN NOT NULL, checksum ${bytes} NOT NULL, execution_time BIGINT NOT NULL
);`;
}
