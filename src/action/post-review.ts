import { ruleLinks } from '../cli/render-report.ts';
import { VERSION } from '../cli/version.ts';
import { openApi } from '../github/api.ts';
import { publishComments } from '../github/publish.ts';
import { readViewer } from '../github/pull-request.ts';
import { Superseded } from '../github/review.ts';
import { shownLines } from '../github/shown-lines.ts';
import { isForbidden } from '../github/trouble.ts';
import type { MarkdownOptions } from '../report/markdown.ts';
import type { RunEvent } from './event.ts';
import type { Inputs } from './inputs.ts';
import type { Judged } from './judge.ts';

/** Who speaks with a job's own token. */
const OURSELVES = 'github-actions[bot]';

const FORK =
  'No comment is written: the token of a pull request from a fork may only read. The annotations and this summary say it all.';
const READ_ONLY =
  'No comment is written: the token may not. Give the job `permissions: { contents: read, pull-requests: write }`, or set `review: false`.';

/**
 * Writes what was found onto the pull request, where the token may. Gives back a sentence for the reader where it could
 * not; trouble with comments never fails the step.
 */
export async function postReview(
  { report, changeSet, repository, range, setup }: Judged,
  event: RunEvent,
  { token, review }: Inputs,
  env: NodeJS.ProcessEnv,
  markdown: MarkdownOptions,
): Promise<string | undefined> {
  const { pullRequest } = event;
  const [owner, repo] = (env.GITHUB_REPOSITORY ?? '').split('/');
  if (!pullRequest || !range || !review || !token || !owner || !repo) return undefined;
  if (pullRequest.fork && event.name === 'pull_request') return FORK;
  const api = openApi({
    baseUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    token: async () => token,
    identity: 'action',
    version: VERSION,
  });
  try {
    const viewer = await readViewer(api).catch(() => OURSELVES);
    return await publishComments(api, { owner, repo, number: pullRequest.number }, viewer, {
      report,
      head: range.head,
      hunksOf: shownLines(repository, changeSet),
      markdown: { ...markdown, ruleLink: ruleLinks(setup) },
      isDraft: pullRequest.draft,
      fixed: setup.config.review.fixed,
    });
  } catch (error) {
    if (error instanceof Superseded)
      return 'No comment is written: the pull request has a newer commit, whose own run says what is to say.';
    if (isForbidden(error)) return READ_ONLY;
    return `The comments could not be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}
