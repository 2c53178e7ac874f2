import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../../src/github/api.ts';
import { readPullRequest } from '../../src/github/pull-request.ts';
import { type ApiChange, NeedsGit, readByApi } from '../../src/github/read-by-api.ts';
import { fetchChange } from '../../src/github/read-change.ts';
import { shownLines } from '../../src/github/shown-lines.ts';
import { type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted, Pull } from '../harness/github/state.ts';
import { removeFolders, temporaryFolder } from '../hook/repository.ts';
import { quickApi } from './reviewed.ts';

afterAll(removeFolders);

const LONG = Array.from({ length: 40 }, (_, at) => `-- line ${at + 1}\n`).join('');

let github: Github;
let shop: Hosted;
let api: Api;
let token: string;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', {
    'migrations/1.sql': LONG,
    'migrations/old.sql': LONG,
    'migrations/gone.sql': 'SELECT 1;\n',
    'windows.sql': 'SELECT 1;\r\nSELECT 2;\r\n',
    'tablewarden.yml': 'rules: {}\n',
  });
  token = github.actionsToken(shop, { contents: 'read', pull_requests: 'read' });
  api = quickApi(github, () => token);
});
afterEach(() => github.close());

const numbered = ({ number }: Pull) => readPullRequest(api, { owner: 'octo', repo: 'shop', number });

const read = async (pull: Pull) => readByApi(api, await numbered(pull));

async function fetched({ baseRef, headSha }: Pull): Promise<ApiChange> {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const change = await fetchChange({
    folder: temporaryFolder(),
    url: `${github.url}/octo/shop.git`,
    sides: { base: { branch: baseRef }, head: headSha },
    credential: { url: `${github.url}/`, header: `AUTHORIZATION: basic ${basic}` },
    say: () => {},
  });
  return { ...change, hunksOf: shownLines(change.repository, change.changeSet) };
}

/** All that a reader can ask of a change, by path. */
async function told({ changeSet, range, setupTree, hunksOf }: ApiChange) {
  const { base, head, files, hunks } = changeSet;
  const paths = files.map(({ path }) => path);
  const shown = await Promise.all(paths.map(async (path) => [path, await hunksOf(path)] as const));
  return {
    range,
    files: new Map(files.map((file) => [file.path, file])),
    base: await base.read(files.map(({ path, oldPath }) => oldPath ?? path)),
    head: await head.read(paths),
    entries: [...(await head.entries()).values()].map(({ path, id, kind }) => [path, id, kind]),
    hunks: await hunks(paths),
    shown: new Map(shown),
    setup: await setupTree.read(['tablewarden.yml']),
  };
}

describe('a small pull request through the API', () => {
  test('is what git tells', async () => {
    await github.push(shop, 'main', { 'later.sql': 'SELECT 3;\n' });
    const files = {
      'migrations/1.sql': LONG.replace('line 3\n', 'line three\n').replace('-- line 30\n', ''),
      'migrations/old.sql': undefined,
      'migrations/new.sql': LONG.replace('line 20\n', 'line twenty\n'),
      'migrations/gone.sql': undefined,
      'windows.sql': 'SELECT 1;\r\nSELECT 20;\r\n',
      'logo.png': 'a\u0000b',
      'empty.sql': '',
    };
    await github.push(shop, 'feature', files, { from: 'origin/main~1' });
    const pull = await github.openPull(shop, 'feature');
    const byApi = await told(await read(pull));
    expect(github.spent()).not.toHaveProperty('git');
    expect([...byApi.files.values()].map(({ path, status }) => `${status} ${path}`).sort()).toEqual([
      'added empty.sql',
      'added logo.png',
      'deleted migrations/gone.sql',
      'modified migrations/1.sql',
      'modified windows.sql',
      'renamed migrations/new.sql',
    ]);
    expect([...byApi.setup.keys()]).toEqual(['tablewarden.yml']);
    const byGit = await told(await fetched(pull));
    expect(byApi).toEqual(byGit);
  });

  test('holds what GitHub shows without a patch and counts as zero', async () => {
    const huge = Array.from({ length: 20_500 }, (_, at) => `-- ${at}\n`).join('');
    await github.push(shop, 'feature', {
      'a.sql': huge,
      'b.sql': huge,
      'migrations/1.sql': `${LONG}SELECT 1;\n`,
    });
    const pull = await github.openPull(shop, 'feature');
    const list = await fetch(`${github.url}/repos/octo/shop/pulls/1/files`, {
      headers: { authorization: `token ${token}` },
    });
    expect(await list.json()).toContainEqual(expect.not.objectContaining({ patch: expect.anything() }));
    const { changeSet } = await read(pull);
    const texts = await changeSet.head.read(changeSet.files.map(({ path }) => path));
    expect([...texts].map(([path, { text }]) => [path, text?.length])).toEqual([
      ['a.sql', huge.length],
      ['b.sql', huge.length],
      ['migrations/1.sql', LONG.length + 10],
    ]);
  });

  test('asks for each content once, and only for what is read', async () => {
    await github.push(shop, 'feature', { 'copy.sql': LONG });
    const { changeSet } = await read(await github.openPull(shop, 'feature'));
    await changeSet.head.read(['copy.sql', 'migrations/1.sql', 'migrations/old.sql']);
    await changeSet.base.read(['migrations/1.sql', 'nowhere.sql']);
    expect(github.spent()).toMatchObject({ 'git/get-blob': 1, 'git/get-tree': 2 });
  });
});

describe('git is needed', () => {
  test('for many files, though GitHub lists 3,000 of them and no more', async () => {
    const files = Object.fromEntries(Array.from({ length: 3500 }, (_, at) => [`many/${at}.txt`, `${at}\n`]));
    await github.push(shop, 'feature', files);
    const refused = await read(await github.openPull(shop, 'feature')).catch((error: Error) => error);
    expect(refused).toEqual(new NeedsGit('3500 files change'));
  });

  test('for a long history, before any content is asked for', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`long/${at}.sql`, `SELECT ${at};\n`]),
    );
    await github.push(shop, 'main', files);
    await github.push(shop, 'feature', { 'long/100.sql': 'SELECT 1;\n' });
    await expect(read(await github.openPull(shop, 'feature'))).rejects.toThrow(NeedsGit);
    expect(github.spent()).not.toHaveProperty('git/get-blob');
  });

  test('where more contents are asked for than is fair', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`src/${at}.ts`, `export const x = ${at};\n`]),
    );
    await github.push(shop, 'main', files);
    await github.push(shop, 'feature', { 'migrations/2.sql': 'SELECT 1;\n' });
    const { head } = (await read(await github.openPull(shop, 'feature'))).changeSet;
    await expect(head.read((await head.entries()).keys())).rejects.toThrow(NeedsGit);
    expect(github.spent()['git/get-blob']).toBeLessThanOrEqual(80);
  });

  test('for a tree that GitHub lists in part only', async () => {
    await github.push(shop, 'feature', { 'migrations/2.sql': 'SELECT 1;\n' });
    const pull = await github.openPull(shop, 'feature');
    github.state.mostEntries = 4;
    await expect(read(pull)).rejects.toThrow(NeedsGit);
  });
});
