import type { Api } from './api.ts';
import { marker } from './marker.ts';
import type { PullRequestAt } from './pull-request.ts';
import type { StandingSummary } from './standing.ts';

/** The summary as it should stand. */
export interface WantedSummary {
  readonly text: string;
  /** Of what it says, without the commits that its links lead to. */
  readonly digest: string;
  /** Fingerprints that have, or had, a comment on a line. */
  readonly said: readonly string[];
  /** Whether it is worth a comment where none stands. */
  readonly isWorthIt: boolean;
}

/** Makes the one comment, or edits the one that stands; nothing is sent where it says the same already. */
export async function keepSummary(
  api: Api,
  { owner, repo, number }: PullRequestAt,
  standing: readonly StandingSummary[],
  { text, digest, said, isWorthIt }: WantedSummary,
): Promise<void> {
  const [first, ...doubles] = standing;
  for (const { id } of doubles)
    await api.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      owner,
      repo,
      comment_id: id,
    });
  const body = `${text.trimEnd()}\n\n${marker({ kind: 'summary', digest, said: [...said].sort() })}`;
  if (!first) {
    if (!isWorthIt) return;
    await api.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner,
      repo,
      issue_number: number,
      body,
      request: { retries: 0 },
    });
    return;
  }
  const { memory } = first;
  if (memory.digest === digest && memory.said.join() === [...said].sort().join()) return;
  await api.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
    owner,
    repo,
    comment_id: first.id,
    body,
  });
}
