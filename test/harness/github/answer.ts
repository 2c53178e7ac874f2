import { notFound } from './refusal.ts';
import type { Hosted, Pull, State, Token } from './state.ts';

/** A request that was let in. */
export interface Question {
  readonly state: State;
  readonly token: Token;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  // GitHub's own schema has judged it before anything reads it
  readonly body: unknown;
  readonly accept: string;
}

/** What an operation answers; `raw` is sent as it is, `all` is cut into pages; those with a `cursor` are numbered by it. */
export type Answer =
  | { readonly status: number; readonly value: unknown }
  | { readonly status: number; readonly raw: Buffer; readonly type: string }
  | {
      readonly status: number;
      readonly all: readonly unknown[];
      readonly wrap?: (page: readonly unknown[], total: number) => unknown;
      readonly cursor?: (one: unknown) => string;
    };

export type Operation = (question: Question) => Answer | Promise<Answer>;

/** The repository that a path names; 404 where there is none. */
export function repositoryOf({ state, path }: Pick<Question, 'state' | 'path'>): Hosted {
  const found = state.repositories.get(`${path.owner}/${path.repo}`);
  if (!found) throw notFound();
  return found;
}

/** The pull request that a path names. */
export function pullOf(question: Question): Pull {
  const number = Number(question.path.pull_number ?? question.path.issue_number);
  const found = repositoryOf(question).pulls.find((pull) => pull.number === number);
  if (!found) throw notFound();
  return found;
}

/** An account in the form that most answers hold. */
export function userValue(actor: { readonly login: string; readonly id: number; readonly type: string }) {
  return { login: actor.login, id: actor.id, type: actor.type };
}

/** A repository in the form that most answers and every event hold. */
export function repositoryValue({ url }: State, repository: Hosted) {
  const { id, owner, name, isPrivate, defaultBranch, forkOf } = repository;
  return {
    id,
    name,
    full_name: `${owner}/${name}`,
    private: isPrivate,
    owner: { login: owner, id: id + 500, type: 'Organization' },
    fork: forkOf !== undefined,
    default_branch: defaultBranch,
    url: `${url}/repos/${owner}/${name}`,
    html_url: `${url}/${owner}/${name}`,
    clone_url: `${url}/${owner}/${name}.git`,
    created_at: '2026-01-05T12:00:00Z',
    updated_at: '2026-01-05T12:00:00Z',
    pushed_at: '2026-01-05T12:00:00Z',
  };
}
