import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Api, openApi } from '../../src/github/api.ts';
import { completeCheck, endCheck, findChecks, startCheck } from '../../src/github/check-run.ts';
import { type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted, Installation, Pull } from '../harness/github/state.ts';
import { removeFolders } from '../hook/repository.ts';
import { findingOf, reportOf } from '../report/report-of.ts';

afterAll(removeFolders);

let github: Github;
let shop: Hosted;
let pull: Pull;
let installation: Installation;
let api: Api;
let asked: boolean[];

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', { 'a.sql': 'SELECT 1;\n' });
  const { app } = github.registerApp();
  installation = github.install(app, 'octo');
  await github.push(shop, 'feature', { 'b.sql': 'SELECT 2;\n' });
  pull = await github.openPull(shop, 'feature');
  let token = github.tokenOf(installation);
  asked = [];
  api = openApi({
    baseUrl: github.url,
    token: async (isOver) => {
      asked.push(isOver);
      if (isOver) token = github.tokenOf(installation);
      return token;
    },
    identity: 'test',
    version: '0',
    second: 10,
  });
});
afterEach(() => github.close());

const purpose = 'pull request 1 into main';
const where = () => ({ owner: 'octo', repo: 'shop', head: pull.headSha });
const find = async () => (await findChecks(api, where(), { appId: installation.app.id, purpose }))[0];

describe('a check run', () => {
  test('ends with every finding, 50 at a time, and the conclusion with the last', async () => {
    const check = await startCheck(api, where(), { purpose });
    const findings = Array.from({ length: 120 }, (_, at) => findingOf({ line: at + 1, endLine: at + 1 }));
    await completeCheck(api, where(), check, reportOf({ findings, conclusion: 'failure' }), {});
    expect(shop.checks).toHaveLength(1);
    expect(shop.checks[0]).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(shop.checks[0]?.annotations.map((one) => one.start_line)).toEqual(
      findings.map(({ line }) => line),
    );
    expect(shop.checks[0]?.summary).toContain('**Coverage**');
    expect(github.spent()['checks/update']).toBe(3);
  });

  test('that was begun is taken up again where it stopped, not begun anew', async () => {
    const check = await startCheck(api, where(), { purpose });
    const findings = Array.from({ length: 60 }, (_, at) => findingOf({ line: at + 1, endLine: at + 1 }));
    const report = reportOf({ findings, conclusion: 'failure' });
    github.fail({ operation: 'checks/update', times: 1, after: true, status: 502 });
    await expect(completeCheck(api, where(), check, report, {})).rejects.toThrow();
    const known = await find();
    expect(known).toMatchObject({ isCompleted: false, annotations: 50 });
    const again = await startCheck(api, where(), { known, purpose });
    await completeCheck(api, where(), again, report, {});
    expect(shop.checks).toHaveLength(1);
    expect(shop.checks[0]?.annotations).toHaveLength(60);
  });

  test('is renewed in place by a rerun, which says nothing twice', async () => {
    const findings = [findingOf({ line: 1, endLine: 1 }), findingOf({ line: 2, endLine: 2 })];
    const report = reportOf({ findings, conclusion: 'failure' });
    const judge = async (found: typeof report) =>
      completeCheck(
        api,
        where(),
        await startCheck(api, where(), { known: await find(), purpose }),
        found,
        {},
      );
    await judge(report);
    await startCheck(api, where(), { known: await find(), purpose });
    expect(shop.checks[0]?.status).toBe('in_progress');
    await judge(report);
    await judge({ ...report, findings: [...findings, findingOf({ line: 3, endLine: 3 })] });
    expect(shop.checks).toHaveLength(1);
    expect(shop.checks[0]?.annotations.map((one) => one.start_line)).toEqual([1, 2, 3]);
    expect(shop.checks[0]).toMatchObject({ status: 'completed', conclusion: 'failure' });
  });

  test('makes way for a new one where what it holds is not true any more: GitHub takes no annotation away', async () => {
    const first = await startCheck(api, where(), { purpose });
    await completeCheck(api, where(), first, reportOf({ findings: [findingOf({})] }), {});
    const again = await startCheck(api, where(), { known: await find(), purpose });
    await completeCheck(api, where(), again, reportOf({ findings: [], conclusion: 'success' }), {});
    expect(
      shop.checks.map(({ status, conclusion, annotations }) => [status, conclusion, annotations.length]),
    ).toEqual([
      ['completed', 'cancelled', 1],
      ['completed', 'success', 0],
    ]);
  });

  test('of a head that is not the newest any more is marked so', async () => {
    const check = await startCheck(api, where(), { purpose });
    await endCheck(api, where(), check, {
      conclusion: 'cancelled',
      title: 'Superseded',
      summary: 'By a newer commit.',
    });
    expect(shop.checks[0]).toMatchObject({
      status: 'completed',
      conclusion: 'cancelled',
      title: 'Superseded',
    });
  });
});

test('a token that is over is renewed once, and a limit is waited for', async () => {
  github.advance(3_600_001);
  github.fail({
    operation: 'checks/create',
    times: 2,
    status: 403,
    message: 'slow down',
    headers: { 'retry-after': '2' },
  });
  await startCheck(api, where(), { purpose });
  expect(shop.checks).toHaveLength(1);
  expect(asked.filter(Boolean)).toHaveLength(1);
});

test('a token whose installation is gone, or that may not, is told as GitHub tells it', async () => {
  installation.removed = true;
  await expect(find()).rejects.toThrow('Bad credentials');
});
