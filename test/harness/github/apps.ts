import { type Operation, type Question, repositoryOf, repositoryValue, userValue } from './answer.ts';
import { appValue } from './comments.ts';
import { notFound } from './refusal.ts';
import { type Delivery, type Installation, now, type RegisteredApp, stamp } from './state.ts';
import { holds, issueToken, sees } from './tokens.ts';
import { headersOf, redeliver } from './webhooks.ts';

function appOf({ state, token }: Question): RegisteredApp {
  const found = state.apps.find(({ id }) => id === token.actor.app?.id);
  if (!found) throw notFound();
  return found;
}

/** An installation in the form of answers and events. */
export function installationValue(installation: Installation) {
  const { id, app, account, permissions, repositories, suspended } = installation;

  return {
    id,
    app_id: app.id,
    app_slug: app.slug,
    account: { login: account, id: id + 500, type: 'Organization' },
    repository_selection: repositories === undefined ? 'all' : 'selected',
    target_id: id + 500,
    target_type: 'Organization',
    permissions,
    events: [...app.events],
    suspended_at: suspended ? '2026-01-05T12:00:00Z' : null,
    suspended_by: null,
    created_at: '2026-01-05T12:00:00Z',
    updated_at: '2026-01-05T12:00:00Z',
  };
}

function installationOf(question: Question): Installation {
  const id = Number(question.path.installation_id);
  const app = appOf(question);
  const found = question.state.installations.find((one) => one.id === id && one.app === app && !one.removed);
  if (!found) throw notFound();
  return found;
}

/** GitHub keeps them for three days. */
function deliveriesOf(question: Question): readonly Delivery[] {
  const { id } = appOf(question);
  const oldest = now(question.state) - 3 * 86_400_000;
  return question.state.deliveries.filter((one) => one.appId === id && one.deliveredAt > oldest);
}

function deliveryOf(question: Question): Delivery {
  const id = Number(question.path.delivery_id);
  const found = deliveriesOf(question).find((one) => one.id === id);
  if (!found) throw notFound();
  return found;
}

function deliveryValue(delivery: Delivery) {
  const { id, guid, event, action, statusCode, redelivery, deliveredAt, installationId } = delivery;
  const { repository } = JSON.parse(delivery.payload) as { repository?: { readonly id: number } };
  return {
    id,
    guid,
    delivered_at: stamp(deliveredAt),
    redelivery,
    duration: 0.1,
    status:
      statusCode === 0 ? 'failed to connect to host' : statusCode < 400 ? 'OK' : 'Invalid HTTP Response',
    status_code: statusCode,
    event,
    action,
    installation_id: installationId,
    repository_id: repository?.id ?? null,
    throttled_at: null,
  };
}

export const apps: Readonly<Record<string, Operation>> = {
  'apps/get-authenticated': (question) => ({ status: 200, value: appValue(appOf(question)) }),
  'apps/list-installations': (question) => {
    const app = appOf(question);
    const all = question.state.installations.filter((one) => one.app === app && !one.removed);
    return { status: 200, all: all.map(installationValue) };
  },
  'apps/get-installation': (question) => ({
    status: 200,
    value: installationValue(installationOf(question)),
  }),
  'apps/get-repo-installation': (question) => {
    const app = appOf(question);
    const found = question.state.installations.find(
      (one) => one.app === app && holds(one, repositoryOf(question)),
    );
    if (!found) throw notFound();
    return { status: 200, value: installationValue(found) };
  },
  'apps/create-installation-access-token': (question) => {
    const installation = installationOf(question);
    const { secret, token } = issueToken(
      question.state,
      installation,
      (question.body ?? {}) as Parameters<typeof issueToken>[2],
    );
    return {
      status: 201,
      value: {
        token: secret,
        expires_at: stamp(token.expiresAt),
        permissions: token.permissions,
        repository_selection: token.repositories || installation.repositories ? 'selected' : 'all',
      },
    };
  },
  'apps/list-repos-accessible-to-installation': (question) => ({
    status: 200,
    all: [...question.state.repositories.values()]
      .filter((repository) => sees(question.token, repository))
      .map((repository) => repositoryValue(question.state, repository)),
    wrap: (page, total) => ({ total_count: total, repositories: page }),
  }),
  'apps/list-webhook-deliveries': (question) => {
    const wanted = question.query.get('status');
    const all = deliveriesOf(question)
      .map((one) => deliveryValue(one))
      .filter(({ status }) => !wanted || (status === 'OK') === (wanted === 'success'))
      .reverse();
    return { status: 200, all, cursor: (one) => `v1_${(one as { readonly id: number }).id}` };
  },
  'apps/get-webhook-delivery': (question) => {
    const delivery = deliveryOf(question);
    const app = appOf(question);
    return {
      status: 200,
      value: {
        ...deliveryValue(delivery),
        url: app.hook?.url ?? '',
        request: { headers: headersOf(app, delivery), payload: JSON.parse(delivery.payload) },
        response: { headers: {}, payload: delivery.answer },
      },
    };
  },
  'apps/redeliver-webhook-delivery': (question) => {
    const found = deliveryOf(question);
    // GitHub answers 202 and delivers when it gets to it
    setImmediate(() => void redeliver(question.state, appOf(question), found));
    return { status: 202, value: {} };
  },
  'users/get-authenticated': ({ token }) => ({
    status: 200,
    value: { ...userValue(token.actor), user_view_type: 'public' },
  }),
  'rate-limit/get': () => ({
    status: 200,
    value: { resources: {}, rate: { limit: 5000, remaining: 5000, reset: 0, used: 0 } },
  }),
};
