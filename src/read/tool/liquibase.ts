import type { MigrationFile } from '../chain.ts';
import { folderOf, type Layout, nameOf } from './layout.ts';
import { followChangelog, included } from './liquibase-changelog.ts';
import { formattedSql } from './liquibase-notation.ts';
import { orderedFiles } from './ordered-files.ts';
import { byText, type Draft, type Texts, type Tool } from './tool.ts';

/**
 * The SQL files that a changelog includes, in its order; each may grow by changesets. Changesets in XML, YAML or JSON are left
 * out with the reason. https://docs.liquibase.com/concepts/changelogs/home.html
 */
export const liquibase: Tool = {
  name: 'liquibase',
  directive: /^\s*--\s*liquibase\s+formatted\s+sql\b/im,
  folders: (layout) => [...new Set((layout.marks.get('changelog') ?? []).map(folderOf))],
  markers: (layout, folder) => changelogsBelow(layout, folder),
  draft(layout, folder, texts) {
    const root = rootOf(layout, folder);
    if (root === undefined) return byName(layout, folder);
    if (isIncluded(layout, root, texts)) return undefined;
    const run = followChangelog(layout, root, texts);
    if (run.sql.length === 0 && run.notSql.length === 0) return undefined;
    if (run.sql.length === 0)
      return `a Liquibase changelog in ${nameOf(root)}: its changesets are not SQL, and not read`;
    return {
      migrations: run.sql.map((path, at): MigrationFile => fileOf(layout, folder, path, at)),
      leftOut: [
        ...run.notSql.map((path) => ({ path, reason: NOT_SQL })),
        ...run.missing.map((path) => ({
          path,
          reason: `missing: ${root} includes it, so Liquibase stops here`,
        })),
      ],
      ...REST,
    } satisfies Draft;
  },
  notation: formattedSql,
};

const NOT_SQL = 'changesets that are not SQL: what they do to the schema is not known';

const REST = {
  prelude: () => `CREATE TABLE databasechangelog (
  id varchar(255) NOT NULL, author varchar(255) NOT NULL, filename varchar(255) NOT NULL, dateexecuted timestamp NOT NULL,
  orderexecuted int NOT NULL, exectype varchar(10) NOT NULL, md5sum varchar(35), description varchar(255), comments varchar(255),
  tag varchar(255), liquibase varchar(20), contexts varchar(255), labels varchar(255), deployment_id varchar(10)
);
CREATE TABLE databasechangeloglock (
  id int NOT NULL PRIMARY KEY, locked boolean NOT NULL, lockgranted timestamp, lockedby varchar(255)
);`,
  transactional: (dialect: string) => dialect !== 'mysql',
};

function fileOf(layout: Layout, folder: string, path: string, at: number): MigrationFile {
  return {
    name: path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path,
    path,
    id: layout.entries.get(path)?.id ?? '',
    order: String(at),
    editable: true,
  };
}

/** Formatted SQL without a changelog that includes it: by name, as `includeAll` would. */
function byName(layout: Layout, folder: string): Draft {
  const { migrations, leftOut } = orderedFiles(layout, folder, {
    pattern: /^(.*)\.sql$/,
    otherwise: '',
    compare: (a, b) => byText(a.path, b.path),
  });
  return { migrations: migrations.map((file) => ({ ...file, editable: true })), leftOut, ...REST };
}

/** The changelog of a folder that stands above the others. */
function rootOf(layout: Layout, folder: string): string | undefined {
  const here = (layout.marks.get('changelog') ?? []).filter((path) => folderOf(path) === folder);
  return here.find((path) => /master|root|main/i.test(nameOf(path))) ?? here[0];
}

function isIncluded(layout: Layout, root: string, texts: Texts): boolean {
  return [...texts].some(
    ([path, text]) => path !== root && CHANGELOG.test(path) && included(layout, path, text).includes(root),
  );
}

const CHANGELOG = /\.(xml|ya?ml|json)$/i;

/** Changelogs below a folder, which may include one another; a tree with more has them elsewhere. */
function changelogsBelow(layout: Layout, folder: string): readonly string[] {
  const prefix = folder === '.' ? '' : `${folder}/`;
  const below = [...layout.entries.keys()].filter((path) => path.startsWith(prefix) && CHANGELOG.test(path));
  return below.slice(0, MOST_CHANGELOGS);
}

const MOST_CHANGELOGS = 1000;
