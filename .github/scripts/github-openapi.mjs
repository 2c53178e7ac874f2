// Cuts the operations that the double of GitHub serves out of GitHub's own OpenAPI description (npm pack @octokit/openapi):
// node .github/scripts/github-openapi.mjs FOLDER-OF-THE-PACKAGE. The whole package is 385 MB, too much for every install.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OPERATIONS = [
  'apps/create-installation-access-token',
  'apps/get-authenticated',
  'apps/get-installation',
  'apps/get-repo-installation',
  'apps/get-webhook-delivery',
  'apps/list-installations',
  'apps/list-repos-accessible-to-installation',
  'apps/list-webhook-deliveries',
  'apps/redeliver-webhook-delivery',
  'checks/create',
  'checks/get',
  'checks/list-annotations',
  'checks/list-for-ref',
  'checks/update',
  'git/create-blob',
  'git/create-commit',
  'git/create-ref',
  'git/create-tree',
  'git/delete-ref',
  'git/get-blob',
  'git/get-tree',
  'git/update-ref',
  'issues/create-comment',
  'issues/delete-comment',
  'issues/get-comment',
  'issues/list-comments',
  'issues/update-comment',
  'pulls/create',
  'pulls/create-reply-for-review-comment',
  'pulls/create-review',
  'pulls/create-review-comment',
  'pulls/delete-review-comment',
  'pulls/get',
  'pulls/list',
  'pulls/list-files',
  'pulls/list-review-comments',
  'pulls/list-reviews',
  'pulls/update',
  'pulls/update-review-comment',
  'rate-limit/get',
  'reactions/create-for-issue-comment',
  'repos/compare-commits',
  'repos/get',
  'repos/get-collaborator-permission-level',
  'repos/get-content',
  'repos/list-pull-requests-associated-with-commit',
  'users/get-authenticated',
];
/** Events that the double tells; `pull_request.opened` is `x-webhooks.pull-request-opened`. */
const EVENTS = [
  'check_run.requested_action',
  'check_run.rerequested',
  'check_suite.rerequested',
  'installation.created',
  'installation.deleted',
  'installation.suspend',
  'installation.unsuspend',
  'installation_repositories.added',
  'installation_repositories.removed',
  'issue_comment.created',
  'issue_comment.deleted',
  'issue_comment.edited',
  'merge_group.checks_requested',
  'merge_group.destroyed',
  'pull_request.closed',
  'pull_request.converted_to_draft',
  'pull_request.edited',
  'pull_request.opened',
  'pull_request.ready_for_review',
  'pull_request.reopened',
  'pull_request.synchronize',
  'pull_request_review_comment.created',
  'push',
];
const WORDS = ['description', 'example', 'examples', 'externalDocs', 'title', 'summary', 'deprecated'];
/** Formats of numbers say nothing that a test could check. */
const CHECKED_FORMATS = ['date-time', 'uri'];

const [folder = '.'] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const api = JSON.parse(readFileSync(join(folder, 'generated/api.github.com.json'), 'utf8'));
const schemas = {};

/** OpenAPI 3.0's own words as JSON Schema: `nullable`, and references to what is kept here. */
function toJsonSchema(node, isMap = false) {
  if (Array.isArray(node)) return node.map((one) => toJsonSchema(one));
  if (typeof node !== 'object' || node === null) return node;
  if (typeof node.$ref === 'string') {
    const name = node.$ref.split('/').at(-1);
    if (!(name in schemas)) {
      schemas[name] = true; // a schema may refer to itself
      schemas[name] = toJsonSchema(api.components.schemas[name]);
    }
    return { $ref: `#/schemas/${name}` };
  }
  const kept = Object.entries(node).filter(
    ([key, value]) =>
      isMap ||
      !(
        WORDS.includes(key) ||
        key === 'nullable' ||
        key.startsWith('x-') ||
        key === 'default' ||
        (key === 'format' && !CHECKED_FORMATS.includes(value))
      ),
  );
  const schema = Object.fromEntries(
    kept.map(([key, value]) => [key, toJsonSchema(value, key === 'properties' && !isMap)]),
  );
  return node.nullable === true && !isMap ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function resolved(node) {
  if (typeof node?.$ref !== 'string') return node;
  return node.$ref
    .split('/')
    .slice(1)
    .reduce((at, key) => at[key], api);
}

const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) => {
    if (!OPERATIONS.includes(operation.operationId)) return [];
    const parameters = (operation.parameters ?? []).map(resolved);
    const json = (holder) => holder?.content?.['application/json']?.schema;
    const body = json(resolved(operation.requestBody));
    return [
      {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        query: Object.fromEntries(
          parameters.filter((one) => one.in === 'query').map((one) => [one.name, toJsonSchema(one.schema)]),
        ),
        ...(body ? { body: toJsonSchema(body), bodyRequired: operation.requestBody.required === true } : {}),
        responses: Object.fromEntries(
          Object.entries(operation.responses)
            .filter(([status]) => status.startsWith('2'))
            .map(([status, response]) => [status, toJsonSchema(json(resolved(response)) ?? true)]),
        ),
      },
    ];
  }),
);
const missing = OPERATIONS.filter((id) => !operations.some((one) => one.id === id));
if (missing.length > 0) throw new Error(`the description does not hold ${missing.join(', ')}`);
const events = Object.fromEntries(
  EVENTS.map((name) => {
    const webhook = api['x-webhooks'][name.replaceAll(/[_.]/g, '-')];
    if (webhook === undefined) throw new Error(`the description does not hold the event ${name}`);
    return [name, toJsonSchema(webhook.post.requestBody.content['application/json'].schema)];
  }),
);
/** Every other operation's name, so that asking for one is answered by its name. */
const others = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { operationId }]) =>
    OPERATIONS.includes(operationId) || !/^\/(app|installation|repos|user)(\/|$)/.test(path)
      ? []
      : [`${method.toUpperCase()} ${path} ${operationId}`],
  ),
);
writeFileSync(
  'test/harness/github/openapi.json',
  `${JSON.stringify({ source: `@octokit/openapi@${version}`, operations, others, events, schemas })}\n`,
);
