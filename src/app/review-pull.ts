import { ruleLinks } from '../cli/render-report.ts';
import { completeCheck } from '../github/check-run.ts';
import { publishComments } from '../github/publish.ts';
import { type PullRequest, readPullRequest } from '../github/pull-request.ts';
import { Superseded } from '../github/review.ts';
import { isForbidden } from '../github/trouble.ts';
import type { Run } from '../queue/queue.ts';
import { uriPath } from '../report/escape.ts';
import type { App } from './app.ts';
import { judgeBesideOthers } from './beside-others.ts';
import { conduct, endFormer } from './conduct.ts';
import type { Judgement } from './judge.ts';
import { pullPurpose } from './purpose.ts';
import { sandboxNote } from './sandbox.ts';
import { type AppTask, toTask } from './task.ts';

type PullTask = Extract<AppTask, { readonly kind: 'pull request' }>;

const READ_ONLY =
  'No comment is written: the App may not. Accept its permission to write pull requests in the settings of the organization.';

/**
 * Judges a pull request as it is now and says so: comments first and then the check run, so that one that is completed
 * means that everything was said.
 */
export async function reviewPull(app: App, task: PullTask, run: Run): Promise<'completed' | 'failed'> {
  const api = app.apiOf(task.installation);
  const { owner, repo, number } = task;
  const pull = await readPullRequest(api, { owner, repo, number });
  const at = { owner, repo, head: pull.head, purpose: pullPurpose(number, pull.base.branch) };
  await endFormer(app, api, run, { ...at, isOpen: pull.isOpen });
  if (!pull.isOpen) return 'completed';
  try {
    return await conduct(app, api, run, at, async (check) => {
      const { judged, hunksOf, tell } = await judgeBesideOthers(app, api, task, run, pull);
      const { report, ownRules } = judged;
      const markdown = { ruleLink: ruleLinks({ ownRules }), sourceLink: sourceLinks(pull) };
      run.signal.throwIfAborted();
      const unsaid = await publishComments(api, pull, await app.identity.login(), {
        report,
        head: pull.head,
        hunksOf,
        markdown: { ...markdown, notes: judged.notes },
        isDraft: pull.isDraft,
        fixed: judged.fixed,
        takesCommands: true,
      }).catch((error: unknown) => {
        if (isForbidden(error)) return READ_ONLY;
        throw error;
      });
      await completeCheck(api, at, check, report, { ...markdown, notes: notesOf(app, judged, unsaid) });
      await tell();
    });
  } catch (error) {
    // its own event may be lost or on its way: the newest head is looked at in any case
    if (error instanceof Superseded) await app.queue.add([toTask(task)]);
    throw error;
  }
}

/** What the check run says beside its report: where the migrations ran, too. */
export function notesOf(
  { sandbox }: App,
  { report, notes }: Judgement,
  ...more: readonly (string | undefined)[]
) {
  return [...notes, sandboxNote(report, sandbox), ...more].filter((note) => note !== undefined);
}

function sourceLinks({ cloneUrl, head }: Pick<PullRequest, 'cloneUrl' | 'head'>) {
  const home = cloneUrl.replace(/\.git$/, '');
  return (file: string, line: number, endLine: number) =>
    `${home}/blob/${head}/${uriPath(file)}#L${line}${endLine > line ? `-L${endLine}` : ''}`;
}
