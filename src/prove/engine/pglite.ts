import { type ExactEngine, type ExactOptions, nothingHeld } from '../exact.ts';
import { ScratchError } from '../scratch.ts';
import { openStore, type Store } from './pglite/base.ts';
import type { InstalledPglite } from './pglite/installed.ts';
import { startPglite } from './pglite/process.ts';
import {
  attemptForGood,
  attemptInside,
  attemptTrials,
  build,
  isImperfect,
  prepare,
  readCatalog,
  startOver,
} from './postgres/attempt.ts';
import { MIGRATOR } from './postgres/cluster.ts';
import type { Doubt } from './postgres/refusal.ts';
import type { Runner } from './postgres/run.ts';
import { openRunner, type TimedRunner } from './postgres/runner.ts';
import { openSession } from './postgres/session.ts';

/** The key of the empty database, which takes seconds to make. */
const EMPTY = 'empty database';

/**
 * Opens PGlite: PostgreSQL as WebAssembly, in a process of its own and in memory, with the longest prefix of the chain that
 * is kept. What runs a migration, and what a refusal means, is the server's.
 */
export async function openPglite(
  options: ExactOptions,
  installed: InstalledPglite,
  note?: string,
): Promise<ExactEngine> {
  const store = openStore(options.folder, installed.version);
  const named = { engine: `PGlite ${installed.version}`, ...(note === undefined ? {} : { note }) };
  if (!options.make && (await store.isEmpty())) return { ...nothingHeld(named.engine), ...named };
  const base = options.fromEmpty ? undefined : await store.find(options.keys);
  if (!base && !options.make && !options.fromEmpty) return { ...nothingHeld(named.engine), ...named };
  const runner = await enter(installed, base?.files ?? (await emptyDatabase(installed, store)));
  let imperfect = base?.imperfect ?? 0;
  try {
    if (!base) imperfect += await prepare(runner, options);
  } catch (error) {
    await runner.close();
    throw error;
  }
  let doubt: Doubt = base?.doubt ?? imperfect > 0;
  runner.doubtful = doubt;
  let copy: PgliteRunner | undefined;
  const again = async () => {
    await copy?.close();
    copy = undefined;
    if (runner.spoilt)
      throw new ScratchError('died', 'an earlier migration left its database as it should not be');
    await startOver(runner, options, doubt);
  };
  return {
    ...named,
    engine: `${named.engine} (PostgreSQL ${runner.session.version})`,
    held: base?.length ?? 0,
    get imperfect() {
      return imperfect;
    },
    build: async (migrations) => {
      await again();
      const results = await build(runner, migrations);
      imperfect += results.filter(isImperfect).length;
      doubt = runner.doubtful;
      return results;
    },
    keep: async (key) => store.put(key, await runner.save(), { imperfect, doubt }),
    catalog: () => readCatalog(copy ?? runner),
    attempt: async (migrations) => {
      await again();
      const inside = await attemptInside(runner, migrations);
      if (inside) return inside;
      await again();
      copy = await enter(installed, await runner.save());
      await startOver(copy, options, doubt);
      return attemptForGood(copy, migrations);
    },
    attemptOnRows: async (migrations, rows) => {
      await again();
      return attemptInside(runner, migrations, rows);
    },
    tryEach: async (migrations, rows, trials) => {
      await again();
      return attemptTrials(runner, migrations, rows, trials);
    },
    close: async () => {
      await copy?.close();
      await runner.close();
    },
  };
}

async function emptyDatabase({ module }: InstalledPglite, store: Store): Promise<Uint8Array> {
  const kept = await store.find([EMPTY]);
  if (kept) return kept.files;
  const maker = startPglite();
  try {
    const files = await maker.ask({ call: 'make', module });
    await store.put(EMPTY, files, { imperfect: 0, doubt: false });
    return files;
  } finally {
    maker.kill();
    await maker.end;
  }
}

interface PgliteRunner extends TimedRunner {
  /** The files of the database; outside of a transaction. */
  save(): Promise<Uint8Array>;
}

/** The session's role cannot be changed, so that nothing resets it. */
const AFRESH = {
  inside: ['RESET ALL', 'DISCARD TEMP'],
  outside: [
    ...[
      'CLOSE ALL',
      'RESET ALL',
      'DEALLOCATE ALL',
      'UNLISTEN *',
      'SELECT pg_catalog.pg_advisory_unlock_all()',
    ],
    ...['DISCARD TEMP', 'DISCARD SEQUENCES'],
  ],
};

async function enter({ module, bundles }: InstalledPglite, files: Uint8Array): Promise<PgliteRunner> {
  const child = startPglite();
  try {
    await child.ask({ call: 'open', module, bundles, files });
    const session = await openSession({ database: 'postgres', role: MIGRATOR, password: '' }, child.stream);
    const runner: TimedRunner = openRunner({
      session,
      afresh: AFRESH,
      terminate: child.kill,
      trouble: () => troubleOf(runner),
      makeRole: async (name) => {
        const { error } = await runner.send(`CREATE ROLE "${name.replaceAll('"', '""')}" NOLOGIN`);
        return error === undefined;
      },
    });
    const close = async () => {
      child.kill();
      await child.end;
    };
    const trouble = await troubleOf(runner);
    if (trouble !== undefined) throw new ScratchError('unavailable', trouble);
    return Object.assign(runner, { close, save: () => child.ask({ call: 'save' }) });
  } catch (error) {
    child.kill();
    await child.end;
    throw error;
  }
}

/**
 * Two statements of which it is known what becomes of them. `COPY … TO PROGRAM` of a superuser leaves a PGlite that takes every
 * later statement for done; so what must be refused is refused, and what must answer answers.
 */
async function troubleOf(runner: Runner): Promise<string | undefined> {
  const inside = runner.session.status() !== 'I';
  if (inside) await runner.send('SAVEPOINT tablewarden_canary');
  const { error } = await runner.send("COPY (VALUES (42)) TO '/tablewarden'");
  if (inside) await runner.send('ROLLBACK TO SAVEPOINT tablewarden_canary');
  const { rows } = await runner.send('VALUES (42)', { rows: true });
  if (error?.code === '42501' && rows[0]?.[0] === '42') return undefined;
  return 'PGlite no longer refuses what it must, or no longer answers: nothing that it says since counts';
}
