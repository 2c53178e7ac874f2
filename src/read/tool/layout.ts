import type { TreeEntry } from '../../change/change-set.ts';

/** A tree's path list, arranged for finding migrations: nothing is read. */
export interface Layout {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** Folder → names of the `.sql` files directly in it. */
  readonly sql: ReadonlyMap<string, readonly string[]>;
  /** Folder → names of its folders that hold a `migration.sql`. */
  readonly migrationSteps: ReadonlyMap<string, readonly string[]>;
  /** Folder → names of its folders that hold an `up.sql`. */
  readonly upSteps: ReadonlyMap<string, readonly string[]>;
  /** Folder → code files directly in it that are named like migrations: `0003_fill.ts`, `Migration2024….ts`. */
  readonly code: ReadonlyMap<string, readonly string[]>;
  /** Folder → SQL and code files in folders of it that are named like migrations: `0003_fill/migration.ts`. */
  readonly stepFiles: ReadonlyMap<string, readonly string[]>;
  /** Folder → names of the `.up.fizz` files directly in it. */
  readonly fizz: ReadonlyMap<string, readonly string[]>;
  /** Paths by file name, for the names that mark a tool. */
  readonly marks: ReadonlyMap<string, readonly string[]>;
}

const MARKS =
  /^(_journal\.json|migration_lock\.toml|atlas\.(sum|hcl)|sqitch\.(plan|conf)|diesel\.toml|config\.toml|Cargo\.toml|package\.json|go\.mod|pyproject\.toml|wrangler\.(toml|jsonc?)|drizzle[\w.-]*\.config\.\w+|drizzle\.config[\w.-]*\.\w+)$/;

const CHANGELOG = /^(db[._-]?)?change-?log([._-]?(master|root|main))?\.(xml|ya?ml|json|sql)$/i;

/** Names of files that hold a whole schema: Rails and Ecto, dbmate and many by hand, a newest state beside its steps. */
const SCHEMA_FILE = /^(schema|latest|(\w+_)?structure)\.sql$/i;

const CODE = /\.([cm]?[jt]s|rs|go|py|rb|php|java|kt|exs?|cs)$/i;
const MIGRATION_LIKE = /^([vV]|Migration)?\d/;

/** Arranges the path list in one pass. Symbolic links and submodules are no migrations. */
export function layoutOf(entries: ReadonlyMap<string, TreeEntry>): Layout {
  const sql = new Map<string, string[]>();
  const migrationSteps = new Map<string, string[]>();
  const upSteps = new Map<string, string[]>();
  const code = new Map<string, string[]>();
  const stepFiles = new Map<string, string[]>();
  const fizz = new Map<string, string[]>();
  const marks = new Map<string, string[]>();
  const prepared = new Set<string>();
  for (const [path, entry] of entries) {
    if (entry.kind !== 'file') continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isSql = /\.sql$/i.test(name);
    const isCode = CODE.test(name);
    const folder = folderOf(path);
    if ((isSql || isCode) && folder !== '.' && MIGRATION_LIKE.test(nameOf(folder)))
      append(stepFiles, folderOf(folder), path);
    if (isCode && MIGRATION_LIKE.test(name)) append(code, folder, path);
    if (name.endsWith('.up.fizz')) append(fizz, folder, name);
    if (isSql) {
      append(sql, folder, name);
      if (SCHEMA_FILE.test(name)) append(marks, 'schema-file', path);
      if (CHANGELOG.test(name)) append(marks, 'changelog', path);
      if (name === 'migration.sql' && folder !== '.')
        append(migrationSteps, folderOf(folder), nameOf(folder));
      if (name === 'up.sql' && folder !== '.') append(upSteps, folderOf(folder), nameOf(folder));
    } else if (name.endsWith('.prisma')) append(marks, '.prisma', path);
    else if (name.startsWith('query-') && nameOf(folder) === '.sqlx') {
      if (!prepared.has(folder)) append(marks, '.sqlx', path);
      prepared.add(folder);
    } else if (CHANGELOG.test(name)) append(marks, 'changelog', path);
    else if (MARKS.test(name)) append(marks, name.startsWith('drizzle') ? 'drizzle.config' : name, path);
  }
  return { entries, sql, migrationSteps, upSteps, code, stepFiles, fizz, marks };
}

/** The folder of a path, `.` for the root's. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path inside a folder, where `.` is the root. */
export function joined(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

/** A folder and those above it, nearest first, the root last. */
export function upwards(folder: string): readonly string[] {
  const folders = [];
  for (let at = folder; at !== '.'; at = folderOf(at)) folders.push(at);
  return [...folders, '.'];
}

/** The files of this name in a folder and above it, nearest first. */
export function marksAbove(layout: Layout, folder: string, name: string): readonly string[] {
  return upwards(folder)
    .map((above) => joined(above, name))
    .filter((path) => layout.entries.has(path));
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
