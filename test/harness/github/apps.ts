import { type Operation, type Question, repositoryOf, repositoryValue, userValue } from './answer.ts';
import { appValue } from './comments.ts';
import { notFound } from './refusal.ts';
import { type Installation, now, type RegisteredApp, stamp } from './state.ts';
import { issueToken, sees } from './tokens.ts';
import { redeliver } from './webhooks.ts';

function appOf({ state, token }: Question): RegisteredApp {
  const found = state.apps.find(({ id }) => id === token.actor.app?.id);
  if (!found) throw notFound();
  return found;
}

function installationValue({ id, app, account, permissions, suspended }: Installation) {
  return {
    id,
    app_id: app.id,
    app_slug: app.slug,
    account: { login: account, id: id + 500, type: 'Organization' },
    repository_selection: 'all',
    target_id: id + 500,
    target_type: 'Organization',
    permissions,
    events: [],
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
    const { owner } = repositoryOf(question);
    const found = question.state.installations.find(
      (one) => one.app === app && one.account === owner && !one.removed,
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
        repository_selection: 'all',
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
    const of = new Set(
      question.state.installations.filter((one) => one.app === appOf(question)).map(({ id }) => id),
    );
    const all = question.state.deliveries
      .filter((one) => one.installationId === null || of.has(one.installationId))
      .filter((one) => one.deliveredAt > now(question.state) - 3 * 86_400_000)
      .map((one) => ({
        id: one.id,
        guid: one.guid,
        delivered_at: stamp(one.deliveredAt),
        redelivery: one.redelivery,
        duration: 0.1,
        status: one.statusCode === 0 ? 'failed to connect to host' : one.statusCode < 400 ? 'OK' : 'failed',
        status_code: one.statusCode,
        event: one.event,
        action: one.action,
        installation_id: one.installationId,
        repository_id: null,
        throttled_at: null,
      }))
      .reverse();
    return { status: 200, all };
  },
  'apps/redeliver-webhook-delivery': (question) => {
    const id = Number(question.path.delivery_id);
    const found = question.state.deliveries.find((one) => one.id === id);
    if (!found) throw notFound();
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
