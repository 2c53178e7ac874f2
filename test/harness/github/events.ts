import { repositoryValue, userValue } from './answer.ts';
import { installationValue } from './apps.ts';
import { checkValue } from './checks.ts';
import { appValue, commentValue } from './comments.ts';
import { pullValue } from './pulls.ts';
import { reviewCommentValue } from './reviews.ts';
import type {
  Actor,
  CheckRun,
  Hosted,
  Installation,
  IssueComment,
  Pull,
  ReviewComment,
  State,
} from './state.ts';
import { holds } from './tokens.ts';

/** An event as GitHub tells it to an app; what its description requires beyond this is filled in when it is sent. */
export interface Event {
  readonly name: string;
  /** Undefined: no app is installed where it happened. */
  readonly installation: Installation | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An event in a repository that an installation was given. */
function inRepository(
  state: State,
  name: string,
  repository: Hosted,
  sender: Actor,
  payload: Readonly<Record<string, unknown>>,
): Event {
  const installation = state.installations.find((one) => holds(one, repository));
  return {
    name,
    installation,
    payload: {
      ...payload,
      repository: repositoryValue(state, repository),
      sender: userValue(sender),
      ...(installation ? { installation: { id: installation.id, node_id: `MDIz${installation.id}` } } : {}),
    },
  };
}

export function pullEvent(
  state: State,
  repository: Hosted,
  pull: Pull,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Event {
  const { number, merged, author } = pull;
  const pull_request = { ...pullValue(state, repository, pull), merged };
  return inRepository(state, 'pull_request', repository, author, { action, number, pull_request, ...more });
}

export function pushEvent(
  state: State,
  repository: Hosted,
  sender: Actor,
  {
    branch,
    before,
    after,
    forced,
  }: Readonly<Record<'branch' | 'before' | 'after', string>> & { forced: boolean },
): Event {
  const none = /^0+$/;
  return inRepository(state, 'push', repository, sender, {
    ref: `refs/heads/${branch}`,
    before,
    after,
    created: none.test(before),
    deleted: none.test(after),
    forced,
    base_ref: null,
    commits: [],
    head_commit: null,
  });
}

export function commentEvent(
  state: State,
  repository: Hosted,
  pull: Pull,
  comment: IssueComment,
  action: 'created' | 'edited' | 'deleted' = 'created',
  sender: Actor = comment.author,
): Event {
  const { number, title } = pull;
  const url = `${state.url}/repos/${repository.owner}/${repository.name}/pulls/${number}`;
  return inRepository(state, 'issue_comment', repository, sender, {
    action,
    issue: { number, title, state: pull.state, user: userValue(pull.author), pull_request: { url } },
    comment: commentValue(state, repository, pull, comment),
    ...(action === 'edited' ? { changes: { body: { from: '' } } } : {}),
  });
}

export function reviewCommentEvent(
  state: State,
  repository: Hosted,
  pull: Pull,
  comment: ReviewComment,
): Event {
  return inRepository(state, 'pull_request_review_comment', repository, comment.author, {
    action: 'created',
    comment: reviewCommentValue(state, repository, pull, comment),
    pull_request: pullValue(state, repository, pull),
  });
}

export function checkEvent(
  state: State,
  repository: Hosted,
  check: CheckRun,
  sender: Actor,
  action: 'rerequested' | 'requested_action',
  identifier?: string,
): Event {
  return inRepository(state, 'check_run', repository, sender, {
    action,
    check_run: checkValue(state, repository, check),
    ...(identifier === undefined ? {} : { requested_action: { identifier } }),
  });
}

/** Of a fork's pull request a suite lists none, as a check run does not. */
export function suiteEvent(state: State, repository: Hosted, headSha: string, sender: Actor): Event {
  const app = state.installations.find((one) => holds(one, repository))?.app;
  const pulls = repository.pulls.filter((pull) => pull.headSha === headSha && pull.headRepo === repository);
  const at = `${state.url}/repos/${repository.owner}/${repository.name}`;
  return inRepository(state, 'check_suite', repository, sender, {
    action: 'rerequested',
    check_suite: {
      id: (app?.id ?? 0) * 10,
      head_sha: headSha,
      head_branch: pulls[0]?.headRef ?? null,
      status: 'queued',
      conclusion: null,
      before: null,
      after: headSha,
      app: app ? appValue(app) : null,
      pull_requests: pulls.map(({ id, number, headRef, baseRef, baseSha }) => ({
        id,
        number,
        url: `${at}/pulls/${number}`,
        head: { ref: headRef, sha: headSha, repo: { id: repository.id, url: at, name: repository.name } },
        base: { ref: baseRef, sha: baseSha, repo: { id: repository.id, url: at, name: repository.name } },
      })),
    },
  });
}

/** A pull request's place in the queue: a commit on a branch of GitHub's own. */
export interface MergeGroup {
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  readonly into: string;
}

export function mergeGroupEvent(
  state: State,
  repository: Hosted,
  group: MergeGroup,
  sender: Actor,
  action: 'checks_requested' | 'destroyed',
): Event {
  return inRepository(state, 'merge_group', repository, sender, {
    action,
    ...(action === 'destroyed' ? { reason: 'dequeued' } : {}),
    merge_group: {
      head_sha: group.head,
      head_ref: `refs/heads/${group.branch}`,
      base_sha: group.base,
      base_ref: `refs/heads/${group.into}`,
      head_commit: { id: group.head, tree_id: group.head, message: 'merge', author: null, committer: null },
    },
  });
}

export function installationEvent(
  state: State,
  installation: Installation,
  sender: Actor,
  action: 'created' | 'deleted' | 'suspend' | 'unsuspend',
): Event {
  return {
    name: 'installation',
    installation,
    payload: {
      action,
      installation: installationValue(installation),
      repositories: shortly(state, installation, installation.repositories),
      sender: userValue(sender),
    },
  };
}

export function selectionEvent(
  state: State,
  installation: Installation,
  sender: Actor,
  { added, removed }: { readonly added: ReadonlySet<string>; readonly removed: ReadonlySet<string> },
): Event {
  return {
    name: 'installation_repositories',
    installation,
    payload: {
      action: added.size > 0 ? 'added' : 'removed',
      installation: installationValue(installation),
      repository_selection: 'selected',
      repositories_added: shortly(state, installation, added),
      repositories_removed: shortly(state, installation, removed),
      requester: null,
      sender: userValue(sender),
    },
  };
}

function shortly(state: State, { account }: Installation, names: ReadonlySet<string> | undefined) {
  return [...state.repositories.values()]
    .filter(({ owner, name }) => owner === account && (names === undefined || names.has(name)))
    .map(({ id, owner, name, isPrivate }) => ({
      id,
      node_id: `R_${id}`,
      name,
      full_name: `${owner}/${name}`,
      private: isPrivate,
    }));
}
