import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../../../src/github/api.ts';
import { digestOf } from '../../../src/github/comment-text.ts';
import { publishComments } from '../../../src/github/publish.ts';
import { readViewer } from '../../../src/github/pull-request.ts';
import { findingOf, reportOf } from '../../report/report-of.ts';
import { ask, type OpenedPull, open, type Place, push, tidy } from './place.ts';

const TABLE = Array.from({ length: 30 }, (_, at) => `-- line ${at + 1}\n`).join('');
/** Line 3 and line 28 of 30 are altered, a file is new, one is gone. */
const BEFORE = { 'a.sql': TABLE, 'gone.sql': 'x\n' };
const AFTER = {
  'a.sql': TABLE.replace('line 3\n', 'line three\n').replace('line 28\n', 'line 28, new\n'),
  'b.sql': 'new\n',
  'gone.sql': null,
};

/**
 * What Tablewarden counts on of GitHub, as tests: of the double in every run, and of the real GitHub where somebody gives a
 * repository. They see the API and nothing else, write only into branches of their own, and take those away again.
 */
export function assertContract(name: string, reach: () => Promise<Place>): void {
  describe(name, { timeout: 300_000 }, () => {
    let place: Place;
    const pulls: OpenedPull[] = [];
    beforeAll(async () => {
      place = await reach();
    });
    afterAll(() => tidy(place, pulls), 300_000);

    const opened = async (
      of: string,
      before: Parameters<typeof open>[2] = BEFORE,
      after: Parameters<typeof open>[3] = AFTER,
    ) => {
      const pull = await open(place, of, before, after);
      pulls.push(pull);
      return pull;
    };
    const comment = (anchor: Readonly<Record<string, unknown>>) => ({
      body: 'x',
      path: 'a.sql',
      side: 'RIGHT',
      ...anchor,
    });
    const review = ({ number }: OpenedPull, ...comments: readonly unknown[]) =>
      ask(place, `/pulls/${number}/reviews`, {
        method: 'POST',
        body: { event: 'COMMENT', body: 'x', comments },
      });
    const standing = async ({ number }: OpenedPull) => (await ask(place, `/pulls/${number}/comments`)).body;
    const words = (told: { readonly body: unknown }) => JSON.stringify(told.body);

    test('a review comment stands on lines of a hunk, and one that does not refuses the review as a whole', async () => {
      const pull = await opened('lines');
      expect((await review(pull, comment({ line: 3 }), comment({ line: 6 }))).status).toBe(200);
      const refused = await review(pull, comment({ line: 3 }), comment({ line: 15 }));
      expect(refused.status).toBe(422);
      expect(words(refused)).toMatch(/line must be part of the diff/);
      expect(await standing(pull)).toHaveLength(2);
      const gone = { path: 'gone.sql', line: 1 };
      expect((await review(pull, comment({ ...gone, side: 'LEFT' }))).status).toBe(200);
      expect((await review(pull, comment(gone))).status).toBe(422);
      expect((await review(pull, comment({ path: 'elsewhere.sql', line: 1 }))).status).toBe(422);
    });

    test('a range lies within one hunk, and its start precedes its end', async () => {
      const pull = await opened('ranges');
      const range = (start_line: number, line: number) => comment({ start_line, start_side: 'RIGHT', line });
      expect((await review(pull, range(2, 4))).status).toBe(200);
      const across = await review(pull, range(4, 27));
      expect([across.status, words(across)]).toEqual([
        422,
        expect.stringContaining('must be part of the same hunk'),
      ]);
      const equal = await review(pull, range(3, 3));
      expect([equal.status, words(equal)]).toEqual([
        422,
        expect.stringContaining('must precede the end line'),
      ]);
    });

    test('a file takes a comment of its own, but not within a review; a body has 65,536 characters at most', async () => {
      const pull = await opened('files');
      const body = { body: 'x', path: 'a.sql', commit_id: pull.head, subject_type: 'file' };
      const single = await ask(place, `/pulls/${pull.number}/comments`, { method: 'POST', body });
      expect([single.status, single.body.subject_type, single.body.line ?? null]).toEqual([
        201,
        'file',
        null,
      ]);
      expect((await review(pull, { body: 'x', path: 'a.sql', subject_type: 'file' })).status).toBe(422);
      expect((await review(pull, comment({ line: 3, body: 'x'.repeat(65_537) }))).status).toBe(422);
      const long = { method: 'POST', body: { body: 'x'.repeat(65_537) } };
      expect((await ask(place, `/issues/${pull.number}/comments`, long)).status).toBe(422);
    });

    test('a comment moves with its line, is outdated once that is gone, and goes once', async () => {
      const pull = await opened('moves');
      await review(pull, comment({ line: 3 }), comment({ line: 28 }));
      const text = TABLE.replace('line 3\n', 'line three\n').replace('line 28\n', 'other\n');
      await push(place, pull, { 'a.sql': `-- first\n${text}` });
      const lines = async () => {
        const all = await standing(pull);
        return all.map((one: Record<string, number | null>) => [one.line ?? null, one.original_line]);
      };
      await expect.poll(lines, { timeout: 240_000 }).toEqual([
        [4, 3],
        [null, 28],
      ]);
      const [first] = await standing(pull);
      const away = () => ask(place, `/pulls/comments/${first.id}`, { method: 'DELETE' });
      expect([(await away()).status, (await away()).status]).toEqual([204, 404]);
    });

    test('files are listed by status, with old names, and without a patch where they are binary', async () => {
      const pull = await opened(
        'list',
        { 'a.sql': TABLE, 'old.sql': `${TABLE}--\n` },
        { 'logo.png': 'a\0b', 'old.sql': null, 'new.sql': `${TABLE}-- new\n` },
      );
      const { body } = await ask(place, `/pulls/${pull.number}/files?per_page=100`);
      const told = body.map((one: Record<string, unknown>) => [
        one.status,
        one.filename,
        one.previous_filename,
        'patch' in one,
      ]);
      expect(told.sort()).toEqual([
        ['added', 'logo.png', undefined, false],
        ['renamed', 'new.sql', 'old.sql', true],
      ]);
    });

    test('trees, contents and the place where two sides parted are told by id', async () => {
      const pull = await opened('objects');
      const { body: tree } = await ask(place, `/git/trees/${pull.head}?recursive=1`);
      const of = (path: string) => tree.tree.find((one: { readonly path: string }) => one.path === path);
      expect(tree.truncated).toBe(false);
      expect(of('b.sql')).toMatchObject({ mode: '100644', type: 'blob', size: 4 });
      const { body: blob } = await ask(place, `/git/blobs/${of('b.sql').sha}`);
      expect(Buffer.from(blob.content, 'base64').toString()).toBe('new\n');
      const raw = await ask(place, `/contents/b.sql?ref=${pull.head}`, {
        accept: 'application/vnd.github.raw+json',
      });
      expect(raw.body).toBe('new\n');
      const base = pull.branch.replace(/head$/, 'base');
      const { body } = await ask(place, `/compare/${base}...${pull.head}?per_page=1&page=2`);
      expect(body.merge_base_commit.sha).toBe(body.base_commit.sha);
    });

    test('GraphQL refuses what it does not know and lists without a bound, and tells the threads of comments', async () => {
      const pull = await opened('graphql');
      await review(pull, comment({ line: 3 }));
      const query = async (text: string) =>
        (await ask(place, '/graphql', { method: 'POST', body: { query: text } })).body;
      expect(words({ body: await query('{ viewer { nickname } }') })).toContain('nickname');
      const threads = (list: string) =>
        query(
          `{ repository(owner: "${place.owner}", name: "${place.repo}") { pullRequest(number: ${pull.number}) { ${list} } } }`,
        );
      expect((await threads('reviewThreads { totalCount }')).errors).toHaveLength(1);
      const told = await threads(
        'reviewThreads(first: 10) { nodes { isResolved comments(first: 1) { nodes { databaseId } } } }',
      );
      const [only] = await standing(pull);
      expect(told.data.repository.pullRequest.reviewThreads.nodes).toEqual([
        { isResolved: false, comments: { nodes: [{ databaseId: only.id }] } },
      ]);
    });

    test('a check run is made by apps alone: 50 annotations a request, a conclusion at the end, open again when it is told so', async () => {
      const pull = await opened('check');
      const annotation = {
        path: 'a.sql',
        start_line: 1,
        end_line: 1,
        annotation_level: 'notice',
        title: 't',
        message: 'x',
      };
      const output = (count: number) => ({
        title: 't',
        summary: 's',
        annotations: Array(count).fill(annotation),
      });
      const create = (more: Readonly<Record<string, unknown>>) =>
        ask(place, '/check-runs', {
          method: 'POST',
          body: { name: 'Tablewarden tries', head_sha: pull.head, ...more },
        });
      if (!place.token.startsWith('ghs_')) return expect((await create({})).status).toBe(403);
      expect((await create({ output: output(51) })).status).toBe(422);
      expect((await create({ status: 'completed' })).status).toBe(422);
      const { body: run } = await create({ output: output(50), conclusion: 'neutral' });
      expect(run.status).toBe('completed');
      const update = (body: unknown) => ask(place, `/check-runs/${run.id}`, { method: 'PATCH', body });
      expect((await update({ status: 'in_progress' })).body).toMatchObject({
        status: 'in_progress',
        conclusion: null,
      });
      await update({ conclusion: 'success', output: output(1) });
      const held = await ask(place, `/check-runs/${run.id}/annotations?per_page=100`);
      expect(held.body).toHaveLength(51);
      expect(held.body[0]).toMatchObject(annotation);
    });

    test('what Tablewarden says stands there once, on its lines, and is taken back', async () => {
      const pull = await opened('publish');
      const { url: baseUrl, owner, repo, token, pause } = place;
      const api = openApi({
        baseUrl,
        token: async () => token,
        identity: 'live',
        version: '0',
        second: pause || 5,
      });
      const at = { owner, repo, number: pull.number };
      const viewer = await readViewer(api);
      const publish = (head: string, lines: readonly number[]) => {
        const findings = lines.map((line) =>
          findingOf({
            path: 'a.sql',
            line,
            endLine: line,
            fingerprint: digestOf(`${line}`),
            message: `Line ${line}.`,
          }),
        );
        return publishComments(api, at, viewer, {
          report: reportOf({ head, findings }),
          head,
          hunksOf: async () => [
            { from: 1, to: 6 },
            { from: 25, to: 30 },
          ],
          markdown: { ruleLink: () => undefined },
          isDraft: false,
          fixed: 'delete',
        });
      };
      const seen = async () => {
        const [comments, summaries] = [
          await standing(pull),
          (await ask(place, `/issues/${pull.number}/comments`)).body,
        ];
        return [
          comments.map((one: { readonly line: number }) => one.line),
          summaries.map((one: { readonly body: string }) => one.body.split('\n')[0]),
        ];
      };
      const said = [[3, 28], ['## Tablewarden: success (2 warnings)']];
      await publish(pull.head, [3, 28]);
      expect(await seen()).toEqual(said);
      await publish(pull.head, [3, 28]);
      expect(await seen()).toEqual(said);
      expect((await ask(place, `/pulls/${pull.number}/reviews`)).body).toHaveLength(1);
      await push(place, pull, { 'c.sql': 'x\n' });
      await publish(pull.head, []);
      expect(await seen()).toEqual([[], ['## Tablewarden: success (no findings)']]);
    });
  });
}
