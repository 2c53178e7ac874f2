import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchChange } from '../../src/github/read-change.ts';
import { type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted, Pull } from '../harness/github/state.ts';
import { at, removeFolders, temporaryFolder } from '../hook/repository.ts';

afterAll(removeFolders);

let github: Github;
let shop: Hosted;
let folder: string;
let token: string;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', {
    'migrations/1.sql': 'CREATE TABLE a (id int);\r\n',
    'old.sql': 'SELECT 1;\n',
    'logo.png': `${'x'.repeat(5000)}\n`,
  });
  folder = temporaryFolder();
  token = github.actionsToken(shop, { contents: 'read' });
});
afterEach(() => github.close());

function fetchPull(pull: Pull, as = token) {
  const basic = Buffer.from(`x-access-token:${as}`).toString('base64');
  return fetchChange({
    folder,
    url: `${github.url}/octo/shop.git`,
    sides: { base: { branch: pull.baseRef }, head: pull.headSha },
    credential: { url: `${github.url}/`, header: `AUTHORIZATION: basic ${basic}` },
    say: () => {},
  });
}

describe('a pull request is fetched', () => {
  test('from where its branch left, with both texts of what it touches', async () => {
    await github.push(shop, 'feature', {
      'migrations/2.sql': 'CREATE TABLE b (id int);\r\n',
      'old.sql': undefined,
      'new.sql': 'SELECT 1;\n',
    });
    await github.push(shop, 'main', { 'later.sql': 'SELECT 2;\n' });
    const { changeSet, range, setupTree } = await fetchPull(await github.openPull(shop, 'feature'));
    expect(changeSet.files.map(({ path, status }) => [path, status])).toEqual([
      ['migrations/2.sql', 'added'],
      ['new.sql', 'renamed'],
    ]);
    const texts = await changeSet.head.read(['migrations/1.sql', 'migrations/2.sql']);
    expect([...texts.values()].map(({ text }) => text)).toEqual([
      'CREATE TABLE a (id int);\r\n',
      'CREATE TABLE b (id int);\r\n',
    ]);
    expect([...(await setupTree.entries()).keys()]).toContain('later.sql');
    expect(range.tip).not.toBe(range.base);
  });

  test('without the contents that no reader wants, unless the change touches them', async () => {
    await github.push(shop, 'feature', { 'migrations/2.sql': 'SELECT 1;\n' });
    const pull = await github.openPull(shop, 'feature');
    await fetchPull(pull);
    expect(at(folder).git('cat-file', '--batch-check', '--batch-all-objects')).not.toContain(' 5001');
    await github.push(shop, 'feature', { 'logo.png': `${'y'.repeat(6000)}\n` });
    const touched = await fetchPull(pull);
    expect((await touched.changeSet.head.read(['logo.png'])).get('logo.png')?.text).toHaveLength(6001);
  });

  test('with files that were renamed and altered, also such as no reader wants', async () => {
    const lines = Array.from({ length: 30 }, (_, at) => `-- line ${at}\n`).join('');
    await github.push(shop, 'main', { 'before.sql': lines, 'before.png': lines });
    const files = { 'after.sql': `${lines}--\n`, 'after.png': `${lines}--\n` };
    await github.push(shop, 'feature', { ...files, 'before.sql': undefined, 'before.png': undefined });
    const { changeSet } = await fetchPull(await github.openPull(shop, 'feature'));
    expect(changeSet.files.map(({ oldPath, path, status }) => [oldPath, path, status])).toEqual([
      ['before.png', 'after.png', 'renamed'],
      ['before.sql', 'after.sql', 'renamed'],
    ]);
  });

  test('from a fork, after a force push, and into a branch that is another one’s', async () => {
    await github.push(shop, 'below', { 'below.sql': 'SELECT 1;\n' });
    const copy = github.fork(shop, 'somebody');
    await github.push(copy, 'above', { 'above.sql': 'SELECT 2;\n' }, { from: 'origin/below' });
    const pull = await github.openPull(shop, 'above', { headRepo: copy, base: 'below' });
    const paths = async () => (await fetchPull(pull)).changeSet.files.map(({ path }) => path);
    expect(await paths()).toEqual(['above.sql']);
    await github.push(copy, 'above', { 'other.sql': 'SELECT 3;\n' }, { from: 'origin/below', force: true });
    expect(await paths()).toEqual(['other.sql']);
  });

  test('with 3,500 files, none of which is taken for unchanged', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 3500 }, (_, n) => [`many/${n}.sql`, `SELECT ${n};\n`]),
    );
    await github.push(shop, 'feature', files);
    const { changeSet } = await fetchPull(await github.openPull(shop, 'feature'));
    const texts = await changeSet.head.read(changeSet.files.map(({ path }) => path));
    expect([...texts.values()].filter(({ text }) => text !== undefined)).toHaveLength(3500);
  });

  test('or not, and the token is neither in the words nor on the disk', async () => {
    await github.push(shop, 'feature', { 'x.sql': 'SELECT 1;\n' });
    const pull = await github.openPull(shop, 'feature');
    await fetchPull(pull);
    expect(at(folder).git('config', '--list')).not.toMatch(/extraheader|x-access-token/);
    github.advance(7 * 3_600_000);
    const trouble = await fetchPull(pull).catch((error: Error) => error);
    expect(trouble).toMatchObject({ name: 'UserError', remedy: expect.stringContaining('read contents') });
    expect(String(trouble)).not.toContain(token);
  });
});
