import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { bundleOf } from '../../bundle.ts';
import { ScratchError } from '../../scratch.ts';
import { MAX_REPLY } from '../postgres/limits.ts';
import { type Answer, type Request, TOO_MUCH } from './protocol.ts';

/** The process in which PGlite runs. */
export interface PgliteProcess {
  ask(request: Request): Promise<Uint8Array>;
  /** What a client of PostgreSQL speaks to. */
  readonly stream: Duplex;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
  /** Resolves when it has ended. */
  readonly end: Promise<void>;
}

/** It may make no code of texts, as a module of WebAssembly asks for that brings JavaScript, and load nothing native. */
const FLAGS = ['--disallow-code-generation-from-strings', '--no-addons', '--max-old-space-size=512'];

/** Starts the process; it has no environment, and ends when this one does. */
export function startPglite(): PgliteProcess {
  const child = spawn(process.execPath, [...FLAGS, bundleOf('pglite-child')], {
    env: {},
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  const pending: { resolve(bytes: Uint8Array): void; reject(error: Error): void }[] = [];
  let ended: ScratchError | undefined;
  const fail = (error: ScratchError) => {
    ended ??= error;
    for (const one of pending.splice(0)) one.reject(ended);
    stream.destroy(ended);
  };
  const ask = (request: Request) =>
    new Promise<Uint8Array>((resolve, reject) => {
      if (ended) return reject(ended);
      pending.push({ resolve, reject });
      child.send(request, (error) => error && fail(new ScratchError('died', error.message)));
    });
  const stream = new Duplex({
    read: () => {},
    write: (bytes: Uint8Array, _, done) => {
      ask({ call: 'send', bytes }).then((answer) => {
        if (!isWhole(answer)) return done(new ScratchError('died', 'PGlite broke off at a statement'));
        done();
        stream.push(answer);
      }, done);
    },
    final: (done) => {
      child.kill('SIGKILL');
      done();
    },
  });
  stream.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.on('message', ({ bytes, error }: Answer) => {
    const one = pending.shift();
    if (error !== undefined) one?.reject(new ScratchError('died', `PGlite failed: ${error}`));
    else one?.resolve(bytes ?? new Uint8Array());
  });
  const end = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      fail(new ScratchError('died', `PGlite could not be started: ${error.message}`));
      resolve();
    });
    child.on('exit', (code, signal) => {
      fail(endOf(code, signal));
      resolve();
    });
  });
  return { ask, stream, end, kill: () => child.kill('SIGKILL') };
}

/** A server's answer ends with `ReadyForQuery`: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function isWhole(answer: Uint8Array): boolean {
  return answer.at(-6) === 'Z'.charCodeAt(0);
}

/** By which signals it ends that may hold no more: its own watch, V8, and Node. */
const OUT_OF_MEMORY: readonly (string | null)[] = ['SIGTERM', 'SIGABRT', 'SIGTRAP'];

function endOf(code: number | null, signal: NodeJS.Signals | null): ScratchError {
  if (code === TOO_MUCH)
    return new ScratchError('memory', `it returned more than ${MAX_REPLY / 1e6} MB and was stopped`);
  if (OUT_OF_MEMORY.includes(signal) || code === 134)
    return new ScratchError('memory', 'it needed more memory than it may have');
  return new ScratchError('died', `PGlite ended by itself (${signal ?? code})`);
}
