import { checksOf } from '../github/check-run.ts';
import type { App } from './app.ts';
import { ofPurpose } from './events.ts';
import { type AppTask, toTask } from './task.ts';

/** Adds everything that a check run of ours on a commit was made for. */
export async function recheckCommit(
  app: App,
  task: Extract<AppTask, { readonly kind: 'commit' }>,
): Promise<'completed'> {
  const { installation, owner, repo, head } = task;
  const checks = await checksOf(app.apiOf(installation), task, app.identity.appId);
  const tasks = checks.flatMap(({ purpose }) => ofPurpose({ installation, owner, repo }, purpose, head));
  const wanted = new Map(tasks.map(toTask).map((one) => [one.key, one]));
  if (wanted.size > 0) await app.queue.add([...wanted.values()]);
  return 'completed';
}
