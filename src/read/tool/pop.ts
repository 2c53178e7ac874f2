import type { Dialect } from '../../schema/schema.ts';
import type { LeftOut, MigrationFile } from '../chain.ts';
import { dialectOf } from './dialect.ts';
import { joined, type Layout, nameOf } from './layout.ts';
import { byText, type Draft, type Tool } from './tool.ts';

interface PopFile {
  readonly path: string;
  readonly version: string;
  readonly name: string;
  /** Of the database in its name; undefined: for all. */
  readonly dialect?: Dialect;
  readonly alone: boolean;
}

const UP = /^(\d+)_([^.]+)(?:\.([a-z0-9]+))?(\.autocommit)?\.up\.sql$/;

/**
 * `<version>_<name>[.<database>].up.sql`, by version as text, one chain for each database that a name has: a file for the
 * database is run in place of the one for all. https://github.com/gobuffalo/pop/blob/main/migration_info.go
 */
export const pop: Tool = {
  name: 'pop',
  folders: (layout) =>
    [...layout.sql].flatMap(([folder, names]) =>
      !isStep(folder) && (names.some(isOfDatabase) || layout.fizz.has(folder)) ? [folder] : [],
    ),
  markers: () => [],
  draft(layout, folder) {
    const files = (layout.sql.get(folder) ?? []).flatMap((file) => parsed(folder, file) ?? []);
    const leftOut = fizzOf(layout, folder);
    const dialects = new Set(files.flatMap(({ dialect }) => dialect ?? []));
    if (dialects.size === 0) return leftOut.length > 0 ? draftOf(layout, files, leftOut) : undefined;
    return [...dialects].map((dialect) => ({
      ...draftOf(layout, forDialect(files, dialect), leftOut),
      ...(dialects.size > 1 ? { part: dialect } : {}),
      dialect: { word: { dialect }, reason: 'the names of its files' },
    }));
  },
};

/** A folder that is named like a migration holds what one is made of. */
function isStep(folder: string): boolean {
  return /^\d+_/.test(nameOf(folder));
}

function isOfDatabase(file: string): boolean {
  const database = UP.exec(file)?.[3];
  return database !== undefined && dialectOf(database) !== undefined;
}

function parsed(folder: string, file: string): PopFile | undefined {
  const match = UP.exec(file);
  if (!match) return undefined;
  const [, version = '', name = '', database, alone] = match;
  const word = database === undefined || database === 'all' ? undefined : dialectOf(database);
  if (word && word.dialect === undefined) return undefined;
  const { dialect } = word ?? {};
  const path = joined(folder, file);
  return { path, version, name, ...(dialect ? { dialect } : {}), alone: alone !== undefined };
}

function forDialect(files: readonly PopFile[], dialect: Dialect): readonly PopFile[] {
  const key = ({ version, name }: PopFile): string => `${version}_${name}`;
  const own = new Set(files.flatMap((file) => (file.dialect === dialect ? [key(file)] : [])));
  return files.filter(
    (file) => file.dialect === dialect || (file.dialect === undefined && !own.has(key(file))),
  );
}

function draftOf(layout: Layout, files: readonly PopFile[], leftOut: readonly LeftOut[]): Draft {
  const migrations = [...files]
    .sort((a, b) => byText(a.version, b.version) || byText(a.path, b.path))
    .map((file): MigrationFile => {
      const downPath = file.path.replace(/\.up\.sql$/, '.down.sql');
      return {
        name: `${file.version}_${file.name}`,
        path: file.path,
        id: layout.entries.get(file.path)?.id ?? '',
        order: file.version,
        ...(layout.entries.has(downPath) ? { downPath } : {}),
        ...(file.alone ? { transactional: false } : {}),
      };
    });
  return { migrations, leftOut, prelude: ledger, transactional: (dialect: Dialect) => dialect !== 'mysql' };
}

function fizzOf(layout: Layout, folder: string): readonly LeftOut[] {
  return (layout.fizz.get(folder) ?? []).map((file) => ({
    path: joined(folder, file),
    reason: 'Fizz, not SQL: what it does to the schema is not known',
  }));
}

/** https://github.com/gobuffalo/pop/blob/main/schema_migrations.go */
function ledger(): string {
  return 'CREATE TABLE schema_migration (version varchar(14) NOT NULL); CREATE UNIQUE INDEX schema_migration_version_idx ON schema_migration (version);';
}
