import type { Dialect } from '../../schema/schema.ts';
import { dialectOf } from './dialect.ts';
import { folderOf, joined, type Layout, marksAbove } from './layout.ts';
import type { Forward } from './notation.ts';
import { orderedFiles } from './ordered-files.ts';
import { byText, type Draft, type Texts, type Tool } from './tool.ts';

/**
 * A folder with an `atlas.sum`: every `.sql` file of it, in the order of the names. Files written for another tool
 * (`?format=goose`) are that tool's. https://github.com/ariga/atlas/blob/master/sql/migrate/dir.go
 */
export const atlas: Tool = {
  name: 'atlas',
  folders: (layout) => (layout.marks.get('atlas.sum') ?? []).map(folderOf),
  markers: (layout, folder) => [
    joined(folder, 'atlas.sum'),
    ...marksAbove(layout, folder, 'atlas.hcl'),
    ...checkpoints(layout, folder),
  ],
  draft(layout, folder, texts) {
    const sum = texts.get(joined(folder, 'atlas.sum'));
    if (sum === undefined || !layout.sql.has(folder)) return undefined;
    if ((layout.sql.get(folder) ?? []).some((name) => /\.(up|down)\.sql$/.test(name))) return undefined;
    const { migrations, leftOut } = orderedFiles(layout, folder, {
      pattern: /^([^_]*?)(?:_.*)?\.sql$/,
      otherwise: '',
      compare: (a, b) => byText(a.path, b.path),
    });
    const kept = migrations.filter(({ path }, at) => at === 0 || !isCheckpoint(texts.get(path)));
    return {
      migrations: kept,
      leftOut: [
        ...leftOut,
        ...migrations
          .filter((file) => !kept.includes(file))
          .map(({ path }) => ({
            path,
            reason: 'a checkpoint: only new databases run it, in place of what stands before it',
          })),
        ...unlisted(sum, kept),
      ],
      dialect: dialectIn(marksAbove(layout, folder, 'atlas.hcl'), texts),
      prelude: ledger,
      transactional: (dialect) => dialect !== 'mysql',
    } satisfies Draft;
  },
  notation: (text): Forward => {
    const mode = /^--[ \t]*atlas:txmode[ \t]+(\w+)/m.exec(head(text))?.[1];
    return { text, ...(mode === 'none' ? { transactional: false } : {}) };
  },
};

/** Directives of a file stand in its first comments. */
function head(text: string): string {
  return /^(?:[ \t]*(?:--|#)[^\n]*\n?|\s+)*/.exec(text.slice(0, 4000))?.[0] ?? '';
}

function checkpoints(layout: Layout, folder: string): readonly string[] {
  return (layout.sql.get(folder) ?? [])
    .filter((name) => /checkpoint/i.test(name))
    .map((name) => joined(folder, name));
}

function isCheckpoint(text: string | undefined): boolean {
  return text !== undefined && /^--[ \t]*atlas:checkpoint\b/m.test(head(text));
}

/** Files that the sum does not name: Atlas stops at them until it is renewed. */
function unlisted(sum: string, migrations: Draft['migrations']): Draft['leftOut'] {
  const listed = new Set(sum.split(/\r?\n/).flatMap((line) => /^(.+?)\s+h1:/.exec(line)?.[1] ?? []));
  return migrations
    .filter(({ path }) => !listed.has(path.slice(path.lastIndexOf('/') + 1)))
    .map(({ path }) => ({
      path,
      reason: 'atlas.sum does not list it: Atlas stops until `atlas migrate hash` is run',
    }));
}

/** Literals of `atlas.hcl`: `dev = "docker://postgres/16/dev"`, `url = "mysql://…"`. */
function dialectIn(paths: readonly string[], texts: Texts): Draft['dialect'] {
  for (const path of paths)
    for (const [, said = ''] of (texts.get(path) ?? '').matchAll(
      /\b(?:dev|url)\s*=\s*"(?:docker:\/\/)?([a-z0-9]+)[:/]/g,
    )) {
      const word = dialectOf(said.replace(/^maria$/, 'mariadb'));
      if (word) return { word, reason: `${path}: "${said}"` };
    }
  return undefined;
}

/** https://github.com/ariga/atlas, cmd/atlas/internal/migrate, the revisions table */
function ledger(dialect: Dialect): string {
  if (dialect !== 'postgres') return '';
  return `CREATE SCHEMA atlas_schema_revisions;
CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (
  version varchar PRIMARY KEY, description varchar NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0, executed_at timestamptz NOT NULL, execution_time bigint NOT NULL, error text,
  error_stmt text, hash varchar NOT NULL, partial_hashes jsonb, operator_version varchar NOT NULL
);`;
}
