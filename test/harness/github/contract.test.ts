import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bareEnvironment, removeFolders } from '../../hook/repository.ts';
import { type AppKey, type Github, startGithub } from './github.ts';
import { makeJwt } from './jwt.ts';
import type { Hosted, Installation, Pull } from './state.ts';

afterAll(removeFolders);

const TABLE = Array.from({ length: 30 }, (_, at) => `-- line ${at + 1}\n`).join('');

let github: Github;
let repository: Hosted;
let pull: Pull;
let key: AppKey & { readonly app: Installation['app'] };
let installation: Installation;
let token: string;

/** A pull request that alters line 3 and line 28 of a file of 30, adds one and deletes one. */
beforeEach(async () => {
  github = await startGithub();
  repository = github.createRepository('octo/shop', { 'a.sql': TABLE, 'gone.sql': 'x\n' });
  key = github.registerApp();
  installation = github.install(key.app, 'octo');
  token = github.tokenOf(installation);
  const text = TABLE.replace('line 3\n', 'line three\n').replace('line 28\n', 'line 28, new\n');
  await github.push(repository, 'feature', { 'a.sql': text, 'b.sql': 'new\n', 'gone.sql': undefined });
  pull = await github.openPull(repository, 'feature');
});
afterEach(() => github.close());

/** What the tests below look at in an answer. */
interface Body {
  readonly id: number;
  readonly token: string;
  readonly message: string;
  readonly status: string;
  readonly line: number | null;
  readonly original_line: number;
  readonly changed_files: number;
  readonly output: { readonly annotations_count: number };
  readonly data: { readonly resolveReviewThread: { readonly thread: { readonly isResolved: boolean } } };
  readonly errors: readonly { readonly type: string; readonly message: string }[];
  readonly length: number;
  readonly 0: unknown;
  map<T>(make: (one: Body) => T): readonly T[];
}

