import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Log, wordsOf } from './log.ts';

/** A delivery whose signature is right. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface FrontOptions {
  /** The present secret, and the one before it while it is replaced. */
  readonly secrets: readonly string[];
  /** Stores what a delivery asks for; resolves once it is on the disk, with a word about it. */
  readonly accept: (delivery: Delivery) => Promise<'accepted' | 'known' | 'ignored'>;
  readonly health: () => Promise<{ readonly isWell: boolean } & Readonly<Record<string, unknown>>>;
  readonly isOpen: () => boolean;
  readonly log: Log;
}

/** Where GitHub sends events, as Probot has it. */
const WEBHOOKS = '/api/github/webhooks';

/** Bytes of a body: GitHub sends none that is larger. */
const MOST = 25 * 1024 * 1024;

/** Refuses a request with a status and one plain sentence that tells nothing about us. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The App's only door: takes deliveries and tells whether it is well. It listens once it is told to. */
export function openFront(options: FrontOptions): Server {
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      const status = error instanceof Refused ? error.status : 500;
      const words = error instanceof Refused ? error.message : 'not stored, send it again';
      options.log('a request was refused', { status, why: wordsOf(error) });
      // what is left of a body that is too large is not read
      send(response, status, { error: words }, { connection: 'close' });
    });
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 5000;
  server.maxConnections = 200; // bodies are held in memory until their signature is known
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { secrets, accept, health, isOpen }: FrontOptions,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (path === '/healthz') {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refused(405, 'ask with GET');
    const { isWell, ...rest } = await health();
    return send(response, isWell ? 200 : 503, { status: isWell ? 'ok' : 'unavailable', ...rest });
  }
  if (path !== WEBHOOKS) throw new Refused(404, 'nothing is here');
  if (request.method !== 'POST') throw new Refused(405, 'send with POST');
  const type = header(request, 'content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new Refused(415, 'send application/json');
  const signature = header(request, 'x-hub-signature-256');
  if (signature === undefined) throw new Refused(401, 'the signature is missing');
  const event = nameIn(request, 'x-github-event');
  const id = nameIn(request, 'x-github-delivery');
  if (!isOpen()) throw new Refused(503, 'not now, send it again');
  const body = await bodyOf(request);
  if (!isSigned(body, signature, secrets)) throw new Refused(401, 'the signature is wrong');
  const word = await accept({ id, event, payload: payloadOf(body) });
  send(response, word === 'accepted' ? 202 : 200, { delivery: word });
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function nameIn(request: IncomingMessage, name: string): string {
  const value = header(request, name) ?? '';
  if (/^[\w-]{1,100}$/.test(value)) return value;
  throw new Refused(400, `the header ${name} is missing or malformed`);
}

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new Refused(413, 'the body is too large');
  if (Number(request.headers['content-length'] ?? 0) > MOST) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MOST) return void chunks.push(chunk);
      chunks.length = 0;
      request.pause(); // an answer can still be sent on the connection, which ends with it
      reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new Refused(400, 'the body ended too early')));
    request.on('close', () => reject(new Refused(400, 'the body ended too early')));
  });
}

/** Takes as long for a wrong signature as for a right one. */
function isSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature);
  return secrets
    .map((secret) => Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`))
    .map((right) => given.length === right.length && timingSafeEqual(given, right))
    .some((isRight) => isRight);
}

function payloadOf(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refused(400, 'the body is no JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>; // an object has no other form
  throw new Refused(400, 'the body is no JSON object');
}

function send(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(JSON.stringify(value));
}
