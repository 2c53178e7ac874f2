import { UserError } from '../errors.ts';
import type { Api } from '../github/api.ts';
import { type CheckRun, type CommitAt, endCheck, findChecks, startCheck } from '../github/check-run.ts';
import type { PullRequest } from '../github/pull-request.ts';
import { Superseded } from '../github/review.ts';
import { isForbidden, isUncertain, statusOf } from '../github/trouble.ts';
import type { Plain, Run } from '../queue/queue.ts';
import { code, inline } from '../report/markdown/escape.ts';
import type { App } from './app.ts';
import { Uninstalled } from './identity.ts';
import { JudgeDied } from './judge.ts';
import { wordsOf } from './log.ts';

/** A check run that is to be made. */
export interface Check extends CommitAt {
  readonly purpose: string;
}

/**
 * Begins a check run, lets somebody work and complete it, and sees to it that it does not stay open: it is cancelled where
 * a newer head is there, and says why where the change could not be judged. One that a dead process left open is taken up.
 */
export async function conduct(
  { identity, log }: App,
  api: Api,
  run: Run,
  at: Check,
  work: (check: CheckRun) => Promise<void>,
): Promise<'completed' | 'failed'> {
  const { purpose } = at;
  const [known, ...older] = await findChecks(api, at, { appId: identity.appId, purpose });
  for (const one of older) if (!one.isCompleted) await endCheck(api, at, one, REPLACED);
  run.signal.throwIfAborted();
  await run.keep({ head: at.head, purpose });
  const check = await startCheck(api, at, { known, purpose });
  try {
    await work(check);
  } catch (error) {
    const end = endOf(error, run);
    if (!end) throw error;
    log('a check run ended without a judgement', { purpose, head: at.head, why: wordsOf(error) });
    await endCheck(api, at, check, end);
    await run.keep(undefined);
    return 'failed';
  }
  await run.keep(undefined);
  return 'completed';
}

/**
 * Cancels what an earlier run left open for another head or another base than the pull request has now, or before it was
 * closed.
 */
export async function endFormer(
  { identity }: App,
  api: Api,
  run: Run,
  { owner, repo, head, purpose, isOpen }: Check & Pick<PullRequest, 'isOpen'>,
): Promise<void> {
  const former = formerOf(run.note);
  if (!former || (former.head === head && former.purpose === purpose && isOpen)) return;
  const at = { owner, repo, head: former.head };
  for (const check of await findChecks(api, at, { appId: identity.appId, purpose: former.purpose }))
    if (!check.isCompleted) await endCheck(api, at, check, isOpen ? supersededBy(head) : CLOSED);
  await run.keep(undefined);
}

const REPLACED = {
  conclusion: 'cancelled',
  title: 'Replaced by a newer run of this commit',
  summary: 'This commit was judged again.',
} as const;

const CLOSED = {
  conclusion: 'cancelled',
  title: 'The pull request was closed',
  summary: 'It is judged when it is opened again.',
} as const;

function formerOf(note: Plain | undefined): { readonly head: string; readonly purpose: string } | undefined {
  if (typeof note !== 'object' || note === null || !('head' in note)) return undefined;
  return { head: String(note.head), purpose: String(note.purpose) };
}

function supersededBy(head: string) {
  return {
    conclusion: 'cancelled',
    title: 'Superseded',
    summary: `The pull request has another commit or another base now: ${code(head.slice(0, 12))} is judged.`,
  } as const;
}

type End = Parameters<typeof endCheck>[3];

/** How a check run ends after trouble; undefined: it stays open for the next attempt. */
function endOf(error: unknown, { signal, isLast, attempt }: Run): End | undefined {
  if (signal.aborted || error instanceof Superseded || error instanceof Uninstalled) return undefined;
  if (isBug(error) && attempt > 1)
    return {
      conclusion: 'neutral',
      title: 'Tablewarden failed on this change',
      summary: `It was not judged, and this is no approval: ${inline(firstLine(wordsOf(error)))}`,
    };
  if (!isLast && !isFinal(error)) return undefined;
  if (error instanceof UserError)
    return {
      conclusion: 'action_required',
      title: 'Tablewarden could not judge this change',
      summary: `${inline(error.message)}\n\n${inline(error.remedy)}`,
    };
  return {
    conclusion: 'neutral',
    title: 'Tablewarden could not judge this change',
    summary:
      'GitHub or this server did not do as they should, several times. Ask for the check again later; this is no approval.',
  };
}

/** Not GitHub's trouble, not that of the repository's set-up, and not the system's, whose errors have a code. */
function isBug(error: unknown): boolean {
  if (error instanceof JudgeDied) return true;
  const isTold = error instanceof UserError || statusOf(error) !== undefined || isUncertain(error);
  return !isTold && !(error instanceof Error && 'code' in error);
}

/** What another attempt would meet in the same way: a set-up that is wrong, a permission that is missing. */
function isFinal(error: unknown): boolean {
  return (error instanceof UserError && !(error instanceof Fetching)) || isForbidden(error);
}

/** Trouble of git with the network, which may pass. */
export class Fetching extends UserError {
  constructor({ message, remedy }: UserError) {
    super(message, remedy);
    this.name = 'Fetching';
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
