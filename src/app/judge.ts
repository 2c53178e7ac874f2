import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { deserialize } from 'node:v8';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Range } from '../github/open-range.ts';
import type { ApiChange } from '../github/read-by-api.ts';
import { bundleOf } from '../prove/bundle.ts';
import { jsonLine } from '../prove/json-line.ts';
import type { OtherChange } from '../read/conflicts/beside-others.ts';
import type { OpenChange } from '../read/conflicts/open-change.ts';
import type { Report } from '../report/report.ts';
import { type ServedChange, serveChange } from './served-change.ts';

/** What is to be judged, and beside what: commits of a mirror whose contents are there, or a change whose contents are asked for. No secret. */
export type JudgeRequest = {
  /** Run Postgres migrations in PGlite. */
  readonly pglite: boolean;
  readonly others: readonly OtherChange[];
} & (
  | { readonly kind: 'fetched'; readonly folder: string; readonly range: Range }
  | ({ readonly kind: 'served' } & ServedChange)
);

type Asked =
  | Extract<JudgeRequest, { readonly kind: 'fetched' }>
  | (Pick<JudgeRequest, 'pglite' | 'others'> & { readonly kind: 'served'; readonly change: ApiChange });

/** A change that was judged. */
export interface Judgement {
  readonly report: Report;
  readonly notes: readonly string[];
  /** Pages of the repository's own. */
  readonly ownRules: readonly { readonly id: string }[];
  /** What becomes of comments whose finding is fixed. */
  readonly fixed: Config['review']['fixed'];
  /** What later pull requests are compared with. */
  readonly own: OpenChange;
  /** Numbers of the other pull requests that it collides with, or cannot be compared with. */
  readonly collidesWith: readonly number[];
}

export type JudgeAnswer =
  | Judgement
  | { readonly trouble: { readonly message: string; readonly remedy: string } };

/** The process that judges ended without an answer: a bug of ours, or a change that takes too much. */
export class JudgeDied extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JudgeDied';
  }
}

/** Milliseconds for one change. */
const LONGEST = 15 * 60_000;

/**
 * Judges in a process of its own, so that the App goes on answering, can stop a run that is no longer wanted, and outlives
 * one that fails. It gets no environment but the path to git. Throws a {@link UserError} about the repository's set-up, and
 * {@link JudgeDied}, or what went wrong when contents were asked for.
 */
export async function judgeApart(asked: Asked, signal: AbortSignal): Promise<Judgement> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [bundleOf('judge-child')], {
    env: { PATH: process.env.PATH, ...(process.env.TMPDIR ? { TMPDIR: process.env.TMPDIR } : {}) },
    stdio: ['pipe', 'pipe', 'pipe', ...(asked.kind === 'served' ? (['ipc'] as const) : [])],
    serialization: 'advanced',
    detached: true, // Ctrl-C in a terminal is for the App, which decides what becomes of this one
    windowsHide: true,
  }) as ChildProcessByStdio<Writable, Readable, Readable>; // three pipes, whatever the fourth is
  child.stdin.on('error', () => {}); // it may end before us
  child.stdin.write(jsonLine(requestOf(asked)));
  let unread: unknown;
  let isLate = false;
  const kill = () => child.kill('SIGKILL');
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, LONGEST);
  signal.addEventListener('abort', kill);
  if (asked.kind === 'served')
    serveChange(child, asked.change, (error) => {
      unread ??= error;
      kill();
    });
  try {
    const ended = once(child, 'close');
    const [answer, complaint] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
    const [code, ending] = await ended;
    signal.throwIfAborted();
    if (unread !== undefined) throw unread;
    if (isLate) throw new JudgeDied('it took longer than 15 minutes');
    if (code !== 0) throw new JudgeDied(complaint.trim() || `it ended by itself (${ending ?? code})`);
    return judgementOf(deserialize(answer) as JudgeAnswer); // as our own program wrote it: it holds maps
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

function requestOf(asked: Asked): JudgeRequest {
  if (asked.kind === 'fetched') return asked;
  const { range, changeSet } = asked.change;
  const { pglite, others } = asked;
  return { kind: 'served', range, files: changeSet.files, pglite, others };
}

function judgementOf(answer: JudgeAnswer): Judgement {
  if ('trouble' in answer) throw new UserError(answer.trouble.message, answer.trouble.remedy);
  return answer;
}
