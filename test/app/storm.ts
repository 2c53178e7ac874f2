import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { startGithub } from '../harness/github/github.ts';
import type { Hosted, Pull } from '../harness/github/state.ts';
import { startDatabase } from '../queue/database.ts';
import { randomFrom } from '../random.ts';
import { makeServer, type Server } from './server.ts';

/** How much happens. The same seed makes the same events; when a process is killed within its work is up to the machine. */
export interface Weather {
  readonly seed: number;
  readonly repositories: number;
  /** Deliveries that reach the App or should have: those that come twice count twice. */
  readonly webhooks: number;
  readonly kills: number;
  readonly jobs: number;
  /** Whether the queue is in PostgreSQL, as on several machines. */
  readonly shared?: boolean;
  readonly say?: (text: string) => void;
}

/** What became of it. */
export interface Aftermath {
  readonly heads: number;
  /** Sentences about every head, check run and comment that is not as it should be. */
  readonly wrong: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const CONFIG = 'migrations: [{ path: migrations, dialect: sqlite }]\n';
const CUSTOMERS = 'CREATE TABLE customers (id integer PRIMARY KEY);\n';
const FINE = (at: number) => `CREATE TABLE t${at} (id integer PRIMARY KEY);\n`;
const BROKEN = (at: number) =>
  `CREATE TABLE t${at} (\n  id integer PRIMARY KEY,\n  customer_id integer REFERENCES customers (id)\n);\nALTER TABLE nowhere ADD COLUMN x integer;\n`;

/** A delivery that GitHub could not hand over at once, and that arrives when it arrives. */
interface Late {
  readonly guid: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Watched {
  readonly repository: Hosted;
  readonly pull: Pull;
  isBroken: boolean;
}

/**
 * Lets events come twice, in the wrong order and in bursts, and kills the App in between; then waits until it has nothing to
 * do, and looks at what GitHub shows.
 */
export async function storm(weather: Weather): Promise<Aftermath> {
  const { seed, repositories, webhooks, kills, jobs, shared = false, say = () => {} } = weather;
  const random = randomFrom(seed);
  const below = (most: number) => Math.floor(random() * most);
  const started = Date.now();
  const github = await startGithub();
  const key = github.registerApp();
  const server = await makeServer(github, key);
  const database = shared ? await startDatabase() : undefined;
  const env: Record<string, string> = database ? { QUEUE_DATABASE_URL: await database.make('storm') } : {};
  const late: Late[] = [];
  const post = await holdBack(key.app, late);
  const watched: Watched[] = [];
  let pushes = 0;

  const push = async (one: Watched) => {
    pushes += 1;
    one.isBroken = random() < 0.5;
    const text = one.isBroken ? BROKEN(pushes) : FINE(pushes);
    await github.push(one.repository, one.pull.headRef, { 'migrations/2.sql': text });
  };
  const open = async (at: number) => {
    const owner = `org${at % Math.ceil(repositories / 10)}`;
    const repository = github.createRepository(`${owner}/shop${at}`, {
      ...{ 'migrations/1.sql': CUSTOMERS, 'tablewarden.yml': CONFIG },
    });
    if (!github.state.installations.some(({ account }) => account === owner)) github.install(key.app, owner);
    await github.push(repository, 'feature', { 'migrations/2.sql': FINE(at) });
    watched.push({ repository, pull: await github.openPull(repository, 'feature'), isBroken: false });
  };
  const happen = async () => {
    const one = watched[below(watched.length)]!;
    const what = random();
    if (what < 0.5) await push(one);
    else if (what < 0.65) for (let at = 0; at < 3; at++) await push(one);
    else if (what < 0.85)
      await github.comment(one.repository, one.pull, 'maintainer', '/tablewarden recheck');
    else {
      const check = one.repository.checks.at(-1);
      if (check) await github.rerequest(one.repository, check);
    }
  };

  await server.start(env, ['--jobs', String(jobs)]);
  let sent = 0;
  let killed = 0;
  let answered = 0;
  const send = async (delivery: Late) => {
    sent += 1;
    const status = await post(delivery);
    if (status === 0 || status >= 300) return;
    answered += 1;
    for (const one of github.state.deliveries) if (one.guid === delivery.guid) one.statusCode = status;
  };
  for (let at = 0; at < repositories; at++) await open(at);
  say(`${repositories} repositories, ${late.length} deliveries wait`);
  while (sent < webhooks) {
    while (late.length < Math.min(8, webhooks - sent)) await happen();
    const burst = Array.from({ length: Math.min(late.length, 1 + below(8)) }, () => {
      const [delivery] = late.splice(below(late.length), 1);
      if (random() < 0.15) late.push(delivery!);
      return delivery!;
    });
    const arriving = burst.map(send);
    if (killed < kills && sent >= ((killed + 0.5) * webhooks) / kills) {
      if (random() < 0.5) await wait(below(1500));
      await server.kill();
      killed += 1;
      say(`killed ${killed} times, ${sent} sent, ${Math.round((Date.now() - started) / 1000)} s`);
      await server.start(env, ['--jobs', String(jobs)]);
    }
    await Promise.all(arriving);
  }
  await Promise.all(late.splice(0).map(send));
  say('calm');
  await settle(server, watched);
  const wrong = watched.flatMap(troubles);
  const spent = Object.values(github.spent()).reduce((sum, count) => sum + count, 0);
  const done = (message: string) => server.log.filter((line) => line.message === message).length;
  const slowest = Math.max(
    ...server.log.flatMap(({ message, milliseconds }) =>
      message === 'delivery stored' ? [Number(milliseconds)] : [],
    ),
  );
  await server.stop();
  await database?.close();
  post.close();
  await github.close();
  return {
    heads: watched.length,
    wrong,
    figures: {
      ...{ webhooks: sent, answered, kills: killed, pushes },
      ...{ 'slowest to be stored, in ms': slowest },
      ...{ 'tasks completed': done('task completed'), 'tasks superseded': done('task superseded') },
      ...{
        'runs stopped by a newer head': done('task stopped, superseded'),
        'runs put off': done('task put off'),
      },
      ...{ 'check runs': watched.reduce((sum, { repository }) => sum + repository.checks.length, 0) },
      ...{ 'requests to GitHub': spent, seconds: Math.round((Date.now() - started) / 1000) },
    },
  };
}

/** Stands between GitHub and the App: what GitHub tells for the first time is kept and fails; what it sends again goes through. */
async function holdBack(app: { hook?: { readonly url: string; readonly secret: string } }, late: Late[]) {
  const { url, secret } = app.hook!;
  const seen = new Set<string>();
  const post = async ({ headers, body }: Pick<Late, 'headers' | 'body'>): Promise<number> =>
    fetch(url, { method: 'POST', headers, body }).then(
      ({ status }) => status,
      () => 0,
    );
  const between = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const headers = Object.fromEntries(
      ['content-type', 'x-github-event', 'x-github-delivery', 'x-hub-signature-256'].map((name) => [
        name,
        String(request.headers[name]),
      ]),
    );
    const guid = headers['x-github-delivery']!;
    const isNew = !seen.has(guid);
    seen.add(guid);
    if (isNew) late.push({ guid, headers, body });
    response.writeHead(isNew ? 502 : (await post({ headers, body })) || 502).end();
  });
  await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
  const { port } = between.address() as { readonly port: number };
  app.hook = { url: `http://127.0.0.1:${port}/`, secret };
  return Object.assign(post, { close: () => between.close() });
}

