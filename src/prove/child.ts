import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { bundleOf } from './bundle.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { ExactEngine, ExactOptions, ExactResult, ExactTried } from './exact.ts';
import { jsonLine, lineReader } from './json-line.ts';
import type { Answer, Request } from './protocol.ts';
import { type Ran, type Row, type Scratch, ScratchError } from './scratch.ts';

/** Bounds of an engine child. */
export interface ChildLimits {
  /** Milliseconds that one request may take. */
  readonly milliseconds: number;
  /** Megabytes that the process may hold. */
  readonly megabytes: number;
}

/** A process that runs engines. It starts with the first database and is replaced after it died. */
export interface EngineChild {
  /**
   * Opens an empty database. When the child dies, its databases are lost: their next call rejects with `died`. It may write
   * files below `exportTo`, where one is given, and nowhere else.
   */
  open(exportTo?: string): Promise<Scratch>;
  /** Opens PostgreSQL itself; rejects with `unavailable` where there is none. */
  openExact(options: ExactOptions): Promise<ExactEngine>;
  /** Ends the process and waits for its end, so that what it used is counted to whoever started this one. */
  close(): Promise<void>;
}

const LIMITS: ChildLimits = { milliseconds: 10_000, megabytes: 1_000 };

/**
 * Milliseconds for an exact engine: to make and start its server, to make a database, to try new migrations; PGlite, which
 * runs as WebAssembly, may copy its database while it tries.
 */
const EXACT = { open: 120_000, build: 300_000, attempt: 10_000, attemptInPglite: 30_000 } as const;

/** Megabytes of data that the process counts before it has done anything. */
const AT_REST = 200;

/**
 * The system's own bounds come before the program: an engine that plans a statement for seconds leaves its process no turn
 * to look at its memory. Where a system knows one of them not, the rest holds.
 */
const BOUNDED = `ulimit -d "$1" 2>/dev/null
ulimit -c 0 2>/dev/null
shift
exec "$@"`;

type RequestBody = Request extends infer R ? (R extends Request ? Omit<R, 'id' | 'instance'> : never) : never;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ScratchError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Prepares an engine child; nothing is started yet. */
export function openChild(limits: Partial<ChildLimits> = {}): EngineChild {
  const { milliseconds, megabytes } = { ...LIMITS, ...limits };
  let live: Live | undefined;
  let instances = 0;
  const connect = () => {
    if (!live?.alive) live = start(megabytes);
    const child = live;
    const instance = ++instances;
    return {
      child,
      ask: (body: RequestBody, limit = milliseconds) => child.ask(instance, body, limit),
    };
  };
  return {
    open: async (exportTo) => {
      const { child, ask } = connect();
      const engine = String(await ask({ call: 'open', exportTo }, LIMITS.milliseconds));
      return {
        engine,
        run: (statements) => ask({ call: 'run', statements }) as Promise<Ran>, // the child answers in kind
        runEach: async (statements) =>
          statements.length === 0
            ? []
            : (ask({ call: 'run each', statements }) as ReturnType<Scratch['runEach']>), // as above
        query: (sql, limit) => ask({ call: 'query', sql, limit }) as Promise<readonly Row[]>,
        load: (table, rows) => ask({ call: 'load', table, rows }) as Promise<void>,
        countStatements: (sql) => ask({ call: 'count', sql }) as Promise<number>,
        close: async () => {
          if (child.alive) await ask({ call: 'close' });
        },
      };
    },
    openExact: async (options) => {
      const { child, ask } = connect();
      type Opened = Pick<ExactEngine, 'engine' | 'note' | 'held' | 'imperfect'>;
      const opened = (await ask({ call: 'open exact', options }, EXACT.open)) as Opened; // as above
      let { imperfect } = opened;
      const attempt = opened.engine.startsWith('PGlite') ? EXACT.attemptInPglite : EXACT.attempt;
      return {
        ...opened,
        get imperfect() {
          return imperfect;
        },
        build: async (migrations) => {
          const built = await ask({ call: 'build', migrations }, EXACT.build);
          const { results, imperfect: so } = built as { results: ExactResult[]; imperfect: number }; // as above
          imperfect = so;
          return results;
        },
        keep: (key) => ask({ call: 'keep', key }, EXACT.build) as Promise<void>,
        catalog: () => ask({ call: 'catalog' }, EXACT.attempt) as Promise<Catalog | undefined>,
        attempt: (migrations) =>
          ask({ call: 'attempt', migrations }, attempt) as Promise<readonly ExactResult[]>,
        attemptOnRows: async (migrations, rows) => {
          const results = await ask({ call: 'attempt on rows', migrations, rows }, attempt);
          return (results ?? undefined) as readonly ExactResult[] | undefined; // the child answers in kind
        },
        tryEach: async (migrations, rows, trials) =>
          ask({ call: 'try each', migrations, rows, trials }, attempt) as Promise<
            readonly (ExactTried | null)[] // as above
          >,
        close: async () => {
          if (child.alive) await ask({ call: 'close' });
        },
      };
    },
    close: async () => live?.kill(),
  };
}

