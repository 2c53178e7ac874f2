import { valueAt } from '../action/value-at.ts';
import { checksOf } from '../github/check-run.ts';
import { isForbidden } from '../github/trouble.ts';
import type { App } from './app.ts';
import { Uninstalled } from './identity.ts';
import { wordsOf } from './log.ts';
import { type AppTask, type Place, toTask } from './task.ts';

/** Times that a delivery is asked for again before it is left alone. */
const MOST_ASKED = 3;
/** Milliseconds: GitHub gives deliveries back for so long. */
const KEPT = 3 * 86_400_000;
/** Milliseconds that clocks may differ, and that an event may have been on its way. */
const SLACK = 600_000;
/** Pages of a hundred. */
const MOST_PAGES = 50;

/**
 * Asks GitHub to send again what it could not deliver: it does not do so by itself. One that we know is not asked for, as
 * its answer only came too late; nor one that is younger than `onItsWay` milliseconds.
 */
export function openRedelivery({ identity, queue, log }: App, onItsWay = 15_000) {
  const asked = new Map<string, number>();
  return async (): Promise<void> => {
    const oldest = Date.now() - KEPT;
    const seen = new Set<string>();
    let sent = 0;
    for await (const page of identity.pages('/app/hook/deliveries?status=failure', MOST_PAGES)) {
      for (const delivery of page) {
        const guid = String(valueAt(delivery, 'guid'));
        if (Date.parse(String(valueAt(delivery, 'delivered_at'))) > Date.now() - onItsWay) continue;
        if (seen.has(guid) || (await queue.hasSeen(guid))) continue;
        seen.add(guid);
        const times = asked.get(guid) ?? 0;
        if (times >= MOST_ASKED) continue;
        asked.set(guid, times + 1);
        await identity.post(`/app/hook/deliveries/${Number(valueAt(delivery, 'id'))}/attempts`);
        sent += 1;
      }
      if (page.some((delivery) => Date.parse(String(valueAt(delivery, 'delivered_at'))) < oldest)) break;
    }
    for (const guid of asked.keys()) if (!seen.has(guid)) asked.delete(guid);
    if (sent > 0) log('asked for deliveries again', { deliveries: sent });
  };
}

/**
 * Adds the open pull requests that changed since a moment and whose head has no completed check run of ours. What is older
 * was there before the App, or was judged. `in part`: GitHub did not answer of every installation.
 */
export async function addUnjudged(app: App, since: number): Promise<'done' | 'in part'> {
  let state: 'done' | 'in part' = 'done';
  for await (const page of app.identity.pages('/app/installations', MOST_PAGES))
    for (const installation of page) {
      const id = Number(valueAt(installation, 'id'));
      if (valueAt(installation, 'suspended_at')) continue;
      await addOfInstallation(app, id, since - SLACK).catch((error: unknown) => {
        app.log('an installation could not be looked through', { installation: id, why: wordsOf(error) });
        if (!(error instanceof Uninstalled) && !isForbidden(error)) state = 'in part';
      });
    }
  return state;
}

async function addOfInstallation(app: App, installation: number, since: number): Promise<void> {
  const api = app.apiOf(installation);
  const found: AppTask[] = [];
  const repositories = await api.paginate('GET /installation/repositories', { per_page: 100 });
  for (const { name, owner, archived } of repositories) {
    if (archived) continue;
    const place: Place = { installation, owner: owner.login, repo: name };
    const pulls = await api.request('GET /repos/{owner}/{repo}/pulls', {
      ...{ owner: place.owner, repo: place.repo },
      state: 'open',
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
    });
    for (const { number, updated_at, head } of pulls.data) {
      if (Date.parse(updated_at) < since) continue;
      const task: AppTask = { ...place, kind: 'pull request', number };
      const { key } = toTask(task);
      if (await app.queue.hasOpen(key)) continue;
      const checks = await checksOf(api, { ...place, head: head.sha }, app.identity.appId);
      const isJudged = checks.some(
        ({ purpose, isCompleted }) => isCompleted && purpose.startsWith(`pull request ${number} `),
      );
      if (!isJudged) found.push(task);
    }
  }
  if (found.length === 0) return;
  app.log('pull requests without a check', { installation, pulls: found.length });
  await app.queue.add(found.map(toTask));
}
