import { describe, expect, test } from 'vitest';
import { treeOfTexts } from '../src/change/from-texts.ts';
import { checkRuleIds, defaultConfig, findConfig, parseConfig } from '../src/config.ts';
import { UserError } from '../src/errors.ts';

const read = (text: string) => parseConfig('tablewarden.yml', text);

/** Both lines of the trouble with a configuration. */
async function trouble(text: string): Promise<string> {
  const error = await read(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`no trouble with ${text}`);
  return `${error.message} ${error.remedy}`;
}

test('says everything that it may say', async () => {
  const config = await read(`
postgres: { version: 16, engine: pglite }
migrations:
  - { path: packages/db/migrations, tool: drizzle, dialect: postgres }
  - path: old
legacy:
  - { table: posts, use: documents, because: unified, since: 2026-01-02, owner: data }
  - { table: users, columns: [email, phone] }
  - { table: users, column: fax }
owners:
  connections: src/db.ts
  ddl: [migrations/**, db/**]
  tables: { invoices: [src/billing/**] }
hot_tables: [events]
rules: { table-dropped: note, column-dropped: off }
wrappers: [{ function: tableOf, from: ./db, table: 0, op: insert }, { function: runReport, sql: 1 }]
waivers: { never: [conflict-marker] }
review: { fixed: resolve }
hook: { branches: 5 }
documents: docs/plan.md
profile: [{ path: ./ops/statements.csv, days: 7, migrations: old }, { path: ops/plan.json }]
`);
  expect({ ...config, ruleAt: undefined }).toEqual({
    path: 'tablewarden.yml',
    postgres: { version: 16, pglite: true },
    migrations: [{ path: 'packages/db/migrations', tool: 'drizzle', dialect: 'postgres' }, { path: 'old' }],
    legacy: [
      { table: 'posts', use: 'documents', because: 'unified', since: '2026-01-02', owner: 'data' },
      { table: 'users', columns: ['email', 'phone'] },
      { table: 'users', columns: ['fax'] },
    ],
    owners: { connections: ['src/db.ts'], ddl: ['migrations/**', 'db/**'] },
    tableOwners: { invoices: ['src/billing/**'] },
    wrappers: [
      { function: 'tableOf', from: './db', table: 0, op: 'insert' },
      { function: 'runReport', sql: 1 },
    ],
    hotTables: ['events'],
    rules: { 'table-dropped': 'note', 'column-dropped': 'off' },
    waivers: { never: ['conflict-marker'] },
    review: { fixed: 'resolve' },
    hook: { branches: 5, days: 30 },
    documents: ['docs/plan.md'],
    profile: [{ path: 'ops/statements.csv', days: 7, chain: 'old' }, { path: 'ops/plan.json' }],
  });
});

test.each([
  ['nothing', ''],
  ['a comment', '# later\n'],
  ['empty keys', 'rules:\nlegacy:\n'],
])('that says %s is what holds without one', async (_, text) => {
  expect(await read(text)).toMatchObject(defaultConfig);
});

