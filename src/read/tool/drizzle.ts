import type { Dialect } from '../../schema/schema.ts';
import type { LeftOut, MigrationFile } from '../chain.ts';
import { loadCodeParser } from '../typescript/parse.ts';
import { dialectOf } from './dialect.ts';
import { configsOf, type PlacedConfig, readDrizzleConfig, resolved } from './drizzle-config.ts';
import { folderOf, joined, type Layout } from './layout.ts';
import { codeMigrations, fileOfStep, unrunSteps } from './steps.ts';
import { byText, type Draft, type Texts, type Tool } from './tool.ts';

/**
 * Two layouts: `meta/_journal.json` with `<tag>.sql` beside it, in the order of the journal's list; and since version 1
 * `<name>/migration.sql` with its `snapshot.json`, in the order of the names.
 * https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/migrator.ts
 */
export const drizzle: Tool = {
  name: 'drizzle',

  folders: (layout) => [
    ...(layout.marks.get('_journal.json') ?? []).flatMap((path) =>
      /(^|\/)meta\/_journal\.json$/.test(path) ? [folderOf(folderOf(path))] : [],
    ),
    ...[...layout.migrationSteps.keys()].filter((folder) => snapshotsOf(layout, folder).length > 0),
  ],

  prepare: async ({ marks }) => {
    if (marks.has('drizzle.config')) await loadCodeParser();
  },

  markers: (layout, folder) => [
    ...(layout.entries.has(journalOf(folder))
      ? [journalOf(folder)]
      : snapshotsOf(layout, folder).slice(0, 1)),
    ...(layout.marks.get('drizzle.config') ?? []),
  ],

  draft(layout, folder, texts) {
    const configs = placedIn(layout, folder, texts);
    const path = journalOf(folder);
    if (!layout.entries.has(path)) return draftOfFolders(layout, folder, texts, configs);
    const journal = parseJournal(texts.get(path));
    if (typeof journal === 'string') return `${path} cannot be read: ${journal}`;
    const tags = new Set(journal.entries.map(({ tag }) => `${tag}.sql`));
    const leftOut: LeftOut[] = [
      ...(layout.sql.get(folder) ?? [])
        .filter((name) => !tags.has(name))
        .map((name) => ({ path: joined(folder, name), reason: `not run: ${path} does not list it` })),
      ...codeMigrations(layout, folder),
    ];
    const migrations: MigrationFile[] = [];
    for (const { tag, idx, when } of journal.entries) {
      const file = joined(folder, `${tag}.sql`);
      const entry = layout.entries.get(file);
      if (entry)
        migrations.push({
          ...{ name: tag, path: file, id: entry.id, order: String(idx) },
          ...(when === undefined ? {} : { writtenAt: when }),
        });
      else leftOut.push({ path: file, reason: `missing: ${path} lists it, so the migrator stops here` });
    }
    const word = journal.dialect === undefined ? undefined : dialectOf(journal.dialect);
    return {
      migrations,
      leftOut,
      dialect: word ? { word, reason: `${path}: "dialect": "${journal.dialect}"` } : dialectIn(configs),
      ...modelsIn(configs),
      prelude: (dialect) => ledger(dialect, configs, false),
      transactional: (dialect) => dialect !== 'mysql',
    } satisfies Draft;
  },
};

function draftOfFolders(
  layout: Layout,
  folder: string,
  texts: Texts,
  configs: readonly PlacedConfig[],
): Draft | undefined {
  const [snapshot] = snapshotsOf(layout, folder);
  if (snapshot === undefined || layout.entries.has(joined(folder, 'migration_lock.toml'))) return undefined;
  const said = /"dialect"\s*:\s*"([\w-]+)"/.exec(texts.get(snapshot) ?? '')?.[1];
  const word = said === undefined ? undefined : dialectOf(said);
  const steps = [...(layout.migrationSteps.get(folder) ?? [])].sort(byText);
  return {
    migrations: steps.map((step) => fileOfStep(layout, folder, step, 'migration.sql', step)),
    leftOut: unrunSteps(layout, folder, 'migration.sql'),
    dialect: word ? { word, reason: `${snapshot}: "dialect": "${said}"` } : dialectIn(configs),
    ...modelsIn(configs),
    prelude: (dialect) => ledger(dialect, configs, true),
    transactional: (dialect) => dialect !== 'mysql',
  };
}

function placedIn(layout: Layout, folder: string, texts: Texts): readonly PlacedConfig[] {
  const configs = (layout.marks.get('drizzle.config') ?? []).flatMap((path) => {
    const text = texts.get(path);
    return text === undefined ? [] : [readDrizzleConfig(path, text)];
  });
  return configsOf(configs, folder);
}

function dialectIn([first]: readonly PlacedConfig[]): Draft['dialect'] {
  const { path, dialect } = first?.config ?? {};
  const word = dialect === undefined ? undefined : dialectOf(dialect);
  return word && { word, reason: `${path}: dialect: '${dialect}'` };
}

/** The files of models that any of the configurations names; nothing where none is known to name some. */
function modelsIn(configs: readonly PlacedConfig[]): Pick<Draft, 'models'> {
  const named = configs.flatMap(({ config: { schema = [] }, folder }) =>
    schema.map((one) => resolved(folder, one)),
  );
  return named.length === 0 ? {} : { models: [...new Set(named)] };
}

function journalOf(folder: string): string {
  return joined(folder, 'meta/_journal.json');
}

function snapshotsOf(layout: Layout, folder: string): readonly string[] {
  return (layout.migrationSteps.get(folder) ?? [])
    .map((step) => joined(joined(folder, step), 'snapshot.json'))
    .filter((path) => layout.entries.has(path));
}

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly idx: number; readonly when?: number }[];
  readonly dialect?: string;
}

/** The journal's entries in the order of its list, which is the migrator's whatever `idx` says; or what is wrong with it. */
function parseJournal(text: string | undefined): Journal | string {
  if (text === undefined) return 'it is no text';
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || !Array.isArray(value.entries)) return 'it has no list of entries';
    const entries = value.entries.flatMap((entry: unknown, at) =>
      isRecord(entry) && typeof entry.tag === 'string'
        ? [
            {
              tag: entry.tag,
              idx: typeof entry.idx === 'number' ? entry.idx : at,
              ...(typeof entry.when === 'number' ? { when: entry.when } : {}),
            },
          ]
        : [],
    );
    if (entries.length < value.entries.length) return 'an entry has no tag';
    return { entries, ...(typeof value.dialect === 'string' ? { dialect: value.dialect } : {}) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** https://github.com/drizzle-team/drizzle-orm, `migrate` of each dialect; version 1 keeps the name and the time too */
function ledger(dialect: Dialect, [first]: readonly PlacedConfig[], named: boolean): string {
  const { table = '__drizzle_migrations', ledgerSchema = 'drizzle' } = first?.config ?? {};
  if (dialect === 'postgres') {
    const schema = quoted(ledgerSchema, '"');
    const more = named ? ', name text, applied_at timestamp with time zone DEFAULT now()' : '';
    return `CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.${quoted(table, '"')} (
  id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint${more}
);`;
  }
  if (dialect === 'mysql')
    return `CREATE TABLE IF NOT EXISTS ${quoted(table, '`')} (
  id serial primary key, hash text not null, created_at bigint${named ? ', name text, applied_at timestamp default now()' : ''}
);`;
  return `CREATE TABLE IF NOT EXISTS ${quoted(table, '"')} (
  id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric${named ? ', name text, applied_at TEXT' : ''}
);`;
}

function quoted(name: string, quote: string): string {
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}
