import { UserError } from '../errors.ts';
import type { Api } from '../github/api.ts';
import { isPartOf, type PullRequest, readPullRequest } from '../github/pull-request.ts';
import type { Run } from '../queue/queue.ts';
import type { OpenChange } from '../read/conflicts/open-change.ts';
import { isNothing } from '../read/conflicts/with-others.ts';
import { forgetPull, type KeptPull, keepPull, readPulls } from '../store/pull-requests.ts';
import type { App } from './app.ts';
import { type JudgedPull, judgePull } from './judge-pull.ts';
import { wordsOf } from './log.ts';
import { type AppTask, type Place, toTask } from './task.ts';

/** Characters of what is kept of a change. */
const MOST_KEPT = 2_000_000;
/** Times that a pull request is judged in one run, where others move meanwhile. */
const MOST_TURNS = 3;

interface Beside extends JudgedPull {
  /** Asks for those to be judged again whose conflicts this head makes or ends; nothing where it was told before. */
  readonly tell: () => Promise<void>;
}

/**
 * Judges a pull request beside the others that go into the same branch, as they were judged last, and keeps it for them. Where
 * the store fails it is judged alone, and says so.
 */
export async function judgeBesideOthers(
  app: App,
  api: Api,
  place: Place,
  run: Run,
  pull: PullRequest,
): Promise<Beside> {
  const repository = nameOf(place);
  let kept: readonly KeptPull[];
  try {
    kept = await readPulls(app.storage, repository);
  } catch (error) {
    return alone(app, await judgePull(app, api, place, run, pull, []), error);
  }
  const contained = new Set<number>();
  for (let turn = 1; ; turn += 1) {
    const others = kept.filter(
      ({ number, base }) => number !== pull.number && base === pull.base.branch && !contained.has(number),
    );
    const former = kept.find(({ number }) => number === pull.number);
    const asOthers = others.map(({ number, change, mergedAs }) => ({
      ...{ pull: number, isMerged: mergedAs !== undefined, change },
    }));
    const one = await judgePull(app, api, place, run, pull, asOthers);
    const { collidesWith } = one.judged;
    const own = toKeep(one.judged.own);
    if (isNothing(own) && !former) return { ...one, tell: async () => {} };
    const isTold = former?.isTold === true && former.head === pull.head && former.base === pull.base.branch;
    const now = {
      ...{ number: pull.number, base: pull.base.branch, head: pull.head },
      change: own,
      collidesWith,
    };
    try {
      const named = others.filter(({ number }) => collidesWith.includes(number));
      const isOver = await refresh(app, api, place, one.judged.report.base, named, contained);
      const after = await keepPull(app.storage, repository, { ...now, isTold });
      const isSame = !isOver && versionsOf(after, pull.number) === versionsOf(kept, pull.number);
      if (isSame || turn === MOST_TURNS)
        return { ...one, tell: () => tellOthers(app, place, { ...now, isTold }, after) };
      kept = after;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return alone(app, one, error);
    }
  }
}

/** Which heads the others have: what they say of this one is not part of it. */
function versionsOf(pulls: readonly KeptPull[], but: number): string {
  return JSON.stringify(
    pulls.flatMap(({ number, head, base, mergedAs }) =>
      number === but ? [] : [[number, head, base, mergedAs]],
    ),
  );
}

function alone({ log }: App, one: JudgedPull, error: unknown): Beside {
  if (!(error instanceof UserError)) throw error;
  log('the store cannot be used', { why: wordsOf(error) });
  const note = 'Not compared with other open pull requests: what was kept of them could not be read.';
  return { ...one, judged: { ...one.judged, notes: [...one.judged.notes, note] }, tell: async () => {} };
}

/**
 * Asks GitHub what became of others that are about to be named; true where one should not be: it is closed, goes elsewhere, or
 * is part of what this one is made on, which `contained` then tells.
 */
async function refresh(
  app: App,
  api: Api,
  place: Place,
  base: string,
  named: readonly KeptPull[],
  contained: Set<number>,
): Promise<boolean> {
  let isOver = false;
  for (const other of named) {
    const { number, mergedAs } = other;
    if (mergedAs !== undefined) {
      if (!(await isPartOf(api, place, mergedAs, base))) continue;
      contained.add(number);
      isOver = true;
      continue;
    }
    const now = await readPullRequest(api, { owner: place.owner, repo: place.repo, number });
    if (!now.isOpen || now.base.branch !== other.base) {
      await forgetOpen(app, nameOf(place), other, now);
      isOver = true;
    } else if (now.head !== other.head) {
      // its own event may be lost or on its way
      const task = toTask({ ...placeOf(place), kind: 'pull request', number });
      if (!(await app.queue.hasOpen(task.key))) await app.queue.add([task]);
    }
  }
  return isOver;
}

async function forgetOpen(app: App, repository: string, kept: KeptPull, now: PullRequest): Promise<void> {
  if (now.mergedAs === undefined) await forgetPull(app.storage, repository, kept.number);
  else
    await keepPull(app.storage, repository, {
      ...kept,
      mergedAs: now.mergedAs,
      collidesWith: [],
      isTold: true,
    });
}

/**
 * A head is told once: so one that is judged again because of another asks for nobody. Those that named it are asked too: what
 * they say may be over.
 */
async function tellOthers(app: App, place: Place, own: KeptPull, kept: readonly KeptPull[]): Promise<void> {
  if (own.isTold) return;
  await askFor(app, place, own, kept);
  await keepPull(app.storage, nameOf(place), { ...own, isTold: true }).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error; // they are asked once more, the next time
    app.log('the store cannot be used', { why: wordsOf(error) });
  });
}

async function askFor(
  app: App,
  place: Place,
  { number, collidesWith }: KeptPull,
  kept: readonly KeptPull[],
): Promise<void> {
  const concerned = kept.filter(
    (other) =>
      other.number !== number &&
      other.mergedAs === undefined &&
      (collidesWith.includes(other.number) || other.collidesWith.includes(number)),
  );
  const tasks = concerned.map((other) =>
    toTask({ ...placeOf(place), kind: 'pull request', number: other.number }),
  );
  if (tasks.length > 0) await app.queue.add(tasks);
}

/** Lets those that named a pull request be judged again once it is closed or merged; of one that was not kept nothing is asked. */
export async function closePull(
  app: App,
  { number, ...place }: Extract<AppTask, { readonly kind: 'closed pull request' }>,
): Promise<'completed'> {
  const repository = nameOf(place);
  const kept = await readPulls(app.storage, repository);
  const own = kept.find((one) => one.number === number);
  if (!own || own.mergedAs !== undefined) return 'completed';
  const now = await readPullRequest(app.apiOf(place.installation), {
    owner: place.owner,
    repo: place.repo,
    number,
  });
  if (now.isOpen) return 'completed';
  await askFor(app, place, own, kept);
  await forgetOpen(app, repository, own, now);
  return 'completed';
}

/** A change that is larger than anybody writes is kept as one that cannot be compared. */
function toKeep(change: OpenChange): OpenChange {
  if (JSON.stringify(change).length <= MOST_KEPT) return change;
  const unknown = 'one of the two is too large to be kept';
  return { chains: change.chains.map((chain) => ({ ...chain, migrations: [], unknown })), uses: [] };
}

function nameOf({ owner, repo }: Place): string {
  return `${owner}/${repo}`.toLowerCase();
}

function placeOf({ installation, owner, repo }: Place): Place {
  return { installation, owner, repo };
}
