import type { Finding } from '../finding/finding.ts';
import { plain, shortened } from '../report/escape.ts';
import { explanation } from '../report/evidence.ts';
import { type MarkdownOptions, toMarkdown } from '../report/markdown.ts';
import type { Report } from '../report/report.ts';
import { conclusionText } from '../report/summary.ts';
import type { Api } from './api.ts';

/** What a check run is called wherever it is shown, in merge queues too: branch protection knows it by this name. */
const CHECK_NAME = 'Tablewarden';

/** Where a check run is. */
export interface CommitAt {
  readonly owner: string;
  readonly repo: string;
  readonly head: string;
}

/** A check run of ours on a commit. */
export interface CheckRun {
  readonly id: number;
  readonly isCompleted: boolean;
  /** Annotations that GitHub holds already: more are added to them, none can be taken away. */
  readonly annotations: number;
}

/** Annotations that one request may carry. */
const BATCH = 50;
const MOST_ANNOTATIONS = 1000;
/** Characters; GitHub takes 65,535. */
const ROOM = 60_000;
const LONGEST = 16_000;
const LEVELS = { error: 'failure', warning: 'warning', note: 'notice' } as const;

/** The newest check run of ours on a commit that was made for the same thing, such as `pull request 7 into main`. */
export async function findCheck(
  api: Api,
  { owner, repo, head }: CommitAt,
  { appId, purpose }: { readonly appId: number; readonly purpose: string },
): Promise<CheckRun | undefined> {
  const runs = await api.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo,
    ref: head,
    check_name: CHECK_NAME,
    app_id: appId,
    filter: 'all',
    per_page: 100,
  });
  const ours = runs.filter((run) => run.external_id === purpose).sort((a, b) => Number(b.id) - Number(a.id));
  const [newest] = ours;
  return (
    newest && {
      id: Number(newest.id),
      isCompleted: newest.status === 'completed',
      annotations: newest.output.annotations_count,
    }
  );
}

/** Begins a check run, or takes up the one that was begun. */
export async function startCheck(
  api: Api,
  { owner, repo, head }: CommitAt,
  { known, purpose, again }: { readonly known?: CheckRun; readonly purpose: string; readonly again: boolean },
): Promise<CheckRun> {
  if (known && !known.isCompleted) return known;
  if (known && again && known.annotations === 0) {
    await api.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: known.id,
      status: 'in_progress',
    });
    return { ...known, isCompleted: false };
  }
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
  return { id: Number(data.id), isCompleted: false, annotations: 0 };
}

/** Ends a check run with all that was found: the annotations in batches, the conclusion with the last of them. */
export async function completeCheck(
  api: Api,
  { owner, repo }: CommitAt,
  check: CheckRun,
  report: Report,
  markdown: MarkdownOptions,
): Promise<void> {
  const output = {
    title: shortened(conclusionText(report), 255),
    summary: toMarkdown(report, { ...markdown, limit: ROOM, perRule: 20 }),
  };
  const shown = report.findings.filter(({ inSummary }) => !inSummary).slice(0, MOST_ANNOTATIONS);
  const annotations = shown.map(annotation).slice(check.annotations);
  for (let at = 0; at < Math.max(1, annotations.length); at += BATCH) {
    const isLast = at + BATCH >= annotations.length;
    await api.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: check.id,
      ...(isLast ? { status: 'completed' as const, conclusion: report.conclusion } : {}),
      output: { ...output, annotations: annotations.slice(at, at + BATCH) },
      // an annotation that was taken and not answered would stand there twice
      request: { retries: annotations.length > 0 ? 0 : 3 },
    });
  }
}

/** Ends a check run without a judgement: `cancelled` where a newer head is there, `neutral` where it could not be judged. */
export async function endCheck(
  api: Api,
  { owner, repo }: Pick<CommitAt, 'owner' | 'repo'>,
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
  await api.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
    owner,
    repo,
    check_run_id: check.id,
    status: 'completed',
    conclusion,
    output: { title: shortened(plain(title), 255), summary },
  });
}

/** Columns may stand only where a finding is on one line. */
function annotation(finding: Finding) {
  const { path, line, endLine, column, endColumn, rule, severity } = finding;
  return {
    path,
    start_line: line,
    end_line: endLine,
    ...(line === endLine ? { start_column: column, end_column: Math.max(column, endColumn) } : {}),
    annotation_level: LEVELS[severity],
    title: shortened(plain(rule), 255),
    message: shortened(explanation(finding), LONGEST),
  };
}
