import { describe, expect, test } from 'vitest';
import { openCache } from '../src/cache/cache.ts';
import { changeOfTexts } from '../src/change/from-texts.ts';
import { check } from '../src/check.ts';
import { parseConfig } from '../src/config.ts';

/**
 * One schema over half a year, by the mistakes that were made with it. Each is a pull request as it was merged, with the rules
 * that would have stopped it, and as it should have been: of those rules nothing is heard then.
 */

type Files = Readonly<Record<string, string>>;

interface Episode {
  readonly before: Files;
  readonly merged: Files;
  /** `rule path:line`. */
  readonly caught: readonly string[];
  readonly mended: Files;
}

const SETTINGS = `
legacy:
  - { table: posts, use: documents, because: one table for all kinds of documents, since: 2026-01-02 }
owners:
  connections: [src/storage/**]
  ddl: [src/storage/init.ts]
`;

const DOCUMENTS = {
  'migrations/001_documents.sql': `
CREATE TABLE documents (
  id bigint PRIMARY KEY,
  doc_type text NOT NULL CHECK (doc_type IN ('post', 'profile', 'media')),
  slug text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE tasks (
  id bigint PRIMARY KEY,
  task_type text NOT NULL CHECK (task_type IN ('generate_banner', 'update_profile', 'enrich_media')),
  document_id bigint NOT NULL REFERENCES documents (id),
  status text NOT NULL
);
CREATE INDEX tasks_document_id_idx ON tasks (document_id);
CREATE TABLE annotations (
  id bigint PRIMARY KEY,
  parent_id bigint NOT NULL REFERENCES documents (id),
  author_id bigint NOT NULL,
  body text NOT NULL
);
CREATE INDEX annotations_parent_id_idx ON annotations (parent_id);
`,
};

