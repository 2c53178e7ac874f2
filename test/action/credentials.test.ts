import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { at, makeRepository, removeFolders } from '../hook/repository.ts';
import { type PrivateOrigin, servePrivately } from './private-origin.ts';
import { checkOut, makeOrigin, runAction, type Told } from './runner.ts';

afterAll(removeFolders);

const TOKEN = 'ghs_0123456789abcdefTOKEN';
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');

let folder: string;
let head: string;
let event: Told;

beforeAll(() => {
  const repository = makeRepository();
  const base = repository.commit({ 'migrations/1.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\n' });
  head = repository.commit({ 'migrations/2.sql': 'ALTER TABLE customers ADD COLUMN notes text;\n' });
  folder = makeOrigin(repository);
  event = { name: 'merge_group', payload: { merge_group: { base_sha: base, head_sha: head } } };
});

describe('what a shallow checkout of a private repository lacks is fetched', () => {
  let origin: PrivateOrigin;
  let checkout: string;
  let config: (key: string, value: string) => string;

  beforeEach(async () => {
    origin = await servePrivately(folder, TOKEN);
    checkout = checkOut(folder, head);
    const { git } = at(checkout);
    git('remote', 'set-url', 'origin', origin.repository);
    config = (key, value) => git('config', '--local', key, value);
    return () => origin.close();
  });

  const run = (token?: string) =>
    runAction(checkout, event, token === undefined ? {} : { token }, {
      GITHUB_SERVER_URL: origin.url.slice(0, -1),
    });

  test('with the credentials that the checkout kept', async () => {
    config(`http.${origin.url}.extraheader`, `AUTHORIZATION: basic ${BASIC}`);
    expect(await run('another')).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    expect(new Set(origin.asked.map((sent) => sent.length))).toEqual(new Set([1]));
  });

  test('with the token, where the checkout kept none', async () => {
    const step = await run(TOKEN);
    expect(step).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    expect(step.log + step.summary).not.toMatch(new RegExp(`${TOKEN}|${BASIC}`));
    expect(at(checkout).git('config', '--local', '--list')).not.toMatch(/extraheader/);
  });

  test('with the token in the place of credentials that are over: never with both', async () => {
    config(`http.${origin.url}.extraheader`, 'AUTHORIZATION: basic b3Zlcg==');
    expect(await run(TOKEN)).toMatchObject({ code: 0 });
    expect(origin.asked.every((sent) => sent.length <= 1)).toBe(true);
  });

  test('or not at all, and the step says what to do', async () => {
    const step = await run();
    expect(step.code).toBe(2);
    expect(step.log).toMatch(/^::error title=.*cannot be fetched.*%0ASet `fetch-depth: 0`/m);
  });
});
