import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, type Operation, repositoryOf } from './answer.ts';
import { apps } from './apps.ts';
import { checks } from './checks.ts';
import { comments } from './comments.ts';
import { contents } from './contents.ts';
import { serveGit } from './git.ts';
import { answerGraphql } from './graphql.ts';
import { CREATING, type Limits } from './limits.ts';
import { objects } from './objects.ts';
import { bodyTroubles, conform, queryTroubles, routeOf } from './openapi.ts';
import { pulls } from './pulls.ts';
import { notFound, Refusal } from './refusal.ts';
import { reviews } from './reviews.ts';
import { type Fault, now, type State, type Token } from './state.ts';
import { allows, authenticate, authorize, sees } from './tokens.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...apps,
  ...checks,
  ...comments,
  ...contents,
  ...objects,
  ...pulls,
  ...reviews,
};

/** Serves a GitHub on loopback. */
export async function serve(state: State, limits: Limits): Promise<Server> {
  const server = createServer((request, response) => {
    answerRequest(state, limits, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  state.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return server;
}

async function answerRequest(
  state: State,
  limits: Limits,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', state.url);
  // clients whose JSON Web Token is refused set their clock by it
  response.setHeader('date', new Date(now(state)).toUTCString());
  const method = request.method ?? 'GET';
  const git = /^\/([^/]+)\/([^/]+)\.git(\/.*)$/.exec(pathname);
  if (git) return answerGit(state, git, request, response);
  const text = await bodyOf(request);
  const route = pathname === '/graphql' ? { id: 'graphql', path: {} } : routeOf(method, pathname);
  const operation = route && 'id' in route ? route.id : (route?.unserved ?? 'unknown');
  const note = (by: string, status: number) =>
    state.asked.push({ operation, method, path: request.url ?? '', by, status });
  const fault = state.faults.find(
    (one) =>
      one.times > 0 &&
      (typeof one.operation === 'string' ? one.operation === operation : one.operation.test(operation)),
  );
  if (fault) fault.times -= 1;
  if (fault?.delay) await wait(fault.delay);
  if (fault?.lead) state.lead += fault.lead;
  if (fault?.reset && !fault.after) {
    note('nobody', 0);
    return void request.socket.destroy();
  }
  let token: Token | undefined;
  try {
    if (fault && !fault.after && !fault.reset && fault.status !== undefined) throw faultOf(fault);
    if (!route) throw notFound();
    if (!('id' in route)) throw new Refusal(501, `the double does not serve ${route.unserved}`);
    if (!request.headers['user-agent'])
      throw new Refusal(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      );
    token = authenticate(state, request.headers.authorization);
    limits.count(token, method, CREATING.has(route.id));
    if (route.id === 'graphql') {
      const { query, variables = {} } = JSON.parse(text || '{}') as {
        query: string;
        variables?: Record<string, unknown>;
      };
      const answer = await answerGraphql(state, token, query, variables);
      note(token.actor.login, 200);
      return sendJson(response, 200, answer, limits.headers(token));
    }
    const repository = 'owner' in route.path ? repositoryOf({ state, path: route.path }) : undefined;
    authorize(token, route.id, repository);
    const wrongQuery = queryTroubles(route.id, searchParams);
    if (wrongQuery.length > 0) throw new Refusal(422, `Invalid request.\n\n${wrongQuery.join('\n')}`);
    const body = parseBody(text);
    const wrong = bodyTroubles(route.id, body);
    if (wrong.length > 0) throw new Refusal(422, `Invalid request.\n\n${wrong.join('\n')}`);
    const answer = await OPERATIONS[route.id]!({
      state,
      token,
      path: route.path,
      query: searchParams,
      body,
      accept: request.headers.accept ?? '',
    });
    if (fault?.after) {
      note(token.actor.login, 0);
      if (fault.reset) return void request.socket.destroy();
      throw faultOf(fault);
    }
    const sent = send(route.id, answer, { state, limits, token, query: searchParams, request, response });
    note(token.actor.login, sent);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (!fault?.after) note(token?.actor.login ?? 'nobody', error.status);
    sendJson(
      response,
      error.status,
      {
        message: error.message,
        ...(error.errors ? { errors: error.errors } : {}),
        documentation_url: 'https://docs.github.com/rest',
        status: String(error.status),
      },
      { ...(token ? limits.headers(token) : {}), ...error.headers },
    );
  }
}

function faultOf({ status = 502, message = 'Server Error', headers = {} }: Fault): Refusal {
  return new Refusal(status, message, { headers });
}

interface Sending {
  readonly state: State;
  readonly limits: Limits;
  readonly token: Token;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Sends an answer in GitHub's form: pages with their links, an ETag, 304 where the asker has it already. */
function send(id: string, answer: Answer, sending: Sending): number {
  const { limits, token, request, response } = sending;
  if ('raw' in answer) {
    response.writeHead(answer.status, { 'content-type': answer.type, ...limits.headers(token) });
    response.end(answer.raw);
    return answer.status;
  }
  if (answer.status === 204) {
    response.writeHead(204, limits.headers(token)).end();
    return 204;
  }
  const page = 'all' in answer ? pageOf(answer, sending) : { value: answer.value, link: undefined };
  const text = JSON.stringify(conform(id, answer.status, page.value));
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
  const headers = { ...limits.headers(token), etag, ...(page.link ? { link: page.link } : {}) };
  if (request.method === 'GET' && request.headers['if-none-match'] === etag) {
    limits.giveBack(token);
    response.writeHead(304, { ...headers, ...limits.headers(token) }).end();
    return 304;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
  return answer.status;
}

function pageOf(answer: Extract<Answer, { readonly all: unknown }>, sending: Sending) {
  const { state, query, request } = sending;
  const size = Math.max(1, Math.min(Number(query.get('per_page') ?? 30), 100));
  if (answer.cursor) return cursorPageOf(answer.all, answer.cursor, size, sending);
  const page = Math.max(1, Number(query.get('page') ?? 1));
  const last = Math.max(1, Math.ceil(answer.all.length / size));
  const part = answer.all.slice((page - 1) * size, page * size);
  const to = (number: number, rel: string) => {
    const url = new URL(request.url ?? '/', state.url);
    url.searchParams.set('page', String(number));
    return `<${url.href}>; rel="${rel}"`;
  };
  const link = page < last ? [to(page + 1, 'next'), to(last, 'last')].join(', ') : undefined;
  return { value: answer.wrap ? answer.wrap(part, answer.all.length) : part, link };
}

/** What came in meanwhile shifts no page that a cursor begins. */
function cursorPageOf(
  all: readonly unknown[],
  cursorOf: (one: unknown) => string,
  size: number,
  { state, query, request }: Sending,
) {
  const wanted = query.get('cursor');
  const from = wanted === null ? 0 : all.findIndex((one) => cursorOf(one) === wanted);
  if (from < 0) throw new Refusal(422, 'Invalid cursor');
  const next = all[from + size];
  const url = new URL(request.url ?? '/', state.url);
  if (next !== undefined) url.searchParams.set('cursor', cursorOf(next));
  return {
    value: all.slice(from, from + size),
    link: next === undefined ? undefined : `<${url.href}>; rel="next"`,
  };
}

/** Git's own protocol: who may read the contents, with one header and no more. */
function answerGit(
  state: State,
  [, owner = '', name = '', rest = '']: RegExpExecArray,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const sent = request.rawHeaders.filter(
    (_, at, all) => at % 2 === 1 && /^authorization$/i.test(all[at - 1] ?? ''),
  );
  const repository = state.repositories.get(`${owner}/${name}`);
  const note = (by: string, status: number) =>
    state.asked.push({ operation: 'git', method: request.method ?? '', path: request.url ?? '', by, status });
  if (sent.length > 1) {
    note('nobody', 400);
    return void response.writeHead(400).end('Duplicate header: "Authorization"');
  }
  const challenge = { 'www-authenticate': 'Basic realm="GitHub"' };
  let token: Token | undefined;
  try {
    token = sent[0] === undefined ? undefined : authenticate(state, sent[0]);
  } catch {
    note('nobody', 401);
    return void response.writeHead(401, challenge).end();
  }
  const mayRead =
    repository !== undefined &&
    (!repository.isPrivate ||
      (token !== undefined &&
        sees(token, repository) &&
        (token.kind === 'personal' || allows(token.permissions, 'contents', 'read'))));
  if (!repository || !mayRead) {
    note(token?.actor.login ?? 'nobody', token ? 404 : 401);
    return void response.writeHead(token ? 404 : 401, challenge).end('Repository not found.');
  }
  note(token?.actor.login ?? 'nobody', 200);
  serveGit(repository.folder, `/${repository.folder.split('/').at(-1)}${rest}`, request, response);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(value));
}