/**
 * Waits until nothing waits or runs and GitHub shows what it should. What was lost is asked for within seconds, so that an
 * idle minute with something wrong is enough.
 */
async function settle(server: Server, watched: readonly Watched[]): Promise<void> {
  for (let idle = 0, right = 0; idle < 200 && right < 2; ) {
    await wait(300);
    const health = await fetch(`${server.url}/healthz`).then((answer) => answer.json());
    const { pending, processing } = (health as { readonly tasks: Readonly<Record<string, number>> }).tasks;
    const isIdle = pending === 0 && processing === 0;
    idle = isIdle ? idle + 1 : 0;
    right = isIdle && watched.every((one) => troubles(one).length === 0) ? right + 1 : 0;
  }
}

/** What GitHub shows of a pull request that it should not. */
function troubles({ repository, pull, isBroken }: Watched): readonly string[] {
  const name = `${repository.owner}/${repository.name}#${pull.number}`;
  const ours = repository.checks.filter(({ headSha }) => headSha === pull.headSha);
  const [run] = ours;
  const wanted = isBroken ? 'failure' : 'success';
  const said = pull.threads.map(({ body }) => body.split('\n').at(-1));
  const prints = said.map((line) => /tablewarden:1 (\S+)/.exec(line ?? '')?.[1] ?? '').map(fingerprintIn);
  const openOnes = repository.checks.filter(({ status }) => status !== 'completed').length;
  return [
    ...(ours.length === 1 ? [] : [`${name}: ${ours.length} check runs on its newest head`]),
    ...(run?.status === 'completed' && run.conclusion === wanted
      ? []
      : [`${name}: ${run?.status} ${run?.conclusion}, where it should be ${wanted}`]),
    ...(openOnes === 0 ? [] : [`${name}: ${openOnes} check runs were left open`]),
    ...(new Set(prints).size === prints.length ? [] : [`${name}: a comment stands twice`]),
    ...(pull.comments.filter(({ author }) => author.type === 'Bot').length <= 1
      ? []
      : [`${name}: two summaries`]),
    ...(prints.length === (isBroken ? 2 : 0) ? [] : [`${name}: ${prints.length} comments on lines`]),
  ];
}

function fingerprintIn(memory: string): string {
  return (JSON.parse(Buffer.from(memory, 'base64url').toString()) as { readonly fingerprint: string })
    .fingerprint;
}
