import { plain, shortened } from '../report/escape.ts';
import { type MarkdownOptions, toMarkdown } from '../report/markdown.ts';
import type { Report } from '../report/report.ts';
import { conclusionText } from '../report/summary.ts';
import { type Annotation, compareAnnotations, keyOf, toAnnotation } from './annotation.ts';
import type { Api } from './api.ts';

/** What a check run is called wherever it is shown, in merge queues too: branch protection knows it by this name. */
const CHECK_NAME = 'Tablewarden';

/** Where a check run is. */
export interface CommitAt {
  readonly owner: string;
  readonly repo: string;
  readonly head: string;
}

type Place = Pick<CommitAt, 'owner' | 'repo'>;

/** A check run of ours on a commit. */
export interface CheckRun {
  readonly id: number;
  readonly isCompleted: boolean;
  /** Annotations that GitHub holds already: more are added to them, none can be taken away. */
  readonly annotations: number;
  /** What it was made for, such as `pull request 7 into main`. */
  readonly purpose: string;
}

/** Annotations that one request may carry. */
const BATCH = 50;
const MOST_ANNOTATIONS = 1000;
/** Characters; GitHub takes 65,535. */
const ROOM = 60_000;

/** The check runs of ours on a commit that were made for the same thing, such as `pull request 7 into main`, the newest first. */
export async function findChecks(
  api: Api,
  at: CommitAt,
  { appId, purpose }: { readonly appId: number; readonly purpose: string },
): Promise<readonly CheckRun[]> {
  return (await checksOf(api, at, appId)).filter((run) => run.purpose === purpose);
}

/** Every check run of ours on a commit, the newest first. */
export async function checksOf(
  api: Api,
  { owner, repo, head }: CommitAt,
  appId: number,
): Promise<readonly CheckRun[]> {
  const runs = await api.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo,
    ref: head,
    check_name: CHECK_NAME,
    app_id: appId,
    filter: 'all',
    per_page: 100,
  });
  return runs
    .map(({ id, status, output, external_id }) => ({
      id: Number(id),
      isCompleted: status === 'completed',
      annotations: output.annotations_count,
      purpose: external_id ?? '',
    }))
    .sort((a, b) => b.id - a.id);
}

/** Begins a check run, or takes up the one that stands on this head: a rerun makes no second one. */
export async function startCheck(
  api: Api,
  at: CommitAt,
  { known, purpose }: { readonly known?: CheckRun; readonly purpose: string },
): Promise<CheckRun> {
  if (!known) return createCheck(api, at, purpose);
  if (!known.isCompleted) return known;
  await update(api, at, known, { status: 'in_progress' });
  return { ...known, isCompleted: false };
}

async function createCheck(api: Api, { owner, repo, head }: CommitAt, purpose: string): Promise<CheckRun> {
  const { data } = await api.request('POST /repos/{owner}/{repo}/check-runs', {
    owner,
    repo,
    name: CHECK_NAME,
    head_sha: head,
    external_id: purpose,
    status: 'in_progress',
    started_at: new Date().toISOString(),
    request: { retries: 0 },
  });
  return { id: Number(data.id), isCompleted: false, annotations: 0, purpose };
}

interface Changes {
  readonly status?: 'in_progress' | 'completed';
  readonly conclusion?: Report['conclusion'] | 'cancelled' | 'action_required';
  readonly output?: {
    readonly title: string;
    readonly summary: string;
    readonly annotations?: Annotation[];
  };
  readonly actions?: typeof ACTIONS;
  readonly request?: { readonly retries: number };
}

/** A button below an ended check run: a new commit of the base asks for no check by itself. */
const ACTIONS = [
  { label: 'Judge again', description: 'On the newest commit of its base', identifier: 'recheck' },
];

async function update(api: Api, { owner, repo }: Place, { id }: CheckRun, changes: Changes): Promise<void> {
  const where = { owner, repo, check_run_id: id };
  await api.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...changes, ...where });
}

/**
 * Ends a check run with all that was found: the annotations in batches, the conclusion with the last of them. Annotations
 * that it holds already are not sent again; where it holds one that is not true any more a new run takes its place, since
 * GitHub takes none away.
 */
export async function completeCheck(
  api: Api,
  at: CommitAt,
  check: CheckRun,
  report: Report,
  markdown: MarkdownOptions,
): Promise<void> {
  const output = {
    title: shortened(conclusionText(report), 255),
    summary: toMarkdown(report, { ...markdown, limit: ROOM, perRule: 20 }),
  };
  const shown = report.findings.filter(({ inSummary }) => !inSummary).slice(0, MOST_ANNOTATIONS);
  const wanted = shown.map(toAnnotation);
  const { missing, isStale } = compareAnnotations(
    check.annotations > 0 ? await heldBy(api, at, check) : [],
    wanted,
  );
  const run = isStale ? await createCheck(api, at, check.purpose) : check;
  const annotations = isStale ? wanted : missing;
  for (let from = 0; from < Math.max(1, annotations.length); from += BATCH) {
    const isLast = from + BATCH >= annotations.length;
    await update(api, at, run, {
      ...(isLast ? { status: 'completed', conclusion: report.conclusion, actions: ACTIONS } : {}),
      output: { ...output, annotations: annotations.slice(from, from + BATCH) },
      // an annotation that was taken and not answered would stand there twice
      request: { retries: annotations.length > 0 ? 0 : 3 },
    });
  }
  if (isStale) await endCheck(api, at, check, REPLACED);
}

const REPLACED = {
  conclusion: 'cancelled',
  title: 'Replaced by a newer run of this commit',
  summary: 'This commit was judged again, and not all of what stands here is true any more.',
} as const;

async function heldBy(api: Api, { owner, repo }: Place, { id }: CheckRun): Promise<readonly string[]> {
  const held = await api.paginate('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', {
    owner,
    repo,
    check_run_id: id,
    per_page: 100,
  });
  return held.map(keyOf);
}

/** Ends a check run without a judgement: `cancelled` where a newer head is there, `neutral` where it could not be judged. */
export async function endCheck(
  api: Api,
  at: Place,
  check: CheckRun,
  {
    conclusion,
    title,
    summary,
  }: {
    readonly conclusion: 'cancelled' | 'neutral' | 'action_required';
    readonly title: string;
    readonly summary: string;
  },
): Promise<void> {
  const output = { title: shortened(plain(title), 255), summary };
  await update(api, at, check, { status: 'completed', conclusion, output });
}
