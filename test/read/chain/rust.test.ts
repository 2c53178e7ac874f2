import { describe, expect, test } from 'vitest';
import { namesOf, onlyChain } from './survey.ts';

describe('diesel', () => {
  test('orders by the version as text with dashes removed, and keeps down parts apart', async () => {
    const chain = await onlyChain({
      'diesel.toml': '',
      'Cargo.toml':
        '[dependencies]\ndiesel = { version = "2", features = [\n  "chrono",\n  "postgres",\n] }\n',
      'migrations/2024-01-02-000000_b/up.sql': '',
      'migrations/2024-01-02-000000_b/down.sql': '',
      'migrations/20240101000000_a/up.sql': '',
      'migrations/00000000000000_diesel_initial_setup/up.sql': '',
      'migrations/2024-01-03-000000_c/up.sql': '',
      'migrations/2024-01-03-000000_c/metadata.toml': 'run_in_transaction = false\n',
    });
    expect(chain).toMatchObject({
      id: 'migrations',
      tool: 'diesel',
      dialect: 'postgres',
      dialectReason: 'Cargo.toml: diesel with the feature "postgres"',
      transactional: true,
    });
    expect(chain.migrations).toMatchObject([
      { name: '00000000000000_diesel_initial_setup', order: '00000000000000' },
      { name: '20240101000000_a', order: '20240101000000' },
      { name: '2024-01-02-000000_b', downPath: 'migrations/2024-01-02-000000_b/down.sql' },
      { name: '2024-01-03-000000_c', transactional: false },
    ]);
    expect(chain.prelude).toContain('__diesel_schema_migrations');
  });

  test('a crate for several databases is told apart by its folders', async () => {
    const manifest = '[dependencies.diesel]\nversion = "2"\nfeatures = ["mysql", "postgres"]\n[features]\n';
    const chain = await onlyChain({
      'Cargo.toml': manifest,
      'migrations/mysql/2024-01-01-000000_a/up.sql': '',
    });
    expect(chain).toMatchObject({
      id: 'migrations/mysql',
      dialect: 'mysql',
      dialectReason: 'the folder mysql/',
    });
  });
});

describe('sqlx', () => {
  const manifest = '[dependencies]\nsqlx = { version = "0.8", features = ["runtime-tokio", "sqlite"] }\n';

  test('the files of a crate know better than the manifest of its workspace', async () => {
    const sqlOf = async (sql: string) =>
      (
        await onlyChain({
          'Cargo.toml': '[workspace.dependencies.sqlx]\nversion = "0.8"\nfeatures = ["postgres"]\n',
          'crates/kv/Cargo.toml': '[dependencies]\nsqlx = { workspace = true }\n',
          'crates/kv/migrations/1_kv.sql': sql,
        })
      ).dialect;
    expect(await sqlOf("CREATE TABLE kv (at integer DEFAULT (strftime('%s', 'now')));")).toBe('sqlite');
    expect(await sqlOf('CREATE TABLE kv (id integer PRIMARY KEY);')).toBe('postgres');
    expect(await sqlOf('CREATE TABLE kv (id text);')).toBe('postgres');
  });

  test('orders by the version as a number', async () => {
    const chain = await onlyChain({
      'crates/db/Cargo.toml': manifest,
      'crates/db/migrations/10_c.up.sql': '',
      'crates/db/migrations/10_c.down.sql': '',
      'crates/db/migrations/9_b.sql': '',
      'crates/db/migrations/0001_a.sql': '',
      'crates/db/migrations/notes.sql': '',
      'crates/db/migrations/v2_x.sql': '',
    });
    expect(chain).toMatchObject({
      id: 'crates/db/migrations',
      tool: 'sqlx',
      dialect: 'sqlite',
      transactional: true,
    });
    expect(namesOf(chain)).toEqual(['0001_a', '9_b', '10_c']);
    expect(chain.migrations[2]?.downPath).toBe('crates/db/migrations/10_c.down.sql');
    expect(chain.leftOut).toEqual([
      {
        path: 'crates/db/migrations/notes.sql',
        reason: 'not run: sqlx runs only files named <version>_<description>.sql',
      },
      {
        path: 'crates/db/migrations/v2_x.sql',
        reason: 'sqlx stops with an error here: the part before the first _ is no number',
      },
    ]);
  });

  test('a version that is taken twice stays twice', async () => {
    const chain = await onlyChain({
      'Cargo.toml': manifest,
      'migrations/1_b.sql': '',
      'migrations/1_a.sql': '',
    });
    expect(chain.migrations.map(({ name, order }) => [name, order])).toEqual([
      ['1_a', '1'],
      ['1_b', '1'],
    ]);
  });

  test('queries that were prepared name the database', async () => {
    const chain = await onlyChain({
      'Cargo.toml':
        '[workspace.dependencies]\nsqlx = { version = "0.8", features = ["postgres", "mysql"] }\n',
      '.sqlx/query-0a.json': '{\n  "db_name": "PostgreSQL",\n  "query": "SELECT 1"\n}',
      'migrations/1_a.sql': '',
    });
    expect(chain).toMatchObject({
      dialect: 'postgres',
      dialectReason: '.sqlx/query-0a.json: "db_name": "PostgreSQL"',
    });
  });

  test('without sqlx among the dependencies it is a plain numbered folder', async () => {
    const chain = await onlyChain({
      'Cargo.toml': '[dependencies]\nserde = "1"\n',
      'migrations/1_a.sql': '',
    });
    expect(chain.tool).toBe('numbered');
  });
});
