import type { Api } from './api.ts';
import { bodyOf, type Plan } from './plan.ts';
import { type PullRequestAt, readPullRequest } from './pull-request.ts';
import { settleThreads } from './threads.ts';
import { isRefused, statusOf } from './trouble.ts';
import type { Wanted } from './wanted.ts';

/** The pull request has a newer head than the one that was judged: what was found may be gone. */
export class Superseded extends Error {
  constructor(head: string) {
    super(`superseded by ${head}`);
    this.name = 'Superseded';
  }
}

/** Comments that are tried one by one where GitHub refuses a review as a whole; it does not say which one it dislikes. */
const MOST_SINGLE = 10;

/**
 * Carries a plan out: at most one review, then the edits, then what goes. Gives back the comments that GitHub would have on
 * no line, the fingerprints that now stand, and how many threads it would not resolve or reopen. Throws {@link Superseded} where the head moved meanwhile.
 */
export async function carryOut(
  api: Api,
  at: PullRequestAt,
  plan: Plan,
  head: string,
): Promise<{
  readonly unplaced: readonly Wanted[];
  readonly placed: readonly string[];
  readonly unsettled: number;
}> {
  const { owner, repo } = at;
  const unplaced = plan.add.length > 0 ? await addComments(api, at, plan.add, head) : [];
  for (const { id, body } of [...plan.edit, ...plan.close])
    await unlessGone(
      api.request('PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}', {
        owner,
        repo,
        comment_id: id,
        body,
      }),
    );
  for (const id of plan.remove)
    await unlessGone(
      api.request('DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}', {
        owner,
        repo,
        comment_id: id,
      }),
    );
  const unsettled = await settleThreads(api, at, plan);
  const lost = new Set(unplaced);
  return {
    unplaced,
    unsettled,
    placed: plan.add.filter((one) => !lost.has(one)).map(({ fingerprint }) => fingerprint),
  };
}

/** One review, or where GitHub refuses it the ladder: the line, the file, the summary. */
async function addComments(
  api: Api,
  at: PullRequestAt,
  wanted: readonly Wanted[],
  head: string,
): Promise<readonly Wanted[]> {
  const { owner, repo, number } = at;
  const count = wanted.length === 1 ? '1 line' : `${wanted.length} lines`;
  try {
    await api.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      owner,
      repo,
      pull_number: number,
      commit_id: head,
      event: 'COMMENT',
      body: `Tablewarden has something to say on ${count} of this change.`,
      comments: wanted.map((one) => ({ ...placeOf(one), body: bodyOf(one, head) })),
      request: { retries: 0 },
    });
    return [];
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  const now = await readPullRequest(api, at);
  if (now.head !== head) throw new Superseded(now.head);
  const unplaced: Wanted[] = [...wanted.slice(MOST_SINGLE)];
  for (const one of wanted.slice(0, MOST_SINGLE))
    if (!(await addSingle(api, at, one, head))) unplaced.push(one);
  return unplaced;
}

function placeOf({ path, line, startLine }: Wanted) {
  const side = 'RIGHT' as const;
  return {
    path,
    line,
    side,
    ...(startLine === undefined ? {} : { start_line: startLine, start_side: side }),
  };
}

async function addSingle(api: Api, at: PullRequestAt, wanted: Wanted, head: string): Promise<boolean> {
  const { owner, repo, number } = at;
  const places = [placeOf(wanted), { path: wanted.path, subject_type: 'file' as const }];
  for (const place of places)
    try {
      await api.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
        owner,
        repo,
        pull_number: number,
        commit_id: head,
        body: bodyOf(wanted, head),
        ...place,
        request: { retries: 0 },
      });
      return true;
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  return false;
}

/** A comment that somebody deleted meanwhile is as good as tidied. */
async function unlessGone(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (statusOf(error) !== 404) throw error;
  });
}
