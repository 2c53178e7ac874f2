import { pullEvent, pushEvent } from './events.ts';
import { filesOf, followLine, git, isAncestor, tipOf } from './git.ts';
import { type Actor, type Hosted, newId, now, type Pull, type ReviewComment, type State } from './state.ts';
import { tellApp } from './webhooks.ts';

/** Somebody by name: the same one each time. */
export function personOf(state: State, login: string): Actor {
  const known = state.people.get(login) ?? { login, id: newId(state), type: 'User' as const };
  state.people.set(login, known);
  return known;
}

/** What GitHub does after a push: heads move, comments on lines that are gone are outdated, apps are told. */
export async function afterPush(
  state: State,
  repository: Hosted,
  branch: string,
  was: string,
): Promise<void> {
  const tip = tipOf(repository, branch);
  const isForced = !/^0+$/.test(was) && !isAncestor(repository, was, tip);
  const pushed = { branch, before: was, after: tip, forced: isForced };
  await tellApp(state, pushEvent(state, repository, personOf(state, 'maintainer'), pushed));
  const targets = [repository, ...(repository.forkOf ? [repository.forkOf] : [])];
  for (const target of targets)
    for (const pull of target.pulls) {
      if (pull.state !== 'open' || pull.headRepo !== repository || pull.headRef !== branch) continue;
      if (pull.headSha === tip) continue;
      const before = pull.headSha;
      const forced = !isAncestor(repository, before, tip);
      takeHead(target, pull, tip);
      pull.updatedAt = now(state);
      for (const comment of pull.threads) moveComment(target, pull, comment, forced);
      for (const review of pull.reviews) if (forced) review.commitId = tip;
      await tellApp(state, pullEvent(state, target, pull, 'synchronize', { before, after: tip }));
    }
}

/** Opens a pull request, of the repository itself or of a fork. */
export async function openPull(
  state: State,
  repository: Hosted,
  asked: {
    readonly title: string;
    readonly author: Actor;
    readonly base: string;
    readonly headRepo: Hosted;
    readonly headRef: string;
    readonly draft: boolean;
  },
): Promise<Pull> {
  const { title, author, base: baseRef, headRepo, headRef, draft } = asked;
  const pull: Pull = {
    id: newId(state),
    number: repository.pulls.length + 1,
    title,
    author,
    baseRef,
    baseSha: '',
    headRepo,
    headRef,
    headSha: '',
    draft,
    updatedAt: now(state),
    state: 'open',
    merged: false,
    comments: [],
    reviews: [],
    threads: [],
  };
  takeHead(repository, pull, tipOf(headRepo, headRef));
  repository.pulls.push(pull);
  await tellApp(state, pullEvent(state, repository, pull, 'opened'));
  return pull;
}

function takeHead(target: Hosted, pull: Pull, tip: string): void {
  const ref = `refs/pull/${pull.number}/head`;
  if (pull.headRepo === target) git(target.folder, 'update-ref', ref, tip);
  else git(target.folder, 'fetch', '--quiet', pull.headRepo.folder, `+${tip}:${ref}`);
  pull.headSha = tip;
  pull.baseSha = tipOf(target, pull.baseRef);
}

function moveComment(target: Hosted, pull: Pull, comment: ReviewComment, forced: boolean): void {
  if (forced) comment.commitId = pull.headSha;
  if (comment.subject === 'file' || comment.originalLine === undefined || comment.side === 'LEFT') return;
  const { originalCommitId: from, path } = comment;
  const line = followLine(target.folder, path, comment.originalLine, from, pull.headSha);
  const shown = filesOf(target, pull).find((file) => file.path === path)?.hunks ?? [];
  const visible = line !== undefined && shown.some(({ right }) => line >= right[0] && line <= right[1]);
  const length = comment.originalLine - (comment.originalStartLine ?? comment.originalLine);
  delete comment.line;
  delete comment.startLine;
  if (!visible) return;
  comment.line = line;
  if (comment.originalStartLine !== undefined) comment.startLine = line - length;
  if (!forced) comment.commitId = pull.headSha;
}