describe('trouble is told with line and column, and what to do', () => {
  test.each([
    ['an unknown key', 'rulse: {}\n', 'tablewarden.yml:1:1: the file has no key rulse. Did you mean rules?'],
    [
      'one that is like none',
      'hot_tables: [a]\nxyzzy: 1\n',
      'tablewarden.yml:2:1: the file has no key xyzzy. Its keys are postgres, migrations, legacy, owners, hot_tables, preset, rules, wrappers, waivers, review, hook, documents, profile.',
    ],
    [
      'an unknown key of an entry',
      'legacy:\n  - table: posts\n    usee: documents\n',
      'tablewarden.yml:3:5: an entry of legacy has no key usee. Did you mean use?',
    ],
    [
      'a text for a list',
      'migrations: db\n',
      'tablewarden.yml:1:13: migrations is text where a list is expected.',
    ],
    [
      'a list for keys',
      'rules:\n  - table-dropped\n',
      'tablewarden.yml:2:3: rules is a list where keys with values are expected.',
    ],
    [
      'keys for a text',
      'legacy:\n  - table: { name: posts }\n',
      'tablewarden.yml:2:12: table is keys with values where text is expected.',
    ],
    [
      'a truth value for a text',
      'hot_tables: [events, true]\n',
      'tablewarden.yml:1:22: an entry of hot_tables is true or false where text is expected.',
    ],
    ['an empty text', `legacy: [{ table: '' }]\n`, 'tablewarden.yml:1:19: table is empty.'],
    ['no table', 'legacy:\n  - use: documents\n', 'tablewarden.yml:2:5: an entry of legacy needs a table.'],
    [
      'no path',
      'migrations: [{ tool: prisma }]\n',
      'tablewarden.yml:1:14: an entry of migrations needs a path.',
    ],
    [
      'a path outside',
      'migrations: [{ path: ../other }]\n',
      'tablewarden.yml:1:22: a path of migrations is a folder of this repository',
    ],
    [
      'an absolute path',
      'migrations: [{ path: /db }]\n',
      'tablewarden.yml:1:22: a path of migrations is a folder of this repository',
    ],
    [
      'a profile outside',
      'profile: [{ path: ../other.csv }]\n',
      'tablewarden.yml:1:19: a profile is a file of this repository',
    ],
    [
      'no days',
      'profile: [{ path: a.csv, days: 0 }]\n',
      'tablewarden.yml:1:32: days is a number above 0, such as 7.',
    ],
    ['an unknown tool', 'migrations: [{ path: db, tool: drizle }]\n', 'tablewarden.yml:1:32: tool is one of'],
    ['a word that is near one', 'rules:\n  table-dropped: warn\n', '(did you mean warning?)'],
    [
      'a severity that is none',
      'rules: { table-dropped: 1 }\n',
      'tablewarden.yml:1:25: rules.table-dropped is one of error, warning, note, off, not 1.',
    ],
    [
      'no severity',
      'rules:\n  table-dropped:\n',
      'rules.table-dropped needs one of error, warning, note, off',
    ],
    [
      'a day that there is not',
      'legacy: [{ table: a, since: 2026-02-30 }]\n',
      'tablewarden.yml:1:29: since is a day such as 2026-01-31, not 2026-02-30.',
    ],
    [
      'column and columns',
      'legacy: [{ table: a, column: b, columns: [c] }]\n',
      'use either column or columns, not both',
    ],
    [
      'since and date',
      'legacy: [{ table: a, date: 2026-01-01, since: 2026-01-01 }]\n',
      'use either since or date, not both',
    ],
    [
      'an entry twice',
      'legacy:\n  - table: a\n  - table: b\n  - table: a\n',
      'tablewarden.yml:4:5: a is called legacy twice, first on line 2.',
    ],
    [
      'a version that is none',
      'postgres: { version: 16.2 }\n',
      'tablewarden.yml:1:22: postgres.version is a whole number such as 16.',
    ],
    ['a key twice', 'rules: {}\nrules: {}\n', 'tablewarden.yml:2:1: this is not YAML:'],
    ['what is not YAML', 'rules: {\n', 'this is not YAML:'],
    [
      'a list for a file',
      '- rules\n',
      'tablewarden.yml:1:1: the file is a list where keys with values are expected.',
    ],
  ])('%s', async (_, text, said) => {
    expect(await trouble(text)).toContain(said);
  });

  test('of the user’s text on one short line, without control characters', async () => {
    const said = await trouble(`rules: { table-dropped: "a\\u001b[31m\\n${'x'.repeat(500)}" }\n`);
    expect(said).not.toMatch(/[\u0000-\u001f]/);
    expect(said.length).toBeLessThan(300);
  });

  test('of a text whose aliases unfold without end', async () => {
    const names = Array.from({ length: 1000 }, (_, n) => `c${n}`).join(', ');
    const more = Array.from({ length: 1000 }, (_, n) => `  - { table: t${n}, columns: *c }`).join('\n');
    const text = `legacy:\n  - { table: t, columns: &c [${names}] }\n${more}\n`;
    expect(await trouble(text)).toContain('this is more than a configuration holds');
  });

  test('of a file that is too large', async () => {
    expect(await trouble(`# ${'x'.repeat(1_000_001)}`)).toContain('tablewarden.yml is too large');
  });
});

describe('rule ids', () => {
  const known = ['table-dropped', 'column-dropped'];

  test('that exist are fine', async () => {
    const config = await read('rules: { table-dropped: off }\nwaivers: { never: [column-dropped] }\n');
    expect(() => checkRuleIds(config, known)).not.toThrow();
  });

  test.each([
    [
      'rules:\n  table-droped: off\n',
      'tablewarden.yml:2:3: there is no rule named table-droped.',
      'Did you mean table-dropped?',
    ],
    [
      'waivers:\n  never:\n    - column-drop\n',
      'tablewarden.yml:3:7: there is no rule named column-drop.',
      'Did you mean column-dropped?',
    ],
    [
      'rules: { xyzzy: off }\n',
      'tablewarden.yml:1:10: there is no rule named xyzzy.',
      'Run `tablewarden rules` for their names.',
    ],
  ])('that do not are told where they stand: %j', async (text, message, remedy) => {
    const config = await read(text);
    expect(() => checkRuleIds(config, known)).toThrow(expect.objectContaining({ message, remedy }));
  });
});

describe('where it is found', () => {
  const find = (texts: Readonly<Record<string, string>>) =>
    findConfig(treeOfTexts('head', new Map(Object.entries(texts))));

  test('beside the code or below .github', async () => {
    expect(await find({})).toBe(defaultConfig);
    for (const path of ['tablewarden.yml', '.github/tablewarden.yml'])
      expect(await find({ [path]: 'hot_tables: [a]\n' })).toMatchObject({ path, hotTables: ['a'] });
  });

  test.each([
    [
      ['tablewarden.yml', '.github/tablewarden.yml'],
      'There are two configurations: tablewarden.yml and .github/tablewarden.yml.',
    ],
    [['tablewarden.yaml'], 'tablewarden.yaml is not read.'],
    [['.tablewarden.yml'], '.tablewarden.yml is not read.'],
    [['tablewarden.yml', '.github/tablewarden.yaml'], '.github/tablewarden.yaml is not read.'],
  ])('refuses %j', async (paths, message) => {
    await expect(find(Object.fromEntries(paths.map((path) => [path, ''])))).rejects.toThrow(message);
  });
});
