import { setTimeout as wait } from 'node:timers/promises';
import type { ShownLines } from '../git/hunks.ts';
import { type MarkdownOptions, toMarkdown } from '../report/markdown.ts';
import type { Report } from '../report/report.ts';
import type { Api } from './api.ts';
import { digestOf } from './comment-text.ts';
import { type Fixed, planComments } from './plan.ts';
import { type PullRequestAt, readPullRequest } from './pull-request.ts';
import { carryOut, Superseded } from './review.ts';
import { readStanding, readSummaries } from './standing.ts';
import { keepSummary } from './summary-comment.ts';
import { isUncertain } from './trouble.ts';
import { wantedComments } from './wanted.ts';

/** What a judged pull request has to show. */
export interface Publication {
  readonly report: Report;
  /** The commit that was judged. */
  readonly head: string;
  readonly hunksOf: (path: string) => Promise<readonly ShownLines[]>;
  readonly markdown: Required<Pick<MarkdownOptions, 'ruleLink'>> & MarkdownOptions;
  /** A draft is tidied, and gets nothing new. */
  readonly isDraft: boolean;
  readonly fixed: Fixed;
  /** Whether somebody listens to `/tablewarden allow …`. */
  readonly takesCommands?: boolean;
}

/** Bytes of the summary: a comment's room with its marker's taken off. */
const ROOM = 50_000;
const ATTEMPTS = 3;

const UNSETTLED =
  'Comments whose finding is fixed say so and stay open: to resolve them the token needs `contents: write`.';

/**
 * Makes the comments of a pull request what they should be: one review with what is new, one summary that is edited in
 * place, and what is fixed goes. Where nothing changed nothing is sent. Where nobody knows whether a request was done, what
 * stands is read again before anything more is said. Gives back what the reader should know: a sentence, or nothing.
 */
export async function publishComments(
  api: Api,
  at: PullRequestAt,
  viewer: string,
  publication: Publication,
): Promise<string | undefined> {
  const { report, head, hunksOf, markdown, isDraft, fixed, takesCommands } = publication;
  const wanted = await wantedComments(report.findings, {
    hunksOf,
    ruleLink: markdown.ruleLink,
    takesCommands,
  });
  const found = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  for (let attempt = 1; ; attempt++)
    try {
      const standing = await readStanding(api, at, viewer);
      const summaries = await readSummaries(api, at, viewer);
      const said = new Set(
        [...(summaries[0]?.memory.said ?? []), ...standing.map(({ memory }) => memory.fingerprint)].filter(
          (one) => found.has(one),
        ),
      );
      const plan = planComments(standing, isDraft ? [] : wanted, { head, found, said, fixed });
      if (plan.add.length > 0) await needHead(api, at, head);
      const { placed, unsettled } = await carryOut(api, at, plan, head);
      await keepSummary(api, at, summaries, {
        text: toMarkdown(report, { ...markdown, limit: ROOM }),
        digest: digestOf(toMarkdown({ ...report, base: '', head: '' }, { notes: markdown.notes })),
        said: [...said, ...placed],
        isWorthIt: report.findings.length > 0 && !isDraft,
      });
      return unsettled > 0 ? UNSETTLED : undefined;
    } catch (error) {
      if (!isUncertain(error) || attempt === ATTEMPTS) throw error;
      await wait(attempt * 1000);
    }
}

/** Nothing is said of a head that is not the newest any more. */
async function needHead(api: Api, at: PullRequestAt, head: string): Promise<void> {
  const now = await readPullRequest(api, at);
  if (now.head !== head) throw new Superseded(now.head);
}
