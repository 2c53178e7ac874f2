import type { LeftOut, MigrationFile } from '../chain.ts';
import { type Location, locationsOf } from './flyway-locations.ts';
import { byVersion, type FlywayName, parseFlyway } from './flyway-name.ts';
import { joined, type Layout } from './layout.ts';
import { codeMigrations } from './steps.ts';
import { byText, type Draft, type Tool } from './tool.ts';

interface Found {
  readonly path: string;
  readonly name: FlywayName;
}

/**
 * `V<version>__<name>.sql` by version, then `R__<name>.sql` by name. Undo scripts are down migrations.
 * https://documentation.red-gate.com/flyway/flyway-concepts/migrations
 */
export const flyway: Tool = {
  name: 'flyway',
  folders: (layout) => locationsOf(layout).map(({ folder }) => folder),
  markers: () => [],
  draft(layout, folder, _texts, named) {
    const location = locationsOf(layout).find((one) => one.folder === folder) ?? {
      folder,
      folders: [folder],
    };
    const found = filesOf(layout, location);
    const versioned = found.filter(({ name }) => name.kind === 'versioned').sort(byTheirVersion);
    if (versioned.length === 0 && !found.some(({ name }) => name.kind === 'baseline') && !named)
      return undefined;
    const baseline = baselineOf(found, versioned);
    const undo = new Map(
      found.flatMap(({ path, name }) =>
        name.kind === 'undo' ? [[name.version.map(Number).join('.'), path]] : [],
      ),
    );
    const repeatable = found
      .filter(({ name }) => name.kind === 'repeatable')
      .sort((a, b) => byText(a.name.description, b.name.description));
    return {
      migrations: [...baseline, ...versioned, ...repeatable].map((file) => migrationOf(layout, file, undo)),
      leftOut: leftOutOf(layout, location, found, baseline),
      prelude: () => LEDGER,
      transactional: (dialect) => dialect !== 'mysql',
    } satisfies Draft;
  },
};

function filesOf(layout: Layout, { folders }: Location): readonly Found[] {
  return folders.flatMap((folder) =>
    (layout.sql.get(folder) ?? []).flatMap((file) => {
      const name = parseFlyway(file);
      return name ? [{ path: joined(folder, file), name }] : [];
    }),
  );
}

function byTheirVersion(a: Found, b: Found): number {
  return byVersion(a.name.version, b.name.version) || byText(a.path, b.path);
}

/** The newest baseline, where no versioned migration at or below it is left: with those, databases in use never run it. */
function baselineOf(found: readonly Found[], versioned: readonly Found[]): readonly Found[] {
  const newest = found
    .filter(({ name }) => name.kind === 'baseline')
    .sort(byTheirVersion)
    .at(-1);
  const [first] = versioned;
  if (!newest) return [];
  return first && byVersion(first.name.version, newest.name.version) <= 0 ? [] : [newest];
}

function migrationOf(
  layout: Layout,
  { path, name }: Found,
  undo: ReadonlyMap<string, string>,
): MigrationFile {
  const downPath = name.kind === 'versioned' ? undo.get(name.version.map(Number).join('.')) : undefined;
  return {
    name: path.slice(path.lastIndexOf('/') + 1).replace(/\.sql$/i, ''),
    path,
    id: layout.entries.get(path)?.id ?? '',
    order: name.kind === 'repeatable' ? name.description : name.version.join('.'),
    ...(downPath === undefined ? {} : { downPath }),
    ...(name.kind === 'repeatable' ? { repeatable: true } : {}),
  };
}

const CALLBACK = /^(before|after|create)[A-Z]\w*(__.*)?\.sql$/;

function leftOutOf(
  layout: Layout,
  { folders }: Location,
  found: readonly Found[],
  used: readonly Found[],
): readonly LeftOut[] {
  const known = new Set(found.map(({ path }) => path));
  const others = folders.flatMap((folder) => [
    ...codeMigrations(layout, folder),
    ...(layout.sql.get(folder) ?? [])
      .map((file) => joined(folder, file))
      .filter((path) => !known.has(path))
      .map((path) => ({
        path,
        reason: CALLBACK.test(path.slice(path.lastIndexOf('/') + 1))
          ? 'a callback: Flyway runs it around migrations, not as one of them'
          : 'not run: Flyway runs only files named V<version>__<name>.sql or R__<name>.sql',
      })),
  ]);
  const baselines = found
    .filter((file) => file.name.kind === 'baseline' && !used.includes(file))
    .map(({ path }) => ({
      path,
      reason: 'a baseline: only new databases run it, in place of the versions up to it',
    }));
  return [...others, ...baselines];
}

/** https://github.com/flyway/flyway, `getRawCreateScript` */
const LEDGER = `CREATE TABLE flyway_schema_history (
  installed_rank int NOT NULL PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,
  script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
  installed_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time int NOT NULL, success boolean NOT NULL
);
CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success);`;
