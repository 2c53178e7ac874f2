import { UserError } from '../errors.ts';
import type { Sides } from '../github/open-range.ts';
import { valueAt } from './value-at.ts';

/** An event, as far as it matters here. */
export interface RunEvent {
  readonly name: string;
  /** Undefined: the event compares nothing, as one by the clock. */
  readonly sides?: Sides;
  readonly pullRequest?: {
    readonly number: number;
    /** Whether its branch lies in another repository, so that the run's token may only read. */
    readonly fork: boolean;
    readonly draft: boolean;
  };
  /** Why there is nothing to judge. */
  readonly nothing?: string;
}

/**
 * Reads what the runner says of its event (https://docs.github.com/webhooks/webhook-events-and-payloads). A push to the
 * default branch is judged from its former tip; one to another branch as its pull request would show it.
 */
export function readEvent(name: string, payload: unknown): RunEvent {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target': {
      const base = commitAt(payload, name, 'pull_request', 'base', 'sha');
      const head = commitAt(payload, name, 'pull_request', 'head', 'sha');
      const commits = valueAt(payload, 'pull_request', 'commits');
      const [from, to] = ['head', 'base'].map((side) =>
        valueAt(payload, 'pull_request', side, 'repo', 'full_name'),
      );
      const number = valueAt(payload, 'pull_request', 'number');
      return {
        name,
        sides: { base: { commit: base }, head, ...(typeof commits === 'number' ? { commits } : {}) },
        pullRequest: {
          number: typeof number === 'number' ? number : 0,
          fork: from !== to,
          draft: valueAt(payload, 'pull_request', 'draft') === true,
        },
      };
    }
    case 'merge_group': {
      const base = commitAt(payload, name, 'merge_group', 'base_sha');
      return {
        name,
        sides: { base: { commit: base }, head: commitAt(payload, name, 'merge_group', 'head_sha') },
      };
    }
    case 'push': {
      if (valueAt(payload, 'deleted') === true)
        return { name, nothing: 'The push deleted a branch: there is nothing to judge.' };
      const head = commitAt(payload, name, 'after');
      const before = commitAt(payload, name, 'before');
      const branch = valueAt(payload, 'repository', 'default_branch');
      if (typeof branch !== 'string') throw incomplete(name, 'repository.default_branch');
      const isDefault = valueAt(payload, 'ref') === `refs/heads/${branch}`;
      if (!isDefault) return { name, sides: { base: { branch }, head } };
      if (/^0+$/.test(before)) return { name, nothing: FIRST_PUSH };
      return { name, sides: { base: { commit: before }, head } };
    }
    default:
      return { name };
  }
}

const FIRST_PUSH =
  'This is the first push to the default branch, so that there is nothing to compare with; `all: true` judges what is there.';

function commitAt(payload: unknown, event: string, ...keys: readonly string[]): string {
  const value = valueAt(payload, ...keys);
  if (typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value)) return value;
  throw incomplete(event, keys.join('.'));
}

function incomplete(event: string, key: string): UserError {
  return new UserError(
    `The event ${event} does not say ${key}.`,
    'Name both sides with the inputs `base` and `head`.',
  );
}
