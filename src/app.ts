import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from './app/app.ts';
import { hear } from './app/events.ts';
import { type Delivery, openFront } from './app/front.ts';
import { openIdentity } from './app/identity.ts';
import { openLog, wordsOf } from './app/log.ts';
import { sweepMirrors } from './app/mirrors.ts';
import { openQueue } from './app/open-queue.ts';
import { perform } from './app/perform.ts';
import { addUnjudged, openRedelivery } from './app/reconcile.ts';
import { chooseSandbox } from './app/sandbox.ts';
import { type SettingOptions, takeSettings } from './app/settings.ts';
import { toTask } from './app/task.ts';
import { VERSION } from './cli/version.ts';
import { UserError } from './errors.ts';
import { openApi } from './github/api.ts';
import { openStorage } from './store/storage-manager.ts';

/** Milliseconds that a stop waits for what is being sent; what it does not wait for is done again by the next process. */
const GRACE = 20_000;
/** Milliseconds between two looks at what GitHub could not deliver. */
const OFTEN = 5 * 60_000;

/**
 * Door: the GitHub App. Takes GitHub's events, stores what they ask for before it answers, and does it, until it is told to
 * stop; gives back the exit code. What came while it was away it asks GitHub for.
 */
export async function serve(env: NodeJS.ProcessEnv, options: SettingOptions): Promise<number> {
  const settings = takeSettings(env, options);
  const log = openLog((line) => process.stdout.write(line));
  const mirrors = join(settings.data, 'mirrors');
  await mkdir(mirrors, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new UserError(
      `${settings.data} cannot be made or written to: ${error.message}.`,
      'Name another folder with --data.',
    );
  });
  const identity = await openIdentity(settings, async ({ id, name, payload }) => {
    const { tasks = [] } = hear(name, payload, settings.appId);
    await queue.add(tasks.map(toTask), id);
  });
  const queue = await openQueue(settings, log);
  const app: App = {
    ...{ identity, queue, log, mirrors, sandbox: chooseSandbox() },
    ...(settings.queueUrl === undefined
      ? { storage: openStorage(join(settings.data, 'store.duckdb'), { note: (message) => log(message) }) }
      : {}),
    apiOf: (installation) =>
      openApi({
        ...{ baseUrl: settings.apiUrl, version: VERSION, second: settings.second },
        identity: `installation ${installation}`,
        token: (isOver) => identity.token(installation, isOver),
        waiting: (seconds, why) => log('waiting for GitHub', { installation, seconds, why }),
      }),
    credentialOf: async (installation, url, isOver) => {
      const token = await identity.token(installation, isOver);
      const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
      return { url: `${new URL(url).origin}/`, header: `AUTHORIZATION: basic ${basic}` };
    },
  };

  let isStopping = false;
  const accept = async ({ id, event, payload }: Delivery) => {
    const started = performance.now();
    if (await queue.hasSeen(id)) return 'known' as const;
    const { ignored } = hear(event, payload, settings.appId);
    if (ignored !== undefined) return 'ignored' as const;
    await identity.receive({ id, name: event, payload });
    const milliseconds = Math.round(performance.now() - started);
    log('delivery stored', { delivery: id, event, milliseconds });
    return 'accepted' as const;
  };
  const front = openFront({
    ...{ secrets: settings.secrets, accept, log },
    isOpen: () => !isStopping,
    health: async () => {
      const tasks = await queue.counts().catch(() => undefined);
      return { isWell: !isStopping && tasks !== undefined, version: VERSION, tasks };
    },
  });
  front.listen(settings.port, settings.host);
  await once(front, 'listening').catch(async (error: Error) => {
    await queue.stop();
    throw new UserError(
      `Port ${settings.port} cannot be listened on: ${error.message}.`,
      'Name another with --port.',
    );
  });
  const address = front.address();
  log('listening', {
    ...{ host: settings.host, port: typeof address === 'object' && address ? address.port : settings.port },
    ...{ app: settings.appId, version: VERSION, pglite: app.sandbox.pglite },
  });

  queue.start((run) => perform(app, run));
  const redeliver = openRedelivery(app, 15 * settings.second);
  const every = Math.max(OFTEN * (settings.second / 1000), 1000);
  let since = queue.lastAlive;
  const catchUp = async () => {
    try {
      if (await queue.takeTurn('redelivery', every / 2)) await redeliver();
      if (since !== undefined && (await addUnjudged(app, since)) === 'done') since = undefined;
    } catch (error) {
      log('could not catch up with GitHub', { why: wordsOf(error) });
    }
  };
  let catching = catchUp();
  const timer = setInterval(() => {
    catching = catching.then(catchUp);
  }, every);
  void sweepMirrors(mirrors, Date.now());

  await toldToStop();
  isStopping = true;
  clearInterval(timer);
  log('stopping');
  front.close();
  front.closeIdleConnections();
  await Promise.race([queue.stop(), wait(GRACE, undefined, { ref: false })]);
  front.closeAllConnections();
  log('stopped');
  return 0;
}

/** The first signal asks to stop, the second one does not wait. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.removeAllListeners(signal);
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}
