import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Delivery, openFront } from '../../src/app/front.ts';
import { openLog } from '../../src/app/log.ts';
import { signatureOf } from '../harness/github/webhooks.ts';

const BODY = JSON.stringify({ action: 'opened', secret: 'ghs_0123456789abcdefghij' });

const SOON = { timeout: 240_000, interval: 20 };

let front: Server;
let url: string;
let heard: Delivery[];
let log: string;
let isWell: boolean;
let trouble: Error | undefined;

beforeEach(async () => {
  heard = [];
  log = '';
  isWell = true;
  trouble = undefined;
  front = openFront({
    secrets: ['new', 'old'],
    accept: async (delivery) => {
      if (trouble) throw trouble;
      const isKnown = heard.some(({ id }) => id === delivery.id);
      if (!isKnown) heard.push(delivery);
      return isKnown ? 'known' : 'accepted';
    },
    isOpen: () => isWell,
    health: async () => ({ isWell, tasks: { pending: heard.length } }),
    log: openLog((line) => {
      log += line;
    }),
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const address = front.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(() => {
  front.closeAllConnections();
  front.close();
});

function headers(body: string | Uint8Array, more: Readonly<Record<string, string>> = {}) {
  return {
    ...{
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-github-delivery': 'guid-1',
    },
    'x-hub-signature-256': signatureOf('new', body),
    ...more,
  };
}

const post = (body: string | Uint8Array<ArrayBuffer> = BODY, more = {}, path = '/api/github/webhooks') =>
  fetch(url + path, { method: 'POST', headers: headers(body, more), body });

const port = () => (front.address() as { readonly port: number }).port;

/** Begins a delivery and leaves its body to be sent. */
function open(more: Readonly<Record<string, string>>) {
  const socket = connect(port(), '127.0.0.1').on('error', () => {});
  const lines = Object.entries({ ...headers(BODY), host: 'x', ...more }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`POST /api/github/webhooks HTTP/1.1\r\n${lines.join('')}\r\n`);
  return socket;
}

test('a delivery is stored once, by the present or the previous secret', async () => {
  expect((await post()).status).toBe(202);
  expect((await post()).status).toBe(200);
  const old = { 'x-hub-signature-256': signatureOf('old', BODY), 'x-github-delivery': 'guid-2' };
  expect((await post(BODY, old)).status).toBe(202);
  expect(heard.map(({ id, event, payload }) => [id, event, payload.action])).toEqual([
    ['guid-1', 'pull_request', 'opened'],
    ['guid-2', 'pull_request', 'opened'],
  ]);
});

describe('what is not GitHub gets a plain refusal', () => {
  const wrong = signatureOf('guessed', BODY);
  test.each<[string, number, string, Readonly<Record<string, string>>]>([
    ['signed wrongly', 401, BODY, { 'x-hub-signature-256': wrong }],
    ['signed too shortly', 401, BODY, { 'x-hub-signature-256': wrong.slice(0, 20) }],
    ['signed by the old algorithm', 401, BODY, { 'x-hub-signature-256': wrong.replace('sha256', 'sha1') }],
    ['without JSON', 400, '{"action":', {}],
    ['null', 400, 'null', {}],
    ['a list', 400, '[1]', {}],
    ['empty', 400, '', {}],
    ['as a form', 415, BODY, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['an event of another form', 400, BODY, { 'x-github-event': '../x y' }],
    ['a delivery without an id', 400, BODY, { 'x-github-delivery': '' }],
  ])('%s: %i', async (_, status, body, more) => {
    const answer = await post(body, more);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain(body || '\0');
    expect(heard).toEqual([]);
  });

  test('without a signature, elsewhere, in another way', async () => {
    const { 'x-hub-signature-256': _, ...unsigned } = headers(BODY);
    const send = (method: string, path: string, body?: string) =>
      fetch(url + path, { method, headers: unsigned, body }).then(({ status }) => status);
    expect(await send('POST', '/api/github/webhooks', BODY)).toBe(401);
    expect(await send('POST', '/', BODY)).toBe(404);
    expect(await send('GET', '/api/github/webhooks')).toBe(405);
    expect(await send('POST', '/healthz', BODY)).toBe(405);
  });

  test('larger than GitHub sends, told or not', async () => {
    expect((await post(new Uint8Array(25 * 1024 * 1024 + 1))).status).toBe(413);
    const socket = open({ 'transfer-encoding': 'chunked' });
    const answered = once(socket, 'data');
    for (let at = 0; at < 26; at++) socket.write(`100000\r\n${'x'.repeat(1024 * 1024)}\r\n`);
    expect(String(await answered)).toMatch(/^HTTP\/1.1 413/);
    socket.destroy();
    expect(heard).toEqual([]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('cut off in the middle', async () => {
    const socket = open({ 'content-length': String(BODY.length + 10) });
    socket.write(BODY);
    await new Promise((done) => setTimeout(done, 50));
    socket.destroy();
    const talk = connect(port(), '127.0.0.1');
    talk.write('\u0000\u0001 nothing\r\n\r\n');
    const [answer] = (await once(talk, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 400/);
    await expect.poll(() => log, SOON).toContain('ended too early');
    expect(heard).toEqual([]);
  });
});

test('what cannot be stored is not acknowledged, and neither the answer nor the log tells a secret', async () => {
  trouble = new Error(`no space left for ${BODY}`);
  const answer = await post();
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('{"error":"not stored, send it again"}');
  expect(log).toContain('no space left');
  expect(log).not.toContain('ghs_');
});

test('it says how it is, and takes nothing while it stops', async () => {
  await post();
  const well = await fetch(`${url}/healthz`);
  expect([well.status, await well.json()]).toEqual([200, { status: 'ok', tasks: { pending: 1 } }]);
  isWell = false;
  expect((await fetch(`${url}/healthz`)).status).toBe(503);
  expect((await post(BODY, { 'x-github-delivery': 'guid-3' })).status).toBe(503);
});
