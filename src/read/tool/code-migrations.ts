import type { LeftOut } from '../chain.ts';
import { folderOf, type Layout, marksAbove, nameOf } from './layout.ts';
import { whyPassedOver } from './passed-over.ts';
import { CHANGES, MIGRATIONS } from './speaking.ts';
import type { Texts } from './tool.ts';

/** Names of folders that say what lies in them. */
const SPEAKING = new RegExp(`^(.*[-_.])?(${MIGRATIONS})$`, 'i');
const MAY_SPEAK = new RegExp(`^(${CHANGES})$`, 'i');

/** TypeScript's and JavaScript's tools by the package that they come in. */
const PACKAGES: readonly (readonly [name: string, tool: string])[] = [
  ['typeorm', 'TypeORM'],
  ['@mikro-orm/migrations', 'MikroORM'],
  ['node-pg-migrate', 'node-pg-migrate'],
  ['db-migrate', 'db-migrate'],
  ['sequelize-cli', 'Sequelize'],
  ['knex', 'Knex'],
  ['umzug', 'Umzug'],
  ['sequelize', 'Sequelize'],
  ['kysely', 'Kysely'],
];

/** The others by how their files end and are named. */
const LANGUAGES: readonly (readonly [files: RegExp, folder: RegExp, what: string])[] = [
  [/\.rb$/, /(^|\/)db\/(\w+_)?migrate$/, 'Ruby (Rails)'],
  [/^\d{4}_.*\.py$/, /(^|\/)migrations$/, 'Python (Django)'],
  [/\.py$/, /(^|\/)versions$/, 'Python (Alembic)'],
  [/\.php$/, /(^|\/)migrations?$/, 'PHP'],
  [/\.exs$/, /(^|\/)migrations$/, 'Elixir (Ecto)'],
  [/\.cs$/, /(^|\/)migrations$/i, 'C#'],
  [/\.go$/, /(^|\/)migrations?$/, 'Go'],
  [/\.(java|kt)$/, /(^|\/)migrations?$/, 'Java or Kotlin'],
];

const SCRIPT = /\.[cm]?[jt]s$/;

/** Folders whose migrations are code: nothing of them is followed, and it is said. `followed` are those of chains. */
export function codeFolders(layout: Layout, followed: ReadonlySet<string>): readonly string[] {
  return [...layout.code]
    .filter(([folder, files]) => {
      if (followed.has(folder) || whyPassedOver(folder) !== undefined) return false;
      const known = files.filter((path) => languageOf(folder, path) !== undefined);
      return known.length > 0 && speaks(folder, known);
    })
    .map(([folder]) => folder);
}

/** `migrations/`; and `upgrades/` and `migrations/list/`, where numbers lead the names of the files. */
function speaks(folder: string, files: readonly string[]): boolean {
  if (SPEAKING.test(nameOf(folder))) return true;
  if (!MAY_SPEAK.test(nameOf(folder)) && !SPEAKING.test(nameOf(folderOf(folder)))) return false;
  return files.filter((path) => /^(v?\d+([._]\d+)*)[-_.]/i.test(nameOf(path))).length > 1;
}

/** What tells which tool of TypeScript a folder's migrations are for. */
export function packagesAbove(layout: Layout, folder: string): readonly string[] {
  return marksAbove(layout, folder, 'package.json');
}

/** A folder of code migrations, as it is told of. */
export function toldOf(layout: Layout, folder: string, texts: Texts): LeftOut {
  const files = (layout.code.get(folder) ?? []).filter((path) => languageOf(folder, path) !== undefined);
  const [what] = files.flatMap((path) => languageOf(folder, path) ?? []);
  const tool = what === 'TypeScript' || what === 'JavaScript' ? toolOf(layout, folder, texts) : undefined;
  const count = files.length === 1 ? '1 migration' : `${files.length} migrations`;
  return {
    path: folder,
    reason: `${count} in ${what}${tool ? ` (${tool})` : ''}: code, not SQL, and not read`,
  };
}

function languageOf(folder: string, path: string): string | undefined {
  const file = nameOf(path);
  if (/\.(test|spec|d)\.[cm]?[jt]s$/.test(file)) return undefined;
  if (SCRIPT.test(file)) return /ts$/.test(file) ? 'TypeScript' : 'JavaScript';
  return LANGUAGES.find(([files, place]) => files.test(file) && place.test(folder))?.[2];
}

function toolOf(layout: Layout, folder: string, texts: Texts): string | undefined {
  for (const path of packagesAbove(layout, folder))
    for (const [name, tool] of PACKAGES) if ((texts.get(path) ?? '').includes(`"${name}":`)) return tool;
  return undefined;
}
