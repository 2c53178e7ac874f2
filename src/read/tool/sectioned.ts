import { directed } from './directed.ts';
import { type FileRule, orderedFiles } from './ordered-files.ts';
import { byNumber, byText, type Tool } from './tool.ts';

const byVersion: FileRule['compare'] = (a, b) => byNumber(a.order, b.order) || byText(a.name, b.name);

/** A tool that is known by the lines in its files and has no other sign. */
function sectioned(
  tool: Pick<Tool, 'name' | 'notation'> & { readonly directive: RegExp },
  rule: Pick<FileRule, 'pattern' | 'otherwise'> & { readonly compare?: FileRule['compare'] },
  ledger: string,
  transactional: boolean,
): Tool {
  return {
    ...tool,
    folders: () => [],
    markers: () => [],
    draft: (layout, folder) => ({
      ...orderedFiles(layout, folder, { compare: byVersion, ...rule }),
      prelude: () => ledger,
      transactional: (dialect) => transactional && dialect !== 'mysql',
    }),
  };
}

/** Every `.sql` file, those with a number first, by it. https://github.com/rubenv/sql-migrate/blob/master/migrate.go, Less */
export const sqlMigrate = sectioned(
  {
    name: 'sql-migrate',
    directive: /^-- \+migrate[ \t]+up\b/im,
    notation: directed({
      up: /^-- \+migrate[ \t]+Up\b/,
      down: /^-- \+migrate[ \t]+Down\b/,
      alone: /^-- \+migrate[ \t]+Up\b.*\bnotransaction\b/,
      statementEnd: /^-- \+migrate[ \t]+StatementEnd\b/,
      missing: 'sql-migrate stops here: there is no -- +migrate Up',
    }),
  },
  {
    pattern: /^(\d*).*\.sql$/,
    otherwise: '',
    compare: (a, b) =>
      Number(a.order === '') - Number(b.order === '') || byNumber(a.order, b.order) || byText(a.name, b.name),
  },
  'CREATE TABLE gorp_migrations (id text NOT NULL PRIMARY KEY, applied_at timestamp);',
  true,
);

/** By number, down below one line. https://github.com/jackc/tern/blob/master/migrate/migrate.go */
export const tern = sectioned(
  {
    name: 'tern',
    directive: /^---- create above \/ drop below ----/m,
    notation: directed({
      down: /^---- create above \/ drop below ----/,
      alone: /^---- tern: disable-tx ----/,
    }),
  },
  { pattern: /^(\d+)_.+\.sql$/, otherwise: 'not run: tern runs only files named <number>_<name>.sql' },
  'CREATE TABLE schema_version (version integer NOT NULL);',
  true,
);

/** In the order of the names. https://github.com/elwinar/rambler */
export const rambler = sectioned(
  {
    name: 'rambler',
    directive: /^[ \t]*-- rambler up\b/im,
    notation: directed({ up: /^\s*-- rambler up\b/i, down: /^\s*-- rambler down\b/i }),
  },
  {
    pattern: /^(\d+)_[A-Za-z0-9_-]+\.sql$/,
    otherwise: 'not run: rambler runs only files named <number>_<name>.sql',
    compare: (a, b) => byText(a.name, b.name),
  },
  'CREATE TABLE migrations (migration varchar(255) NOT NULL);',
  false,
);

/** By number, undo below one line. https://mybatis.org/migrations/migrate.html */
export const mybatis = sectioned(
  {
    name: 'mybatis',
    directive: /^--[ \t]*\/\/[ \t]*@UNDO\b/im,
    notation: directed({ down: /^--\s*\/\/\s*@UNDO\b/i }),
  },
  {
    pattern: /^(\d+)_.*\.sql$/,
    otherwise: 'not run: MyBatis Migrations runs only files named <number>_<name>.sql',
  },
  'CREATE TABLE changelog (id numeric(20,0) NOT NULL PRIMARY KEY, applied_at varchar(25) NOT NULL, description varchar(255) NOT NULL);',
  false,
);

/** `1.sql`, `2.sql` with Ups and Downs. https://www.playframework.com/documentation/latest/Evolutions */
export const play = sectioned(
  {
    name: 'play',
    directive: /^[ \t]*(?:#|--)[ \t]*(?:---[ \t]*)?!Ups/m,
    notation: directed({
      up: /^\s*(?:#|--)\s*(?:---\s*)?!Ups/,
      down: /^\s*(?:#|--)\s*(?:---\s*)?!Downs/,
      ignored: /^\s*#/,
    }),
  },
  { pattern: /^(\d+)\.sql$/, otherwise: 'not run: evolutions are files named <number>.sql' },
  'CREATE TABLE play_evolutions (id int NOT NULL PRIMARY KEY, hash varchar(255) NOT NULL, applied_at timestamp NOT NULL, apply_script text, revert_script text, state varchar(255), last_problem text);',
  true,
);
