import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { conduct, endFormer, Fetching } from '../../src/app/conduct.ts';
import { JudgeDied } from '../../src/app/judge.ts';
import { UserError } from '../../src/errors.ts';
import { type Api, openApi } from '../../src/github/api.ts';
import type { Plain, Run } from '../../src/queue/queue.ts';
import { type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted } from '../harness/github/state.ts';
import { removeFolders } from '../hook/repository.ts';

afterAll(removeFolders);

let github: Github;
let shop: Hosted;
let head: string;
let api: Api;
let app: App;
let note: Plain | undefined;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', { 'a.sql': 'SELECT 1;\n' });
  const key = github.registerApp();
  const token = github.tokenOf(github.install(key.app, 'octo'));
  head = await github.push(shop, 'feature', { 'b.sql': 'SELECT 2;\n' });
  api = openApi({ baseUrl: github.url, token: async () => token, identity: 'x', version: '0', second: 10 });
  app = { identity: { appId: key.id }, log: () => {} } as unknown as App; // what it is asked for here
  note = undefined;
});
afterEach(() => github.close());

const purpose = 'pull request 1 into main';

function conducted(attempt: number, error: Error, stop?: 'stopping'): Promise<string> {
  const run: Run = {
    ...{ task: { key: 'a', lane: 'b', payload: {} }, attempt, isLast: attempt === 5, note },
    signal: stop ? AbortSignal.abort(stop) : new AbortController().signal,
    keep: async (kept) => {
      note = kept;
    },
  };
  const work = async () => {
    throw error;
  };
  return conduct(app, api, run, { owner: 'octo', repo: 'shop', head, purpose }, work).catch(
    (thrown: unknown) => `tried again after: ${thrown instanceof Error ? thrown.message : thrown}`,
  );
}

const shown = () => shop.checks.map(({ status, conclusion, title }) => [status, conclusion, title]);
const OPEN = [['in_progress', undefined, undefined]];
const setUp = new UserError('the configuration is wrong', 'mend it');

test.each<[string, number, Error, string, (string | undefined)[][]]>([
  ['a judge that died once', 1, new JudgeDied('killed'), 'tried again after: killed', OPEN],
  [
    'a judge that died twice',
    2,
    new JudgeDied('killed'),
    'failed',
    [['completed', 'neutral', 'Tablewarden failed on this change']],
  ],
  [
    'a set-up that is wrong',
    1,
    setUp,
    'failed',
    [['completed', 'action_required', 'Tablewarden could not judge this change']],
  ],
  ['a network that is down', 1, new Fetching(setUp), 'tried again after: the configuration is wrong', OPEN],
  [
    'a network that stays down',
    5,
    new Fetching(setUp),
    'failed',
    [['completed', 'action_required', 'Tablewarden could not judge this change']],
  ],
  ['a full disk', 1, Object.assign(new Error('full'), { code: 'ENOSPC' }), 'tried again after: full', OPEN],
  [
    'a disk that stays full',
    5,
    Object.assign(new Error('full'), { code: 'ENOSPC' }),
    'failed',
    [['completed', 'neutral', 'Tablewarden could not judge this change']],
  ],
])('%s, in attempt %i', async (_, attempt, error, outcome, checks) => {
  expect(await conducted(attempt, error)).toBe(outcome);
  expect(shown()).toEqual(checks);
  expect(note).toEqual(checks === OPEN ? { head, purpose } : undefined);
});

test('what stays open is taken up by the next attempt, and cancelled once another head or base is there', async () => {
  await conducted(1, new JudgeDied('killed'));
  await conducted(1, new JudgeDied('killed'));
  expect(shown()).toEqual(OPEN);
  const keep = async () => {};
  const run = { note, keep } as unknown as Run; // what it is asked for here
  const at = { owner: 'octo', repo: 'shop', head, purpose, isOpen: true };
  await endFormer(app, api, run, at);
  expect(shown()).toEqual(OPEN);
  await endFormer(app, api, run, { ...at, purpose: 'pull request 1 into release' });
  expect(shown()).toEqual([['completed', 'cancelled', 'Superseded']]);
});

test('a process that is to stop does not begin, and what it was at stays open', async () => {
  expect(await conducted(1, new Error('x'), 'stopping')).toBe('tried again after: stopping');
  expect(shown()).toEqual([]);
});
