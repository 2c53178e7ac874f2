import { createVerify, randomBytes } from 'node:crypto';
import { notFound, Refusal } from './refusal.ts';
import type { Actor, Hosted, Installation, RegisteredApp, State, Token } from './state.ts';
import { newId, now } from './state.ts';

type Level = 'read' | 'write';

/** What an operation asks of an installation's token; several: any of them. */
const NEEDS: Readonly<Record<string, readonly (readonly [string, Level])[]>> = {
  'checks/create': [['checks', 'write']],
  'checks/update': [['checks', 'write']],
  'checks/get': [['checks', 'read']],
  'checks/list-annotations': [['checks', 'read']],
  'checks/list-for-ref': [['checks', 'read']],
  'git/create-blob': [['contents', 'write']],
  'git/create-commit': [['contents', 'write']],
  'git/create-ref': [['contents', 'write']],
  'git/create-tree': [['contents', 'write']],
  'git/delete-ref': [['contents', 'write']],
  'git/get-blob': [['contents', 'read']],
  'git/get-tree': [['contents', 'read']],
  'git/update-ref': [['contents', 'write']],
  'repos/get-content': [['contents', 'read']],
  'repos/compare-commits': [['contents', 'read']],
  'issues/list-comments': [
    ['issues', 'read'],
    ['pull_requests', 'read'],
  ],
  'issues/get-comment': [
    ['issues', 'read'],
    ['pull_requests', 'read'],
  ],
  'issues/create-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'issues/update-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'issues/delete-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'reactions/create-for-issue-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'pulls/get': [['pull_requests', 'read']],
  'pulls/list': [['pull_requests', 'read']],
  'pulls/list-files': [['pull_requests', 'read']],
  'pulls/list-reviews': [['pull_requests', 'read']],
  'pulls/list-review-comments': [['pull_requests', 'read']],
  'pulls/create': [['pull_requests', 'write']],
  'pulls/update': [['pull_requests', 'write']],
  'pulls/create-review': [['pull_requests', 'write']],
  'pulls/create-review-comment': [['pull_requests', 'write']],
  'pulls/create-reply-for-review-comment': [['pull_requests', 'write']],
  'pulls/update-review-comment': [['pull_requests', 'write']],
  'pulls/delete-review-comment': [['pull_requests', 'write']],
  'repos/list-pull-requests-associated-with-commit': [['pull_requests', 'read']],
};

/** Operations that GitHub answers only to an app's own JSON Web Token. */
const APPS_ONLY = new Set([
  'apps/get-authenticated',
  'apps/list-installations',
  'apps/get-installation',
  'apps/get-repo-installation',
  'apps/create-installation-access-token',
  'apps/get-webhook-delivery',
  'apps/list-webhook-deliveries',
  'apps/redeliver-webhook-delivery',
]);

const LOCKED = 'Resource not accessible by integration';

/** Who sent a request. Throws 401 where the token is none, is over, or belongs to an installation that is gone. */
export function authenticate(state: State, header: string | undefined): Token {
  const [, scheme = '', secret = ''] = /^(\S+) (\S+)$/.exec(header ?? '') ?? [];
  const given =
    scheme.toLowerCase() === 'basic' ? Buffer.from(secret, 'base64').toString().split(':')[1] : secret;
  if (!given) throw new Refusal(401, 'Requires authentication');
  if (given.split('.').length === 3) return appToken(state, given);
  const token = state.tokens.get(given);
  if (!token || token.expiresAt <= now(state) || token.installation?.removed)
    throw new Refusal(401, 'Bad credentials');
  if (token.installation?.suspended) throw new Refusal(403, 'This installation has been suspended');
  return token;
}

function appToken(state: State, jwt: string): Token {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const said = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
    iss: unknown;
    iat: number;
    exp: number;
  };
  const app = state.apps.find(({ id }) => String(id) === String(said.iss));
  if (!app) throw new Refusal(401, 'Integration not found');
  const check = createVerify('RSA-SHA256').update(`${head}.${body}`);
  if (!check.verify(app.publicKey, signature, 'base64url'))
    throw new Refusal(401, 'A JSON web token could not be decoded');
  const seconds = now(state) / 1000;
  if (said.exp <= seconds)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (said.exp > seconds + 660)
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (said.iat > seconds + 60)
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return { actor: botOf(app), kind: 'app', permissions: {}, expiresAt: said.exp * 1000 };
}

function botOf({ id, slug }: Pick<RegisteredApp, 'id' | 'slug'>): Actor {
  return { login: `${slug}[bot]`, id: id + 1_000_000, type: 'Bot', app: { id, slug } };
}

