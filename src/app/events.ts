import { valueAt } from '../action/value-at.ts';
import { commandOf } from './command.ts';
import { groupOf, pullNumberOf } from './purpose.ts';
import type { AppTask, Place } from './task.ts';

/** What is to be done about an event, or why nothing is. */
export type Heard =
  | { readonly tasks: readonly AppTask[]; readonly ignored?: undefined }
  | { readonly ignored: string; readonly tasks?: undefined };

const PULL_ACTIONS: readonly unknown[] = ['opened', 'synchronize', 'reopened', 'ready_for_review'];
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * What an event asks for (https://docs.github.com/webhooks/webhook-events-and-payloads). Its payload is signed and still
 * nothing is taken for granted: what is missing or of another form makes it one that nothing is done about.
 */
export function hear(event: string, payload: unknown, appId: number): Heard {
  const action = valueAt(payload, 'action');
  const place = placeOf(payload);
  const name = typeof action === 'string' ? `${event}.${action.slice(0, 40)}` : event;
  if (!place) return { ignored: `${name} names no repository of an installation` };
  const tasks = tasksOf(event, action, payload, place, appId);
  return tasks.length > 0 ? { tasks } : { ignored: `${name} asks for nothing` };
}

function tasksOf(
  event: string,
  action: unknown,
  payload: unknown,
  place: Place,
  appId: number,
): readonly AppTask[] {
  switch (event) {
    case 'pull_request': {
      const isMoved = action === 'edited' && valueAt(payload, 'changes', 'base') !== undefined;
      const number = valueAt(payload, 'number');
      if (action === 'closed')
        return isNumber(number) ? [{ ...place, kind: 'closed pull request', number }] : [];
      return isMoved || PULL_ACTIONS.includes(action) ? pull(place, number) : [];
    }
    case 'check_run': {
      const pressed = valueAt(payload, 'requested_action', 'identifier') === 'recheck';
      if (action !== 'rerequested' && !(action === 'requested_action' && pressed)) return [];
      if (valueAt(payload, 'check_run', 'app', 'id') !== appId) return [];
      return ofPurpose(
        place,
        valueAt(payload, 'check_run', 'external_id'),
        valueAt(payload, 'check_run', 'head_sha'),
      );
    }
    case 'check_suite': {
      const head = valueAt(payload, 'check_suite', 'head_sha');
      const isOurs = valueAt(payload, 'check_suite', 'app', 'id') === appId;
      // the pull requests that it lists lack those of forks, our check runs on the commit do not
      return action === 'rerequested' && isOurs && isCommit(head) ? [{ ...place, kind: 'commit', head }] : [];
    }
    case 'merge_group':
      return action === 'checks_requested' ? mergeGroup(place, payload) : [];
    case 'issue_comment':
      return action === 'created' ? command(place, payload) : [];
    default:
      return [];
  }
}

function placeOf(payload: unknown): Place | undefined {
  const installation = valueAt(payload, 'installation', 'id');
  const owner = valueAt(payload, 'repository', 'owner', 'login');
  const repo = valueAt(payload, 'repository', 'name');
  return isNumber(installation) && isName(owner) && isName(repo) ? { installation, owner, repo } : undefined;
}

function pull(place: Place, number: unknown): readonly AppTask[] {
  return isNumber(number) ? [{ ...place, kind: 'pull request', number }] : [];
}

/** What a check run of ours was made for; our own words, which GitHub gives back. */
export function ofPurpose(place: Place, purpose: unknown, head: unknown): readonly AppTask[] {
  if (typeof purpose !== 'string') return [];
  const group = groupOf(purpose);
  if (group) return isCommit(head) ? [{ ...place, kind: 'merge group', head, ...group }] : [];
  return pull(place, pullNumberOf(purpose));
}

function mergeGroup(place: Place, payload: unknown): readonly AppTask[] {
  const head = valueAt(payload, 'merge_group', 'head_sha');
  const base = valueAt(payload, 'merge_group', 'base_sha');
  const ref = valueAt(payload, 'merge_group', 'base_ref');
  if (!isCommit(head) || !isCommit(base) || typeof ref !== 'string') return [];
  return [{ ...place, kind: 'merge group', head, base, into: ref.replace(/^refs\/heads\//, '') }];
}

function command(place: Place, payload: unknown): readonly AppTask[] {
  const body = valueAt(payload, 'comment', 'body');
  const author = valueAt(payload, 'comment', 'user', 'login');
  const comment = valueAt(payload, 'comment', 'id');
  const number = valueAt(payload, 'issue', 'number');
  if (valueAt(payload, 'issue', 'pull_request') === undefined) return [];
  if (valueAt(payload, 'comment', 'user', 'type') !== 'User') return []; // what bots say starts nothing
  if (typeof body !== 'string' || !isName(author) || !isNumber(comment) || !isNumber(number)) return [];
  const line = commandOf(body);
  return line === undefined ? [] : [{ ...place, kind: 'command', number, comment, author, line }];
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]{1,100}$/.test(value) && value !== '.' && value !== '..';
}

function isCommit(value: unknown): value is string {
  return typeof value === 'string' && COMMIT.test(value);
}