interface Live {
  readonly alive: boolean;
  ask(instance: number, body: RequestBody, milliseconds: number): Promise<unknown>;
  kill(): Promise<void>;
}

function start(megabytes: number): Live {
  const program = [
    process.execPath,
    '--max-old-space-size=512',
    bundleOf('engine-child'),
    String(megabytes),
  ] as const;
  const [command, ...args] =
    process.platform === 'win32'
      ? program
      : ['/bin/sh', '-c', BOUNDED, 'tablewarden', String((megabytes + AT_REST) * 1_000), ...program];
  const child = spawn(command, args, { env: {}, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
  const pending = new Map<number, Pending>();
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
  let ids = 0;
  let end: ScratchError | undefined;
  const fail = (error: ScratchError) => {
    end ??= error;
    for (const one of pending.values()) {
      clearTimeout(one.timer);
      one.reject(end);
    }
    pending.clear();
  };
  child.on('error', (error) =>
    fail(new ScratchError('died', `the engine could not be started: ${error.message}`)),
  );
  child.on('exit', (code, signal) => fail(endOf(code, signal)));
  child.stdin?.on('error', () => {});
  const take = lineReader((line) => {
    const answer = JSON.parse(line) as Answer;
    const one = pending.get(answer.id);
    if (!one) return;
    clearTimeout(one.timer);
    pending.delete(answer.id);
    if (pending.size === 0) hold(child, false);
    if (answer.error) one.reject(new ScratchError(answer.error.kind, answer.error.message));
    else one.resolve(answer.value);
  });
  (child.stdio[3] as Readable).on('data', take); // a pipe, as `stdio` asks
  hold(child, false);
  return {
    get alive() {
      return end === undefined;
    },
    ask: (instance, body, milliseconds) =>
      new Promise((resolve, reject) => {
        if (end) return reject(new ScratchError('died', end.message));
        const id = ++ids;
        const timer = setTimeout(() => {
          fail(new ScratchError('time', `it ran for ${milliseconds / 1000} s and was stopped`));
          child.kill('SIGKILL');
        }, milliseconds);
        pending.set(id, { resolve, reject, timer });
        hold(child, true);
        child.stdin?.write(jsonLine({ id, instance, ...body }));
      }),
    kill: () => {
      end ??= new ScratchError('died', 'the engine was closed');
      hold(child, true);
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** An idle child does not keep its parent running. */
function hold(child: ChildProcess, busy: boolean): void {
  for (const one of [child, ...child.stdio] as { ref?(): void; unref?(): void }[]) // sockets, whose type says streams
    if (busy) one?.ref?.();
    else one?.unref?.();
}

/** By which signals a process ends that may have no more memory: its own, and V8's. */
const OUT_OF_MEMORY: readonly (string | null)[] = ['SIGABRT', 'SIGTRAP'];

function endOf(code: number | null, signal: NodeJS.Signals | null): ScratchError {
  if (OUT_OF_MEMORY.includes(signal) || code === 134)
    return new ScratchError('memory', 'it needed more memory than it may have');
  return new ScratchError('died', `the engine ended by itself (${signal ?? code})`);
}
