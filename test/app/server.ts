import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import type { AppKey, Github } from '../harness/github/github.ts';
import { temporaryFolder } from '../hook/repository.ts';

const SECRET = 'a secret between two';

/** Milliseconds in which GitHub's limits are counted: this GitHub is no real one. */
const SECOND = '20';

/** The App as it is run, and how it is stopped, killed and begun again. */
export interface Server {
  readonly url: string;
  /** Lines of its log so far, over all starts. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Everything that it wrote. */
  readonly text: () => string;
  start(env?: Readonly<Record<string, string>>, more?: readonly string[]): Promise<void>;
  /** As a crash ends it. */
  kill(): Promise<void>;
  /** As an orchestrator ends it; its exit code. */
  stop(): Promise<number | null>;
  readonly data: string;
}

/** Makes a place for the App beside a GitHub on loopback; it is not started yet. */
export async function makeServer(
  github: Github,
  key: AppKey & { readonly app: Parameters<Github['send']>[0] },
) {
  const port = await freePort();
  const data = temporaryFolder();
  const url = `http://127.0.0.1:${port}`;
  key.app.hook = { url: `${url}/api/github/webhooks`, secret: SECRET };
  const log: Record<string, unknown>[] = [];
  let text = '';
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (!child) return null;
    const ended = once(child, 'exit');
    child.kill(signal);
    child = undefined;
    const [code] = (await ended) as [number | null];
    return code;
  };
  const server: Server = {
    ...{ url, log, data },
    text: () => text,
    start: async (env = {}, more = []) => {
      const args = [
        resolve('dist/cli.js'),
        'serve',
        '--data',
        data,
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        ...more,
      ];
      const started = spawn(process.execPath, args, {
        cwd: data,
        env: {
          ...{ PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, HOME: data },
          ...{ APP_ID: String(key.id), PRIVATE_KEY: key.privateKey, WEBHOOK_SECRET: SECRET },
          ...{ GITHUB_API_URL: github.url, GITHUB_SECOND: SECOND },
          ...env,
        },
      });
      child = started;
      let rest = '';
      let listening: (() => void) | undefined;
      const ready = new Promise<void>((done, fail) => {
        listening = done;
        started.once('exit', (code) => fail(new Error(`it ended with ${code}:\n${text}`)));
      });
      started.stderr.on('data', (chunk) => {
        text += chunk;
      });
      started.stdout.on('data', (chunk) => {
        text += chunk;
        rest += chunk;
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const said = JSON.parse(line) as Record<string, unknown>;
          log.push(said);
          if (said.message === 'listening') listening?.();
        }
      });
      await ready;
    },
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
  return server;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}
