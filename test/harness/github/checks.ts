import { type Operation, type Question, repositoryOf } from './answer.ts';
import { appValue } from './comments.ts';
import { commitOf } from './git.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { type Annotation, type CheckRun, type Hosted, newId, now, type State, stamp } from './state.ts';

const LONGEST_TITLE = 255;
const LONGEST_MESSAGE = 65_536;

/** What a request may say of a check run. */
interface Said {
  readonly name?: string;
  readonly head_sha?: string;
  readonly external_id?: string;
  readonly status?: CheckRun['status'];
  readonly conclusion?: string;
  readonly completed_at?: string;
  readonly actions?: CheckRun['actions'];
  readonly output?: {
    readonly title?: string;
    readonly summary: string;
    readonly text?: string;
    readonly annotations?: readonly Annotation[];
  };
}

/** A check run in the form of answers and events. */
export function checkValue(state: State, repository: Hosted, check: CheckRun) {
  const at = `${state.url}/repos/${repository.owner}/${repository.name}`;
  const app = state.apps.find(({ id }) => id === check.appId);
  return {
    id: check.id,
    name: check.name,
    head_sha: check.headSha,
    external_id: check.externalId,
    status: check.status,
    conclusion: check.conclusion ?? null,
    started_at: check.startedAt,
    completed_at: check.completedAt ?? null,
    url: `${at}/check-runs/${check.id}`,
    html_url: `${state.url}/${repository.owner}/${repository.name}/runs/${check.id}`,
    details_url: `${state.url}/${repository.owner}/${repository.name}/runs/${check.id}`,
    output: {
      title: check.title ?? null,
      summary: check.summary ?? null,
      text: check.text ?? null,
      annotations_count: check.annotations.length,
      annotations_url: `${at}/check-runs/${check.id}/annotations`,
    },
    check_suite: { id: check.appId * 10 },
    app: app ? appValue(app) : null,
    // Of a fork's pull request GitHub lists none here.
    pull_requests: repository.pulls
      .filter((pull) => pull.headSha === check.headSha && pull.headRepo === repository)
      .map(({ id, number, headRef, headSha, baseRef, baseSha }) => ({
        id,
        number,
        url: `${at}/pulls/${number}`,
        head: { ref: headRef, sha: headSha, repo: { id: repository.id, url: at, name: repository.name } },
        base: { ref: baseRef, sha: baseSha, repo: { id: repository.id, url: at, name: repository.name } },
      })),
  };
}

function checkAnnotations(annotations: readonly Annotation[]): void {
  for (const one of annotations) {
    const wrong = (field: string, message: string) => invalid('CheckAnnotation', field, 'custom', message);
    if (one.start_line < 1 || one.end_line < one.start_line)
      throw wrong('end_line', 'must be after start_line');
    if (one.start_line !== one.end_line && (one.start_column !== undefined || one.end_column !== undefined))
      throw wrong('start_column', 'start_column and end_column need start_line and end_line to be equal');
    if ((one.title ?? '').length > LONGEST_TITLE)
      throw wrong('title', 'is too long (maximum is 255 characters)');
    if (Buffer.byteLength(one.message) > LONGEST_MESSAGE)
      throw wrong('message', 'is too long (maximum is 64 KB)');
    if (one.path.startsWith('/') || one.path === '') throw wrong('path', 'is invalid');
  }
}

function write(state: State, check: CheckRun, said: Said): void {
  const { output } = said;
  if (output && !output.title) throw new Refusal(422, 'Invalid request.\n\n"title" wasn\'t supplied.');
  checkAnnotations(output?.annotations ?? []);
  const status = said.conclusion !== undefined ? 'completed' : (said.status ?? check.status);
  if (status === 'completed' && (said.conclusion ?? check.conclusion) === undefined)
    throw invalid('CheckRun', 'conclusion', 'missing_field', 'is required when status is completed');
  if (said.conclusion === 'stale')
    throw invalid('CheckRun', 'conclusion', 'invalid', 'only GitHub sets stale');
  check.status = status;
  if (said.external_id !== undefined) check.externalId = said.external_id;
  if (said.conclusion !== undefined) check.conclusion = said.conclusion;
  else if (said.status !== undefined && said.status !== 'completed') delete check.conclusion;
  if (status === 'completed') check.completedAt = said.completed_at ?? stamp(now(state));
  if (said.actions) check.actions = said.actions;
  if (!output) return;
  check.title = output.title!;
  check.summary = output.summary;
  if (output.text !== undefined) check.text = output.text;
  check.annotations.push(...(output.annotations ?? []));
}

function checkOf(question: Question): CheckRun {
  const id = Number(question.path.check_run_id);
  const found = repositoryOf(question).checks.find((check) => check.id === id);
  if (!found) throw notFound();
  return found;
}

export const checks: Readonly<Record<string, Operation>> = {
  'checks/create': (question) => {
    const { state, token } = question;
    const repository = repositoryOf(question);
    const said = question.body as Said;
    const app = token.actor.app;
    if (!app) throw new Refusal(403, 'You must authenticate via a GitHub App.');
    if (commitOf(repository, said.head_sha ?? '') !== said.head_sha)
      throw new Refusal(422, `No commit found for SHA: ${said.head_sha}`);
    const check: CheckRun = {
      id: newId(state),
      appId: app.id,
      name: said.name!,
      headSha: said.head_sha!,
      externalId: said.external_id ?? '',
      status: 'queued',
      annotations: [],
      actions: [],
      startedAt: stamp(now(state)),
    };
    write(state, check, said);
    repository.checks.push(check);
    return { status: 201, value: checkValue(state, repository, check) };
  },
  'checks/update': (question) => {
    const check = checkOf(question);
    if (check.appId !== question.token.actor.app?.id)
      throw new Refusal(
        403,
        'Invalid app_id `undefined` - check run can only be modified by the GitHub App that created it.',
      );
    write(question.state, check, question.body as Said);
    return { status: 200, value: checkValue(question.state, repositoryOf(question), check) };
  },
  'checks/get': (question) => ({
    status: 200,
    value: checkValue(question.state, repositoryOf(question), checkOf(question)),
  }),
  'checks/list-annotations': (question) => ({
    status: 200,
    all: checkOf(question).annotations.map((one) => ({ ...one, blob_href: question.state.url })),
  }),
  'checks/list-for-ref': (question) => {
    const repository = repositoryOf(question);
    const { query, path } = question;
    const commit = commitOf(repository, path.ref ?? '');
    if (commit === undefined) throw new Refusal(422, `No commit found for SHA: ${path.ref}`);
    const named = repository.checks.filter(
      (check) =>
        check.headSha === commit &&
        (!query.get('check_name') || check.name === query.get('check_name')) &&
        (!query.get('app_id') || String(check.appId) === query.get('app_id')) &&
        (!query.get('status') || check.status === query.get('status')),
    );
    // `latest`, the default, shows the newest run of each name and app
    const latest = named.filter(
      (check) =>
        query.get('filter') === 'all' ||
        !named.some(
          (other) => other.name === check.name && other.appId === check.appId && other.id > check.id,
        ),
    );
    return {
      status: 200,
      all: latest.reverse().map((check) => checkValue(question.state, repository, check)),
      wrap: (page, total) => ({ total_count: total, check_runs: page }),
    };
  },
};
