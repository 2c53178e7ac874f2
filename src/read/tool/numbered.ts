import type { Dialect } from '../../schema/schema.ts';
import type { LeftOut, MigrationFile } from '../chain.ts';
import { type DialectWord, dialectOf } from './dialect.ts';
import { folderOf, joined, type Layout, nameOf } from './layout.ts';
import { byNumbers, type NumberedName, parseNumbered } from './numbered-name.ts';
import { codeMigrations, fileOfStep, unrunSteps } from './steps.ts';
import { byText, type Draft, type Tool } from './tool.ts';

/**
 * A folder of SQL files that begin with a number or a time, run by whatever: by number, then by name. Also folders so named
 * that each hold an `up.sql`. A folder counts if its path speaks of migrations, else if its files make or alter tables.
 */
export const numbered: Tool = {
  name: 'numbered',

  folders: (layout) => [
    ...layout.upSteps.keys(),
    ...[...layout.sql].flatMap(([folder, names]) => (names.some(isOfStep) ? [] : [folder])),
  ],

  markers: () => [],

  draft(layout, folder, _texts, named) {
    if (layout.upSteps.has(folder)) return draftOfFolders(layout, folder);
    const names = [...(layout.sql.get(folder) ?? [])].sort(byText);
    const parsed = new Map(names.map((name) => [name, parseNumbered(name)]));
    const speaking = named || speaksOfMigrations(folder);
    const withNumber = names.filter((name) => parsed.get(name) !== undefined).length;
    const share = withNumber / names.length;
    if (withNumber === 0 && speaking && !named && names.length > 1 && isOwnName(nameOf(folder)))
      return `${WITHOUT_NUMBERS}: in which order they are run is not known`;
    if (!named && (share < (speaking ? 0.5 : 0.8) || withNumber < (speaking ? 1 : 2) || isStep(folder)))
      return undefined;
    const rest = { ...PLAIN, ...(speaking ? {} : { doubtful: true }) };
    const dialects = new Set(names.flatMap((name) => dialectIn(name)?.dialect ?? []));
    if (dialects.size < 2) return { ...ordered(layout, folder, parsed, named), ...rest };
    return [...dialects].map((dialect) => {
      const own = new Map([...parsed].filter(([name]) => isFor(name, dialect)));
      const word = { word: { dialect }, reason: 'the names of its files' };
      return { ...ordered(layout, folder, own, named), ...rest, part: dialect, dialect: word };
    });
  },
};

/** How the reason begins for a folder whose files could be run in the order of their names, if somebody says so. */
export const WITHOUT_NUMBERS = 'its files carry no numbers';

/** A folder that holds one of these is one migration, not many. */
function isOfStep(name: string): boolean {
  return name === 'up.sql' || name === 'migration.sql';
}

/** A folder that is named like a migration of a time holds the parts of one. */
function isStep(folder: string): boolean {
  return /^\d{8,}[-_]/.test(nameOf(folder));
}

/** The database that a part between the dots of a file's name stands for: `0001_users.mysql.sql`. */
function dialectIn(name: string): DialectWord | undefined {
  return name
    .split('.')
    .slice(1, -1)
    .map((part) => dialectOf(part))
    .find((word) => word !== undefined);
}

function isFor(name: string, dialect: Dialect): boolean {
  const word = dialectIn(name);
  return word === undefined || word.dialect === dialect;
}

const PLAIN = { prelude: () => '', transactional: () => false };

const SPEAKING =
  /(^|[-_.])(migrations?|migrate|evolutions?|changesets?|changelogs?|flyway|upgrades?|schema[-_]?(updates|changes|versions))($|[-_.\d])/i;

/** Whether a folder, or one of the two above it, is named as those of migrations are. */
function speaksOfMigrations(folder: string): boolean {
  return folder.split('/').slice(-3).some(isOwnName);
}

function isOwnName(name: string): boolean {
  return SPEAKING.test(name);
}

function ordered(
  layout: Layout,
  folder: string,
  parsed: ReadonlyMap<string, NumberedName | undefined>,
  named: boolean,
): Pick<Draft, 'migrations' | 'leftOut'> {
  const ups: { readonly file: string; readonly as: NumberedName }[] = [];
  const leftOut: LeftOut[] = [...codeMigrations(layout, folder)];
  const downs = new Map<string, string>();
  for (const [file, as] of parsed) {
    const path = joined(folder, file);
    const up = as && counterpart(file, parsed);
    if (up !== undefined) downs.set(up, path);
    else if (as?.direction === 'down') downs.set(as.name.replace(/^U(?=\d)/, 'V'), path);
    else if (as) ups.push({ file, as });
    else if (named)
      ups.push({ file, as: { name: file.replace(/\.sql$/i, ''), numbers: [], direction: 'up' } });
    else leftOut.push({ path, reason: NO_NUMBER });
  }
  const migrations = ups
    .sort((a, b) => byNumbers(a.as, b.as))
    .map(({ file, as }): MigrationFile => {
      const path = joined(folder, file);
      const beside = joined(joined(folderOf(folder), 'down'), file);
      const downPath =
        downs.get(file) ??
        downs.get(as.name) ??
        (nameOf(folder) === 'up' && layout.entries.has(beside) ? beside : undefined);
      const id = layout.entries.get(path)?.id ?? '';
      const order = as.numbers.length > 0 ? as.numbers.join('.') : as.name;
      return { name: as.name, path, id, order, ...(downPath === undefined ? {} : { downPath }) };
    });
  return { migrations, leftOut };
}

const NO_NUMBER = 'not followed: no number leads its name, so its place in the order is not known';

/** The up file of `0001_x_down.sql`, if there is one: `_down` counts as a direction only where its other half stands beside it. */
function counterpart(file: string, files: ReadonlyMap<string, unknown>): string | undefined {
  const match = /^(.*)([-_])(down|rollback|undo|revert)\.sql$/i.exec(file);
  if (!match) return undefined;
  const [, stem, sign] = match;
  return [`${stem}${sign}up.sql`, `${stem}.sql`, `${stem}${sign}UP.sql`].find((other) => files.has(other));
}

function draftOfFolders(layout: Layout, folder: string): Draft | undefined {
  const steps = (layout.upSteps.get(folder) ?? []).flatMap((step) => {
    const as = parseNumbered(step);
    return as ? [{ step, as }] : [];
  });
  if (steps.length === 0) return undefined;
  const migrations = steps
    .sort((a, b) => byNumbers(a.as, b.as))
    .map(({ step, as }) => {
      const downPath = joined(joined(folder, step), 'down.sql');
      const file = fileOfStep(layout, folder, step, 'up.sql', as.numbers.join('.'));
      return layout.entries.has(downPath) ? { ...file, downPath } : file;
    });
  return { migrations, leftOut: unrunSteps(layout, folder, 'up.sql'), ...PLAIN };
}
