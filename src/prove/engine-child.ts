import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { openDuckdb } from './engine/duckdb.ts';
import type { Answer, Request } from './protocol.ts';
import { type Scratch, ScratchError } from './scratch.ts';

/** The engine child: DuckDB instances that run what strangers wrote, in a process that its parent can kill at any time. */

const limitMb = Number(process.argv[2]);
const answers = new Socket({ fd: 3 });
const instances = new Map<number, Scratch>();
let queue: Promise<void> = Promise.resolve();

setInterval(() => {
  if (process.memoryUsage.rss() > limitMb * 1_000_000) process.exit(77);
}, 50).unref();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request = JSON.parse(line) as Request; // written by our own parent
    queue = queue.then(() => answer(request));
  })
  .on('close', () => process.exit(0));

async function answer(request: Request): Promise<void> {
  try {
    send({ id: request.id, value: await perform(request) });
  } catch (error) {
    const { kind, message } =
      error instanceof ScratchError ? error : new ScratchError('error', String(error));
    send({ id: request.id, error: { kind, message } });
  }
}

function send(message: Answer): void {
  answers.write(`${JSON.stringify(message)}\n`);
}

async function perform(request: Request): Promise<unknown> {
  if (request.call === 'open') {
    const opened = await openDuckdb(request.exportTo);
    instances.set(request.instance, opened);
    return opened.engine;
  }
  const scratch = instances.get(request.instance);
  if (!scratch) throw new ScratchError('died', 'the database is closed');
  switch (request.call) {
    case 'run':
      return scratch.run(request.statements);
    case 'query':
      return scratch.query(request.sql, request.limit);
    case 'load':
      return scratch.load(request.table, request.columns, request.rows);
    case 'count':
      return scratch.countStatements(request.sql);
    case 'close':
      instances.delete(request.instance);
      return scratch.close();
  }
}