async function ask(
  path: string,
  options: { body?: unknown; method?: string; as?: string; headers?: Record<string, string> } = {},
) {
  const { body, method = body === undefined ? 'GET' : 'POST', as = token, headers = {} } = options;
  const response = await fetch(`${github.url}${path}`, {
    method,
    headers: { authorization: `token ${as}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Body,
  };
}

const jwt = (claims: Readonly<Record<string, unknown>>) => makeJwt(key, claims);

const PULL = '/repos/octo/shop/pulls/1';
const comment = (anchor: Readonly<Record<string, unknown>>) => ({
  body: 'x',
  path: 'a.sql',
  side: 'RIGHT',
  ...anchor,
});
const review = (...comments: readonly unknown[]) =>
  ask(`${PULL}/reviews`, { body: { event: 'COMMENT', body: 'x', comments } });

describe('a review comment', () => {
  test('is limited in number and in length', async () => {
    expect(await review(...Array.from({ length: 33 }, () => comment({ line: 3 })))).toMatchObject({
      status: 403,
    });
    expect(
      (await ask('/repos/octo/shop/issues/1/comments', { body: { body: 'x'.repeat(65_537) } })).body.errors[0]
        ?.message,
    ).toBe('Body is too long (maximum is 65536 characters)');
  });

  test('of somebody else is neither edited nor deleted by an app', async () => {
    await review(comment({ line: 3 }));
    const [first] = pull.threads;
    const reply = await github.reply(repository, pull, first!, 'maintainer', 'why?');
    expect((await ask(`/repos/octo/shop/pulls/comments/${reply.id}`, { method: 'DELETE' })).status).toBe(403);
    expect((await ask(`/repos/octo/shop/pulls/comments/${first!.id}`, { method: 'DELETE' })).status).toBe(
      204,
    );
  });
});

describe('a check run', () => {
  const create = (more: Readonly<Record<string, unknown>>, as = token) =>
    ask('/repos/octo/shop/check-runs', { body: { name: 'x', head_sha: pull.headSha, ...more }, as });
  const annotation = { path: 'a.sql', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'x' };
  const output = (annotations: readonly unknown[]) => ({ output: { title: 't', summary: 's', annotations } });

  test('takes 50 annotations at a time', async () => {
    expect((await create(output(Array(51).fill(annotation)))).status).toBe(422);
    const { body } = await create(output(Array(50).fill(annotation)));
    const more = await ask(`/repos/octo/shop/check-runs/${body.id}`, {
      method: 'PATCH',
      body: output([annotation]),
    });
    expect(more.body.output.annotations_count).toBe(51);
  });

  test('is made by apps alone, and ends with a conclusion', async () => {
    expect((await create({}, github.personalToken('maintainer'))).status).toBe(403);
    expect((await create({ status: 'completed' })).status).toBe(422);
    expect((await create({ conclusion: 'success' })).body.status).toBe('completed');
    expect((await create({ head_sha: '0'.repeat(40) })).status).toBe(422);
  });

  test('has columns only within one line, and bounded texts', async () => {
    expect((await create(output([{ ...annotation, end_line: 2, start_column: 1 }]))).status).toBe(422);
    expect((await create(output([{ ...annotation, title: 'x'.repeat(256) }]))).status).toBe(422);
    expect((await create({ output: { title: 't', summary: 'x'.repeat(65_536) } })).status).toBe(422);
  });
});

describe('who may', () => {
  test('a token without the permission is told so; one for elsewhere sees nothing', async () => {
    const weak = github.actionsToken(repository, { contents: 'read', pull_requests: 'read' });
    const body = { event: 'COMMENT', body: 'x', comments: [comment({ line: 3 })] };
    expect(await ask(`${PULL}/reviews`, { body, as: weak })).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    const other = github.createRepository('other/shop', { a: 'x' });
    expect((await ask(PULL, { as: github.actionsToken(other, { pull_requests: 'write' }) })).status).toBe(
      404,
    );
    expect((await ask(PULL, { as: 'ghs_none' })).status).toBe(401);
  });

  test('an installation token is over after an hour, or with the installation', async () => {
    expect((await ask(PULL)).status).toBe(200);
    github.advance(3_600_001);
    expect(await ask(PULL)).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
    token = github.tokenOf(installation);
    installation.removed = true;
    expect((await ask(PULL)).status).toBe(401);
  });

  test("an app's own word is signed with its key, and holds for ten minutes", async () => {
    const path = `/app/installations/${installation.id}/access_tokens`;
    const given = await ask(path, { body: {}, as: jwt({}) });
    expect(given.status).toBe(201);
    expect((await ask(PULL, { as: given.body.token })).status).toBe(200);
    const late = Math.floor(Date.now() / 1000) + 3600;
    expect((await ask(path, { body: {}, as: jwt({ exp: late }) })).status).toBe(401);
    expect((await ask(path, { body: {}, as: `${jwt({}).slice(0, -6)}AAAAAA` })).status).toBe(401);
    expect((await ask(path, { body: {} })).status).toBe(401);
  });

  test('threads are resolved with write access to contents only', async () => {
    await review(comment({ line: 3 }));
    const query =
      'mutation($thread: ID!) { resolveReviewThread(input: { threadId: $thread }) { thread { isResolved } } }';
    const variables = { thread: `PRRT_${pull.threads[0]!.id}` };
    expect((await ask('/graphql', { body: { query, variables } })).body.errors[0]?.type).toBe('FORBIDDEN');
    const strong = github.actionsToken(repository, { contents: 'write', pull_requests: 'write' });
    expect(
      (await ask('/graphql', { body: { query, variables }, as: strong })).body.data.resolveReviewThread.thread
        .isResolved,
    ).toBe(true);
  });

  test('git is read with the token as a password, and without one not at all', async () => {
    const url = `${github.url}/octo/shop.git`;
    const header = `http.extraheader=AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
    const list = (...options: readonly string[]) =>
      new Promise<number | null>((done) => {
        const args = ['-c', 'credential.helper=', ...options, 'ls-remote', url];
        const env = { ...bareEnvironment(), GIT_TERMINAL_PROMPT: '0' };
        spawn('git', args, { env, stdio: 'ignore' }).on('close', done);
      });
    expect(await list()).not.toBe(0);
    expect(await list('-c', header)).toBe(0);
    installation.removed = true;
    expect(await list('-c', header)).not.toBe(0);
  });
});

