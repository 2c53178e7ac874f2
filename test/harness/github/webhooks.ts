import { createHmac, randomUUID } from 'node:crypto';
import { repositoryValue, userValue } from './answer.ts';
import { checkValue } from './checks.ts';
import { commentValue } from './comments.ts';
import { pullValue } from './pulls.ts';
import {
  type Actor,
  type CheckRun,
  type Delivery,
  type Hosted,
  type IssueComment,
  newId,
  now,
  type Pull,
  type RegisteredApp,
  type State,
} from './state.ts';

/** GitHub ends a delivery that takes longer, in milliseconds. */
const PATIENCE = 10_000;

/** An event as GitHub tells it to an app. */
export interface Event {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What every event of an installation's repository holds. */
function common(state: State, repository: Hosted, sender: Actor) {
  const installation = state.installations.find((one) => one.account === repository.owner && !one.removed);
  return {
    repository: repositoryValue(state, repository),
    sender: userValue(sender),
    ...(installation ? { installation: { id: installation.id, node_id: 'x' } } : {}),
  };
}

export function pullEvent(
  state: State,
  repository: Hosted,
  pull: Pull,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Event {
  return {
    name: 'pull_request',
    payload: {
      action,
      number: pull.number,
      pull_request: pullValue(state, repository, pull),
      ...common(state, repository, pull.author),
      ...more,
    },
  };
}

export function commentEvent(
  state: State,
  repository: Hosted,
  pull: Pull,
  comment: IssueComment,
  action = 'created',
): Event {
  const { number, title } = pull;
  const url = `${state.url}/repos/${repository.owner}/${repository.name}/pulls/${number}`;
  return {
    name: 'issue_comment',
    payload: {
      action,
      issue: { number, title, state: pull.state, user: userValue(pull.author), pull_request: { url } },
      comment: commentValue(state, repository, pull, comment),
      ...common(state, repository, comment.author),
    },
  };
}

export function checkEvent(
  state: State,
  repository: Hosted,
  check: CheckRun,
  sender: Actor,
  action: 'rerequested' | 'requested_action',
  identifier?: string,
): Event {
  return {
    name: 'check_run',
    payload: {
      action,
      check_run: checkValue(state, repository, check),
      ...(identifier === undefined ? {} : { requested_action: { identifier } }),
      ...common(state, repository, sender),
    },
  };
}

export function suiteEvent(state: State, repository: Hosted, headSha: string, sender: Actor): Event {
  return {
    name: 'check_suite',
    payload: {
      action: 'rerequested',
      check_suite: { id: 1, head_sha: headSha, pull_requests: [] },
      ...common(state, repository, sender),
    },
  };
}

export function mergeGroupEvent(
  state: State,
  repository: Hosted,
  base: string,
  head: string,
  sender: Actor,
): Event {
  return {
    name: 'merge_group',
    payload: {
      action: 'checks_requested',
      merge_group: {
        head_sha: head,
        head_ref: `refs/heads/gh-readonly-queue/${repository.defaultBranch}/pr-1-${base}`,
        base_sha: base,
        base_ref: `refs/heads/${repository.defaultBranch}`,
      },
      ...common(state, repository, sender),
    },
  };
}

/** Tells an app of an event, once: GitHub does not try again by itself. */
export async function deliver(state: State, app: RegisteredApp, event: Event, guid: string = randomUUID()) {
  const installation = (event.payload.installation as { readonly id: number } | undefined)?.id ?? null;
  const delivery: Delivery = {
    id: newId(state),
    guid,
    event: event.name,
    action: String(event.payload.action ?? ''),
    payload: JSON.stringify(event.payload),
    installationId: installation,
    deliveredAt: now(state),
    redelivery: false,
    statusCode: 0,
  };
  state.deliveries.push(delivery);
  await send(app, delivery);
  return delivery;
}

/** The same delivery once more, under its own id. */
export async function redeliver(state: State, app: RegisteredApp, former: Delivery): Promise<Delivery> {
  const delivery: Delivery = {
    ...former,
    id: newId(state),
    deliveredAt: now(state),
    redelivery: true,
    statusCode: 0,
  };
  state.deliveries.push(delivery);
  await send(app, delivery);
  return delivery;
}

async function send(app: RegisteredApp, delivery: Delivery): Promise<void> {
  if (!app.hook) return;
  try {
    const answer = await fetch(app.hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/0000000',
        'x-github-event': delivery.event,
        'x-github-delivery': delivery.guid,
        'x-github-hook-installation-target-type': 'integration',
        'x-github-hook-installation-target-id': String(app.id),
        'x-hub-signature-256': signature(app.hook.secret, delivery.payload),
      },
      body: delivery.payload,
      signal: AbortSignal.timeout(PATIENCE),
    });
    delivery.statusCode = answer.status;
    await answer.arrayBuffer();
  } catch {
    delivery.statusCode = 0;
  }
}

function signature(secret: string, payload: string): string {
  return `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`;
}
