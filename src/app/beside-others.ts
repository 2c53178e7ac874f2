import { UserError } from '../errors.ts';
import type { Api } from '../github/api.ts';
import { isPartOf, type PullRequest, readPullRequest } from '../github/pull-request.ts';
import type { Run } from '../queue/queue.ts';
import { isNothing } from '../read/conflicts/beside-others.ts';
import type { OpenChange } from '../read/conflicts/open-change.ts';
import { forgetPull, type KeptPull, keepPull, markTold, readPulls } from '../store/pull-requests.ts';
import type { StorageManager } from '../store/storage-manager.ts';
import type { App } from './app.ts';
import { type JudgedPull, judgePull } from './judge-pull.ts';
import { wordsOf } from './log.ts';
import { type AppTask, type Place, toTask } from './task.ts';

/** Characters of what is kept of a change. */
const MOST_KEPT = 2_000_000;
/** Characters of all that one is compared with. */
const MOST_BESIDE = 20_000_000;
/** Times that a pull request is judged in one run, where others move meanwhile. */
const MOST_TURNS = 3;

type Keeping = App & { readonly storage: StorageManager };

function isKeeping(app: App): app is Keeping {
  return app.storage !== undefined;
}

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
  if (!isKeeping(app)) {
    const lone = await judgePull(app, api, place, run, pull, []);
    return withNote(lone, isNothing(lone.judged.own) ? undefined : SEVERAL);
  }
  let kept: readonly KeptPull[];
  try {
    kept = await readPulls(app.storage, repository);
  } catch (error) {
    return alone(app, await judgePull(app, api, place, run, pull, []), error);
  }
  const contained = new Set<number>();
  for (let turn = 1; ; turn += 1) {
    const all = kept.filter(
      ({ number, base }) => number !== pull.number && base === pull.base.branch && !contained.has(number),
    );
    const others = newestOf(all);
    const former = kept.find(({ number }) => number === pull.number);
    const asOthers = others.map(({ number, change, mergedAs }) => ({
      ...{ name: `#${number}`, pull: number, isMerged: mergedAs !== undefined, change },
    }));
    const lone = await judgePull(app, api, place, run, pull, asOthers);
    const own = toKeep(lone.judged.own);
    if (isNothing(own) && !former) return withNote(lone);
    const one = withNote(lone, others.length < all.length ? TOO_MUCH : undefined);
    const { collidesWith } = one.judged;
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
      const isSame = !isOver && versionsOf(after, pull) === versionsOf(kept, pull);
      if (isSame || turn === MOST_TURNS)
        return { ...one, tell: () => tellOthers(app, place, { ...now, isTold }, after) };
      kept = after;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return alone(app, one, error);
    }
  }
}

/** Which heads the others have that go into the same branch: what they say of this one is not part of it. */
function versionsOf(pulls: readonly KeptPull[], { number: own, base: { branch } }: PullRequest): string {
  return JSON.stringify(
    pulls.flatMap(({ number, head, base, mergedAs }) =>
      number === own || base !== branch ? [] : [[number, head, mergedAs]],
    ),
  );
}

/** As many of the newest as are compared. */
function newestOf(pulls: readonly KeptPull[]): readonly KeptPull[] {
  let room = MOST_BESIDE;
  return pulls
    .toSorted((a, b) => b.number - a.number)
    .filter(({ change }) => {
      room -= JSON.stringify(change).length;
      return room >= 0;
    });
}

const UNREADABLE = 'Not compared with other open pull requests: what was kept of them could not be read.';
const SEVERAL = 'Not compared with other open pull requests: the App runs on several machines.';
const TOO_MUCH = 'Not compared with all other open pull requests: together they are too large.';

function alone({ log }: App, one: JudgedPull, error: unknown): Beside {
  if (!(error instanceof UserError)) throw error;
  log('the store cannot be used', { why: wordsOf(error) });
  return withNote(one, UNREADABLE);
}

function withNote({ judged, ...one }: JudgedPull, note?: string): Beside {
  const notes = note === undefined ? judged.notes : [...judged.notes, note];
  return { ...one, judged: { ...judged, notes }, tell: async () => {} };
}

/**
 * Asks GitHub what became of others that are about to be named; true where one should not be: it is closed, goes elsewhere, or
 * is part of what this one is made on, which `contained` then tells.
 */
async function refresh(
  app: Keeping,
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

async function forgetOpen(app: Keeping, repository: string, kept: KeptPull, now: PullRequest): Promise<void> {
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
async function tellOthers(
  app: Keeping,
  place: Place,
  own: KeptPull,
  kept: readonly KeptPull[],
): Promise<void> {
  if (own.isTold) return;
  await askFor(app, place, own, kept);
  await markTold(app.storage, nameOf(place), own).catch((error: unknown) => {
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
  if (!isKeeping(app)) return 'completed';
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