/** A new token of an installation; it holds for an hour. */
export function issueToken(
  state: State,
  installation: Installation,
  asked: {
    readonly permissions?: Readonly<Record<string, Level>>;
    readonly repositories?: readonly string[];
    readonly repository_ids?: readonly number[];
  },
): { readonly secret: string; readonly token: Token } {
  if (installation.suspended) throw new Refusal(403, 'This installation has been suspended');
  const permissions = asked.permissions ?? installation.permissions;
  for (const [name, level] of Object.entries(permissions))
    if (!allows(installation.permissions, name, level))
      throw new Refusal(422, 'The permissions requested are not granted to this installation.');
  const repositories = narrowed(state, installation, asked);
  const secret = `ghs_${randomBytes(18).toString('hex')}`;
  const token: Token = {
    actor: botOf(installation.app),
    kind: 'installation',
    permissions,
    installation,
    ...(repositories ? { repositories } : {}),
    expiresAt: now(state) + 3_600_000,
  };
  state.tokens.set(secret, token);
  return { secret, token };
}

/** The repositories that a token is asked for by name or by id; undefined where it is for all. */
function narrowed(
  state: State,
  installation: Installation,
  asked: { readonly repositories?: readonly string[]; readonly repository_ids?: readonly number[] },
): readonly string[] | undefined {
  if (!asked.repositories && !asked.repository_ids) return undefined;
  const held = [...state.repositories.values()].filter((one) => holds(installation, one));
  const wanted = [
    ...(asked.repositories ?? []).map((name) => held.find((one) => one.name === name)),
    ...(asked.repository_ids ?? []).map((id) => held.find((one) => one.id === id)),
  ];
  return wanted.map((found) => {
    if (found) return `${found.owner}/${found.name}`;
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  });
}

/** Whether an installation was given a repository. */
export function holds({ account, repositories, removed }: Installation, { owner, name }: Hosted): boolean {
  return !removed && account === owner && (repositories === undefined || repositories.has(name));
}

/** A token as a job of GitHub Actions has one (`github-actions`, app 15368). */
export function actionsToken(
  state: State,
  repository: string,
  permissions: Readonly<Record<string, Level>>,
): string {
  const secret = `ghs_${randomBytes(18).toString('hex')}`;
  state.tokens.set(secret, {
    actor: botOf({ id: 15_368, slug: 'github-actions' }),
    kind: 'installation',
    permissions,
    repositories: [repository],
    expiresAt: now(state) + 6 * 3_600_000,
  });
  return secret;
}

/** A person's own token. */
export function personalToken(state: State, login: string): string {
  const secret = `ghp_${randomBytes(18).toString('hex')}`;
  const actor: Actor = { login, id: newId(state), type: 'User' };
  state.tokens.set(secret, {
    actor,
    kind: 'personal',
    permissions: {},
    expiresAt: Number.POSITIVE_INFINITY,
  });
  return secret;
}

/** Refuses an operation that the token may not do: 404 where the repository is out of its sight, 403 where it is too weak. */
export function authorize(token: Token, operation: string, repository: Hosted | undefined): void {
  if (APPS_ONLY.has(operation) !== (token.kind === 'app')) {
    if (token.kind === 'app')
      throw new Refusal(401, 'This endpoint requires you to be authenticated with an installation token');
    throw new Refusal(401, 'A JSON web token could not be decoded');
  }
  if (operation === 'users/get-authenticated' && token.kind !== 'personal') throw new Refusal(403, LOCKED);
  if (operation === 'apps/list-repos-accessible-to-installation' && token.kind !== 'installation')
    throw new Refusal(403, 'You must authenticate with an installation access token');
  if (!repository || token.kind === 'app') return;
  const isRead = (NEEDS[operation] ?? []).every(([, level]) => level === 'read');
  if (!sees(token, repository)) {
    if (repository.isPrivate || !isRead) throw repository.isPrivate ? notFound() : new Refusal(403, LOCKED);
    return;
  }
  if (token.kind === 'personal') {
    if (/^checks\/(create|update)$/.test(operation))
      throw new Refusal(403, 'You must authenticate via a GitHub App.');
    const may = repository.people.get(token.actor.login);
    if (!isRead && may === undefined) throw new Refusal(403, 'Must have write access');
    return;
  }
  const needs = NEEDS[operation] ?? [];
  if (needs.length === 0 || (isRead && !repository.isPrivate)) return;
  if (!needs.some(([name, level]) => allows(token.permissions, name, level))) throw new Refusal(403, LOCKED);
}

/** Whether a repository is there at all for whoever has the token. */
export function sees({ kind, actor, installation, repositories }: Token, repository: Hosted): boolean {
  const name = `${repository.owner}/${repository.name}`;
  if (kind === 'personal') return !repository.isPrivate || repository.people.has(actor.login);
  if (repositories && !repositories.includes(name)) return false;
  if (repositories && !installation) return true;
  return installation !== undefined && holds(installation, repository);
}

export function allows(permissions: Readonly<Record<string, Level>>, name: string, level: Level): boolean {
  const given = permissions[name];
  return given === 'write' || (given === 'read' && level === 'read');
}
