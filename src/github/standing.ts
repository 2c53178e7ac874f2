import type { Api } from './api.ts';
import { type Memory, memoryOf } from './marker.ts';
import type { PullRequestAt } from './pull-request.ts';

/** A comment of ours that stands on a line. */
export interface Standing {
  readonly id: number;
  readonly body: string;
  readonly memory: Extract<Memory, { readonly kind: 'finding' }>;
  /** Somebody else wrote below it. */
  readonly isAnswered: boolean;
}

/** The summary of ours, the one comment that is edited in place. */
export interface StandingSummary {
  readonly id: number;
  readonly body: string;
  readonly memory: Extract<Memory, { readonly kind: 'summary' }>;
}

/** What we said on a pull request already. A comment is ours only if both its marker and its author say so. */
export async function readStanding(
  api: Api,
  { owner, repo, number }: PullRequestAt,
  viewer: string,
): Promise<readonly Standing[]> {
  const all = await api.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
    owner,
    repo,
    pull_number: number,
    per_page: 100,
  });
  const answered = new Set(
    all.flatMap(({ in_reply_to_id: id, user }) => (id !== undefined && user?.login !== viewer ? [id] : [])),
  );
  return all.flatMap(({ id, body, user, in_reply_to_id: to }) => {
    const memory = user?.login === viewer && to === undefined ? memoryOf(body) : undefined;
    return memory?.kind === 'finding' ? [{ id, body, memory, isAnswered: answered.has(id) }] : [];
  });
}

/** Our summary, where one stands: the oldest. */
export async function readSummaries(
  api: Api,
  { owner, repo, number }: PullRequestAt,
  viewer: string,
): Promise<readonly StandingSummary[]> {
  const all = await api.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  return all.flatMap(({ id, body = '', user }) => {
    const memory = user?.login === viewer ? memoryOf(body) : undefined;
    return memory?.kind === 'summary' ? [{ id, body, memory }] : [];
  });
}
