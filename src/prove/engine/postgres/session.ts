import type { Duplex } from 'node:stream';
import { type DatabaseError, parse, serialize } from 'pg-protocol';
import type { ServerError } from '../../exact.ts';
import { ScratchError } from '../../scratch.ts';
import { MAX_REPLY } from './limits.ts';
import { answerScram, openScram, type Scram } from './scram.ts';

/** The answer to one statement. */
interface Reply {
  readonly error?: ServerError;
  /** `I` outside of a transaction, `T` inside, `E` inside of one that failed. */
  readonly status: string;
  /** Rows as text, where they were asked for. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A connection to one database as one role. */
export interface Session {
  /** Process of the server that serves it. */
  readonly pid: number;
  /** `18.4` */
  readonly version: string;
  /** Of the last answer, as {@link Reply.status}. */
  status(): string;
  /** Sends one statement; rejects with a {@link ScratchError} when the connection ends or the answer grows too large. */
  send(text: string, options?: { readonly rows?: boolean }): Promise<Reply>;
  close(): Promise<void>;
}

/** As whom to enter which database. */
export interface Login {
  readonly database: string;
  readonly role: string;
  readonly password: string;
  /** Settings of this session. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The server refused the connection: it is starting, or there is no such database. */
export class LoginError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'LoginError';
    this.code = code;
  }
}

interface Pending {
  readonly keepRows: boolean;
  readonly rows: (readonly (string | null)[])[];
  bytes: number;
  /** The server said what became of the statement; an answer without that is none. */
  told: boolean;
  error?: ServerError;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/**
 * Opens a connection over a stream to a server. Every statement goes as one extended-protocol message, in which the server refuses
 * a second statement: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export function openSession(login: Login, stream: Duplex): Promise<Session> {
  return new Promise((resolve, reject) => {
    const pending: Pending[] = [];
    let scram: Scram | undefined;
    let pid = 0;
    let version = '';
    let open = false;
    let status = 'I';
    let end: Error | undefined;
    const fail = (error: Error) => {
      end ??= error;
      stream.destroy();
      if (!open) reject(end);
      for (const one of pending.splice(0)) one.reject(end);
    };

    stream.on('error', (error: NodeJS.ErrnoException) =>
      fail(error instanceof ScratchError ? error : new LoginError(error.code ?? '', error.message)),
    );
    stream.on('close', () => fail(new ScratchError('died', 'the server ended the connection')));
    stream.on('data', (chunk) => {
      const [current] = pending;
      if (!current) return;
      current.bytes += chunk.length;
      if (current.bytes > MAX_REPLY)
        fail(new ScratchError('memory', `it returned more than ${MAX_REPLY / 1e6} MB and was stopped`));
    });
    parse(stream, (message) => {
      const [current] = pending;
      const told = message as unknown as Told; // pg-protocol types messages by name only
      switch (told.name) {
        case 'authenticationSASL':
          scram = openScram();
          stream.write(serialize.sendSASLInitialResponseMessage('SCRAM-SHA-256', scram.first));
          break;
        case 'authenticationSASLContinue':
          if (scram)
            stream.write(
              serialize.sendSCRAMClientFinalMessage(answerScram(scram, login.password, told.data)),
            );
          break;
        case 'backendKeyData':
          pid = told.processID;
          break;
        case 'parameterStatus':
          if (told.parameterName === 'server_version') version = told.parameterValue.split(' ')[0] ?? '';
          break;
        case 'commandComplete':
        case 'emptyQuery':
          if (current) current.told = true;
          break;
        case 'error':
          if (current) current.error ??= toServerError(told);
          else fail(new LoginError(told.code ?? '', told.message));
          break;
        case 'copyInResponse':
          stream.write(Buffer.concat([serialize.copyFail('no rows come from outside'), serialize.sync()]));
          break;
        case 'dataRow':
          if (current?.keepRows) current.rows.push(told.fields);
          break;
        case 'readyForQuery':
          status = told.status;
          if (!open) {
            open = true;
            resolve(sessionOf(stream, pending, () => end, { pid, version, status: () => status }));
          } else {
            if (current && !current.told && !current.error) return fail(new ScratchError('died', NO_ANSWER));
            const { error, rows } = pending.shift() ?? { rows: [] };
            current?.resolve({ ...(error ? { error } : {}), status: told.status, rows });
          }
      }
    }).catch((error: Error) => fail(new ScratchError('died', error.message)));
    stream.write(serialize.startup(startupOf(login)));
  });
}

const NO_ANSWER = 'the server did not say what became of a statement';

type Told =
  | { readonly name: 'authenticationSASL' }
  | { readonly name: 'authenticationSASLContinue'; readonly data: string }
  | { readonly name: 'backendKeyData'; readonly processID: number }
  | { readonly name: 'parameterStatus'; readonly parameterName: string; readonly parameterValue: string }
  | ({ readonly name: 'error' } & DatabaseError)
  | { readonly name: 'commandComplete' | 'emptyQuery' | 'copyInResponse' }
  | { readonly name: 'dataRow'; readonly fields: readonly (string | null)[] }
  | { readonly name: 'readyForQuery'; readonly status: string };

function sessionOf(
  stream: Duplex,
  pending: Pending[],
  ended: () => Error | undefined,
  about: Pick<Session, 'pid' | 'version' | 'status'>,
): Session {
  return {
    ...about,
    send: (text, { rows = false } = {}) =>
      new Promise((resolve, reject) => {
        const end = ended();
        if (end) return reject(end);
        pending.push({ keepRows: rows, rows: [], bytes: 0, told: false, resolve, reject });
        stream.write(
          Buffer.concat([serialize.parse({ text }), serialize.bind(), serialize.execute(), serialize.sync()]),
        );
      }),
    close: () =>
      new Promise((resolve) => {
        if (stream.destroyed) return resolve();
        stream.once('close', () => resolve());
        stream.end(serialize.end());
      }),
  };
}

function startupOf({ database, role, settings }: Login): Record<string, string> {
  return { user: role, database, client_encoding: 'UTF8', ...settings };
}

function toServerError(error: DatabaseError): ServerError {
  const { message, code = '', detail, hint, where } = error;
  const position = Number(error.position);
  return {
    message: clip(message),
    code,
    ...(detail ? { detail: clip(detail) } : {}),
    ...(hint ? { hint: clip(hint) } : {}),
    ...(where ? { where: clip(where) } : {}),
    ...(position > 0 ? { position } : {}),
  };
}

/** A migration writes its own errors: `RAISE EXCEPTION` takes a text of any length. */
function clip(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
}
