import { read, writeSync } from 'node:fs';
import { openDuckdb } from './engine/duckdb.ts';
import type { ExactEngine } from './exact.ts';
import { jsonLine, lineReader } from './json-line.ts';
import type { Answer, Request } from './protocol.ts';
import { type Scratch, ScratchError } from './scratch.ts';

/**
 * The engine child: engines that run what strangers wrote, in a process that its parent can kill at any time. DuckDB lives in
 * it; PostgreSQL's server and PGlite are processes beside it, which end with it.
 */

/** Pipes from the parent and to it. */
const REQUESTS = 0;
const ANSWERS = 3;

/** Bytes that are read at once. */
const PART = 65_536;

const limitMb = Number(process.argv[2]);
const instances = new Map<number, Scratch>();
const exacts = new Map<number, ExactEngine>();
/** Databases work side by side; what is asked of one is done in order. */
const queues = new Map<number, Promise<void>>();

// Not `process.exit`: that waits for the statement that runs.
setInterval(() => {
  if (process.memoryUsage.rss() > limitMb * 1_000_000) process.abort();
}, 50).unref();

const take = lineReader((line) => {
  const request = JSON.parse(line) as Request; // written by our own parent
  const before = queues.get(request.instance) ?? Promise.resolve();
  queues.set(
    request.instance,
    before.then(() => answer(request)),
  );
});

/** Without Node's streams: to load them takes as long as to start an engine. */
function listen(bytes: Buffer): void {
  read(REQUESTS, bytes, 0, bytes.length, null, (error, count) => {
    if (error || count === 0) process.kill(process.pid, 'SIGKILL'); // the parent is gone
    take(bytes.subarray(0, count));
    listen(bytes);
  });
}

listen(Buffer.alloc(PART));

async function answer(request: Request): Promise<void> {
  try {
    send({ id: request.id, value: await perform(request) });
  } catch (error) {
    const { kind, message } =
      error instanceof ScratchError
        ? error
        : new ScratchError('error', error instanceof Error ? error.message : String(error));
    send({ id: request.id, error: { kind, message } });
  }
}

function send(message: Answer): void {
  for (let bytes = Buffer.from(jsonLine(message)); bytes.length > 0; )
    bytes = bytes.subarray(writeSync(ANSWERS, bytes));
}

async function perform(request: Request): Promise<unknown> {
  if (request.call === 'open') {
    const opened = await openDuckdb(request.exportTo);
    instances.set(request.instance, opened);
    return opened.engine;
  }
  if (request.call === 'open exact') {
    const { openExact } = await import('./open-exact.ts');
    const { engine, note, held, imperfect } = keepExact(request.instance, await openExact(request.options));
    return { engine, note, held, imperfect };
  }
  const exact = exacts.get(request.instance);
  if (exact) return performExact(exact, request);
  const scratch = instances.get(request.instance);
  if (!scratch) throw new ScratchError('died', 'the database is closed');
  switch (request.call) {
    case 'run':
      return scratch.run(request.statements);
    case 'run each':
      return scratch.runEach(request.statements);
    case 'query':
      return scratch.query(request.sql, request.limit);
    case 'load':
      return scratch.load(request.table, request.rows);
    case 'count':
      return scratch.countStatements(request.sql);
    case 'close':
      instances.delete(request.instance);
      setImmediate(() => void scratch.close()); // once it is answered: who is done with the whole process ends it by then
      return undefined;
    default:
      throw new Error(`${request.call} is nothing that DuckDB is asked for`);
  }
}

function keepExact(instance: number, engine: ExactEngine): ExactEngine {
  exacts.set(instance, engine);
  return engine;
}

async function performExact(engine: ExactEngine, request: Request): Promise<unknown> {
  switch (request.call) {
    case 'build': {
      const results = await engine.build(request.migrations);
      return { results, imperfect: engine.imperfect };
    }
    case 'attempt':
      return engine.attempt(request.migrations);
    case 'attempt on rows':
      return engine.attemptOnRows(request.migrations, request.rows);
    case 'try each':
      return engine.tryEach?.(request.migrations, request.rows, request.trials) ?? [];
    case 'keep':
      return engine.keep(request.key);
    case 'catalog':
      return engine.catalog();
    case 'close':
      exacts.delete(request.instance);
      return engine.close();
    default:
      throw new Error(`${request.call} is nothing that an exact engine is asked for`);
  }
}