const EPISODES: readonly (readonly [title: string, Episode])[] = [
  [
    'A. two days after the documents were unified, a cache reads the old table, and makes it again',
    {
      before: DOCUMENTS,
      merged: {
        'src/profile-cache.ts': `
export async function warm() {
  await db.query('CREATE TABLE IF NOT EXISTS posts (id bigint PRIMARY KEY, body text)');
  return db.query('SELECT id, body FROM posts');
}
`,
      },
      caught: [
        'ddl-outside-migrations src/profile-cache.ts:3',
        'legacy-table-used src/profile-cache.ts:3',
        'legacy-table-used src/profile-cache.ts:4',
      ],
      mended: {
        'src/profile-cache.ts': `
export const warm = () => db.query("SELECT id, slug FROM documents WHERE doc_type = 'post'");
`,
      },
    },
  ],
  [
    'B. tables come without a key, with the values of a column only in a comment',
    {
      before: DOCUMENTS,
      merged: {
        'migrations/002_git.sql': `
CREATE TABLE git_commits (
  repo_path text NOT NULL,
  commit_sha text NOT NULL,
  change_type text NOT NULL -- 'A', 'M', 'D', 'R'
);
`,
      },
      caught: ['table-without-primary-key migrations/002_git.sql:2'],
      mended: {
        'migrations/002_git.sql': `
CREATE TABLE git_commits (
  repo_path text NOT NULL,
  commit_sha text NOT NULL,
  change_type text NOT NULL CHECK (change_type IN ('A', 'M', 'D', 'R')),
  PRIMARY KEY (commit_sha, repo_path)
);
`,
      },
    },
  ],
  [
    'B. a worker queues a kind of task that the CHECK does not list',
    {
      before: DOCUMENTS,
      merged: {
        'src/enricher.ts': `
const TASK = 'enrich_url';
export const enqueue = (id: number) =>
  db.query(\`INSERT INTO tasks (task_type, document_id, status) VALUES ('\${TASK}', $1, 'pending')\`, [id]);
`,
      },
      caught: ['check-contradicts-code src/enricher.ts:4'],
      mended: {
        'migrations/002_tasks.sql': `
ALTER TABLE tasks DROP CONSTRAINT tasks_task_type_check;
ALTER TABLE tasks ADD CONSTRAINT tasks_task_type_check
  CHECK (task_type IN ('generate_banner', 'update_profile', 'enrich_media', 'enrich_url')) NOT VALID;
`,
        'src/enricher.ts': `
const TASK = 'enrich_url';
export const enqueue = (id: number) =>
  db.query(\`INSERT INTO tasks (task_type, document_id, status) VALUES ('\${TASK}', $1, 'pending')\`, [id]);
`,
      },
    },
  ],
  [
    'B. the writer of annotations names a column that the table does not have',
    {
      before: DOCUMENTS,
      merged: {
        'src/annotate.ts': `
export const annotate = (parent: number, author: number, body: string) =>
  db.query('INSERT INTO annotations (parent_id, author, body) VALUES ($1, $2, $3)', [parent, author, body]);
`,
      },
      caught: ['unknown-column-used src/annotate.ts:3'],
      mended: {
        'src/annotate.ts': `
export const annotate = (parent: number, author: number, body: string) =>
  db.query('INSERT INTO annotations (parent_id, author_id, body) VALUES ($1, $2, $3)', [parent, author, body]);
`,
      },
    },
  ],
  [
    'C. the queue is polled by columns that no index starts with',
    {
      before: DOCUMENTS,
      merged: {
        'src/queue.ts': `
export const pending = (status: string) =>
  db.query('SELECT id FROM tasks WHERE status = $1 ORDER BY id LIMIT 10', [status]);
`,
      },
      caught: ['query-without-index src/queue.ts:3'],
      mended: {
        'migrations/002_queue.sql': 'CREATE INDEX CONCURRENTLY tasks_status_idx ON tasks (status, id);\n',
        'src/queue.ts': `
export const pending = (status: string) =>
  db.query('SELECT id FROM tasks WHERE status = $1 ORDER BY id LIMIT 10', [status]);
`,
      },
    },
  ],
  [
    'D. two branches add a migration of the same number',
    {
      before: {
        ...DOCUMENTS,
        'migrations/002_slug.sql': 'CREATE INDEX documents_slug ON documents (slug);\n',
      },
      merged: { 'migrations/002_created.sql': 'CREATE INDEX documents_created ON documents (created_at);\n' },
      caught: ['migration-number-taken migrations/002_created.sql:1'],
      mended: { 'migrations/003_created.sql': 'CREATE INDEX documents_created ON documents (created_at);\n' },
    },
  ],
  [
    'E. a command opens the database file past the storage manager',
    {
      before: DOCUMENTS,
      merged: {
        'src/commands/runs.ts': `
import { DuckDBInstance } from '@duckdb/node-api';
export const open = () => DuckDBInstance.create('runs.duckdb');
`,
      },
      caught: ['connection-outside-owner src/commands/runs.ts:3'],
      mended: {
        'src/commands/runs.ts': `
import { storage } from '../storage/manager';
export const open = () => storage.connection();
`,
      },
    },
  ],
  [
    'F. a store makes its own table, with other columns than the migrations',
    {
      before: DOCUMENTS,
      merged: {
        'src/task-store.ts': `
export const ensureTable = () => db.query('CREATE TABLE IF NOT EXISTS tasks (id bigint, task_type text, status text)');
`,
      },
      caught: ['ddl-outside-migrations src/task-store.ts:2'],
      mended: { 'src/task-store.ts': "export const count = () => db.query('SELECT count(*) FROM tasks');\n" },
    },
  ],
  [
    'G. a thousand tasks are looked up one by one',
    {
      before: DOCUMENTS,
      merged: {
        'src/enrich.ts': `
export async function enrich() {
  const { rows } = await db.query("SELECT document_id FROM tasks WHERE status = 'open'");
  for (const task of rows) await db.query('SELECT slug FROM documents WHERE id = $1', [task.document_id]);
}
`,
      },
      caught: ['query-in-loop src/enrich.ts:4'],
      mended: {
        'src/enrich.ts': `
export const enrich = () =>
  db.query("SELECT d.slug FROM tasks t JOIN documents d ON d.id = t.document_id WHERE t.status = 'open'");
`,
      },
    },
  ],
  [
    'I. what a merge left over is committed, where no check of code looks',
    {
      before: { ...DOCUMENTS, '.team/plan.md': '# Plan\n\nGit context.\n' },
      merged: {
        '.team/plan.md': '# Plan\n\n<<<<<<< HEAD\nGit context.\n=======\nGit cache.\n>>>>>>> origin/pr/1\n',
      },
      caught: ['conflict-marker .team/plan.md:3'],
      mended: { '.team/plan.md': '# Plan\n\nGit context, with its cache.\n' },
    },
  ],
  [
    'J. a key is added where nobody hears that it was not',
    {
      before: {
        ...DOCUMENTS,
        'migrations/002_refs.sql': 'CREATE TABLE refs (name text PRIMARY KEY, sha text);\n',
      },
      merged: {
        'src/storage/init.ts': `
export async function init() {
  try {
    await db.query('ALTER TABLE refs ADD CONSTRAINT refs_sha UNIQUE (sha)');
  } catch (error) {
    logger.debug('constraint was not added', error);
  }
}
`,
      },
      caught: ['ddl-error-swallowed src/storage/init.ts:4'],
      mended: {
        'src/storage/init.ts': `
export const init = () => db.query('ALTER TABLE refs ADD CONSTRAINT refs_sha UNIQUE (sha)');
`,
      },
    },
  ],
  [
    'J. a table is copied and swapped, and its key is gone',
    {
      before: {
        'migrations/001_documents.sql': 'CREATE TABLE documents (id bigint PRIMARY KEY, slug text);\n',
      },
      merged: {
        'migrations/002_swap.sql': `
CREATE TABLE documents_new AS SELECT id, slug FROM documents;
DROP TABLE documents;
ALTER TABLE documents_new RENAME TO documents;
`,
      },
      caught: ['table-without-primary-key migrations/002_swap.sql:2'],
      mended: {
        'migrations/002_swap.sql': `
CREATE TABLE documents_new (id bigint PRIMARY KEY, slug text);
INSERT INTO documents_new SELECT id, slug FROM documents;
DROP TABLE documents;
ALTER TABLE documents_new RENAME TO documents;
`,
      },
    },
  ],
];

async function said(before: Files, change: Files): Promise<readonly string[]> {
  const base = new Map(Object.entries(before));
  const head = new Map([...base, ...Object.entries(change)]);
  const { findings } = await check(await changeOfTexts(base, head), {
    config: await parseConfig('tablewarden.yml', SETTINGS),
    ownRules: [],
    all: false,
    prove: { mode: 'fast', engine: 'duckdb', make: false },
    failOn: 'error',
    cache: openCache(undefined),
  });
  return findings.map(({ rule, path, line }) => `${rule} ${path}:${line}`);
}

describe('what happened to one schema', () => {
  test.concurrent.each(EPISODES)('%s', async (_, { before, merged, caught, mended }) => {
    const rules = new Set(caught.map((one) => one.split(' ')[0] ?? ''));
    const about = (findings: readonly string[]) =>
      findings.filter((one) => rules.has(one.split(' ')[0] ?? '')).toSorted();
    expect(about(await said(before, merged))).toEqual(caught.toSorted());
    expect(about(await said(before, mended))).toEqual([]);
  });
});
