import { ruleLinks } from '../cli/render-report.ts';
import { completeCheck } from '../github/check-run.ts';
import type { Run } from '../queue/queue.ts';
import type { App } from './app.ts';
import { conduct } from './conduct.ts';
import { fetchSides } from './fetch.ts';
import { judgeApart } from './judge.ts';
import { groupPurpose } from './purpose.ts';
import { notesOf } from './review-pull.ts';
import type { AppTask } from './task.ts';

type GroupTask = Extract<AppTask, { readonly kind: 'merge group' }>;

/** Judges the commit that a merge queue is about to merge; the queue waits for a check run of the same name. */
export async function checkGroup(app: App, task: GroupTask, run: Run): Promise<'completed' | 'failed'> {
  const api = app.apiOf(task.installation);
  const { owner, repo, head, base, into } = task;
  const { data } = await api.request('GET /repos/{owner}/{repo}', { owner, repo });
  const at = { owner, repo, head, purpose: groupPurpose(base, into) };
  return conduct(app, api, run, at, async (check) => {
    const { range, repository } = await fetchSides(app, task, run, {
      url: data.clone_url,
      sides: { base: { commit: base }, head },
    });
    const folder = repository.directory;
    const judged = await judgeApart(
      { kind: 'fetched', folder, range, pglite: app.sandbox.pglite, others: [] },
      run.signal,
    );
    run.signal.throwIfAborted();
    const notes = notesOf(app, judged);
    await completeCheck(api, at, check, judged.report, { ruleLink: ruleLinks(judged), notes });
  });
}
