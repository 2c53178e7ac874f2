import type { Api } from './api.ts';
import { marker, memoryOf } from './marker.ts';
import type { PullRequestAt } from './pull-request.ts';
import { isForbidden, isRefused } from './trouble.ts';

/** A comment in the conversation of a pull request that is answered. */
export interface Asked extends PullRequestAt {
  readonly comment: number;
}

/** Where an answer stands: on a line of the change, with a suggestion for it, or in the conversation. */
export interface OnLine {
  readonly path: string;
  readonly line: number;
  readonly head: string;
}

/** Shows on a comment what becomes of it. Where that is not allowed, nothing is shown. */
export async function react(
  api: Api,
  { owner, repo, comment }: Asked,
  content: 'eyes' | 'rocket' | 'confused',
): Promise<void> {
  const where = { owner, repo, comment_id: comment };
  await api
    .request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', { ...where, content })
    .catch((error: unknown) => {
      if (!isForbidden(error)) throw error;
    });
}

/** Whether an answer of ours to a comment stands already. */
export async function isAnswered(api: Api, asked: Asked, viewer: string): Promise<boolean> {
  const { owner, repo, number } = asked;
  const inTalk = await api.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...{ owner, repo, per_page: 100 },
    issue_number: number,
  });
  const onLines = await api.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
    ...{ owner, repo, per_page: 100 },
    pull_number: number,
  });
  return [...inTalk, ...onLines].some(({ body = '', user }) => {
    const memory = user?.login === viewer ? memoryOf(body) : undefined;
    return memory?.kind === 'reply' && memory.to === asked.comment;
  });
}

/** Answers in the conversation. */
export async function reply(api: Api, asked: Asked, text: string): Promise<void> {
  const { owner, repo, number } = asked;
  await api.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...{ owner, repo },
    issue_number: number,
    body: withMarker(text, asked),
    request: { retries: 0 },
  });
}

/** Answers on a line of the change; false where GitHub has no comment there. */
export async function replyOnLine(
  api: Api,
  asked: Asked,
  { path, line, head }: OnLine,
  text: string,
): Promise<boolean> {
  const { owner, repo, number } = asked;
  try {
    await api.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
      ...{ owner, repo, path, line, side: 'RIGHT' as const },
      pull_number: number,
      commit_id: head,
      body: withMarker(text, asked),
      request: { retries: 0 },
    });
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

function withMarker(text: string, { comment }: Asked): string {
  return `${text.trimEnd()}\n\n${marker({ kind: 'reply', to: comment })}`;
}
