// A small shop as a git repository: a history on main, and a pull request on feature that a reviewer would stop.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const HISTORY = {
  'migrations/0001_customers.sql': `CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
`,
  'migrations/0002_posts.sql': `CREATE TABLE posts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  author_id bigint NOT NULL REFERENCES customers (id),
  body text NOT NULL
);
CREATE INDEX posts_author_id ON posts (author_id);
`,
  'migrations/0003_orders.sql': `CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
  total numeric(12, 2) NOT NULL CHECK (total >= 0)
);
CREATE INDEX orders_customer_id ON orders (customer_id);
`,
  'migrations/0004_documents.sql': `CREATE TABLE documents (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('post', 'page')),
  author_id bigint NOT NULL REFERENCES customers (id),
  body text NOT NULL
);
CREATE INDEX documents_author_id ON documents (author_id);
INSERT INTO documents (kind, author_id, body) SELECT 'post', author_id, body FROM posts;
`,
  'tablewarden.yml': `legacy:
  - { table: posts, use: documents, because: posts and pages were unified, since: 2026-01-02 }
`,
};

export const PULL_REQUEST = {
  'migrations/0005_order_lines.sql': `CREATE TABLE order_lines (
  order_id bigint NOT NULL REFERENCES orders (id),
  sku text NOT NULL,
  amount integer NOT NULL
);
INSERT INTO posts (author_id, body) SELECT id, 'Welcome' FROM customers;
`,
  'migrations/0006_country.sql': `ALTER TABLE customers ADD COLUMN country text NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_total_positive;
`,
};

/** Runs `use(directory)` with the shop in a temporary folder that is removed afterwards; needs git and nothing of the user's. */
export async function withShop(use) {
  const directory = mkdtempSync(join(tmpdir(), 'tablewarden-shop-'));
  const git = (...args) =>
    execFileSync('git', args, { cwd: directory, env: gitEnvironment(), stdio: 'pipe' });
  try {
    git('init', '--quiet', '--template=', '--initial-branch=main');
    commit(git, directory, 'A shop with a history', HISTORY);
    git('checkout', '--quiet', '-b', 'feature');
    commit(git, directory, 'Order lines, and where customers live', PULL_REQUEST);
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

function commit(git, directory, message, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--no-gpg-sign', '-m', message);
}

/** The same commits everywhere: no configuration of the machine's, a fixed name and a fixed date. */
function gitEnvironment() {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const date = '2026-01-05T12:00:00Z';
  return {
    ...kept,
    GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Shop',
    GIT_AUTHOR_EMAIL: 'shop@example.org',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Shop',
    GIT_COMMITTER_EMAIL: 'shop@example.org',
    GIT_COMMITTER_DATE: date,
  };
}