describe('what is sent', () => {
  test('what GitHub does not describe is refused, and what the double does not know is named', async () => {
    expect((await ask(`${PULL}/reviews`, { body: { event: 'SHOUT' } })).status).toBe(422);
    expect((await ask(`${PULL}/files?per_page=x`)).status).toBe(422);
    expect(await ask(`${PULL}/merge`, { body: {}, method: 'PUT' })).toMatchObject({
      status: 501,
      body: { message: 'the double does not serve pulls/merge' },
    });
    expect((await ask('/nowhere')).status).toBe(404);
  });

  test("GraphQL is GitHub's own: an unknown field is refused, one that is not served is named, lists are bounded", async () => {
    const said = async (query: string) =>
      (await ask('/graphql', { body: { query } })).body.errors[0]?.message;
    expect(await said('{ viewer { nickname } }')).toContain('Cannot query field "nickname" on type "User"');
    expect(await said('{ viewer { company } }')).toBe('the double does not serve User.company');
    const threads = (list: string) =>
      `{ repository(owner: "octo", name: "shop") { pullRequest(number: 1) { ${list} { totalCount } } } }`;
    expect(await said(threads('reviewThreads'))).toContain('You must provide a `first` or `last` value');
    expect(await said(threads('reviewThreads(first: 101)'))).toContain('exceeds the `first` limit of 100');
    expect(await said('{ repository(owner: "octo", name: "none") { id } }')).toContain('Could not resolve');
  });

  test('pages link to the next, and what is known already costs nothing', async () => {
    for (let at = 0; at < 3; at++)
      await ask('/repos/octo/shop/issues/1/comments', { body: { body: `${at}` } });
    const first = await ask('/repos/octo/shop/issues/1/comments?per_page=2');
    expect(first.body).toHaveLength(2);
    expect(first.headers.get('link')).toContain('page=2>; rel="next"');
    const again = await ask('/repos/octo/shop/issues/1/comments?per_page=2', {
      headers: { 'if-none-match': first.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
    expect(again.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
  });

  test('too much in an hour, or too fast, is refused with how long to wait', async () => {
    github.exhaust(token);
    expect((await ask(PULL)).headers.get('x-ratelimit-remaining')).toBe('0');
    github.advance(3_600_000);
    token = github.tokenOf(installation);
    const answers: number[] = [];
    for (let at = 0; at < 81; at++)
      answers.push((await ask('/repos/octo/shop/issues/1/comments', { body: { body: 'x' } })).status);
    expect(answers.filter((status) => status === 403)).toHaveLength(1);
    expect(
      (await ask('/repos/octo/shop/issues/1/comments', { body: { body: 'x' } })).headers.get('retry-after'),
    ).toBe('1');
    github.advance(60_001);
    expect((await ask('/repos/octo/shop/issues/1/comments', { body: { body: 'x' } })).status).toBe(201);
  });

  test('a pull request lists 3,000 files, and a binary one has no patch', async () => {
    const files = Object.fromEntries(Array.from({ length: 3001 }, (_, at) => [`many/${at}.txt`, 'x\n']));
    await github.push(repository, 'many', { ...files, 'a.png': 'a\0b' });
    await github.openPull(repository, 'many');
    const first = await ask('/repos/octo/shop/pulls/2/files?per_page=100');
    expect(first.body[0]).not.toHaveProperty('patch');
    expect(first.headers.get('link')).toContain('page=30>; rel="last"');
    expect((await ask('/repos/octo/shop/pulls/2')).body.changed_files).toBe(3002);
  });
});
