import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Sides } from '../github/open-range.ts';
import { type FetchedChange, fetchChange } from '../github/read-change.ts';
import type { Run } from '../queue/queue.ts';
import type { App } from './app.ts';
import { Fetching } from './conduct.ts';
import type { Place } from './task.ts';

/** Attempts after which a mirror is no longer trusted: a machine that stopped may have left locks in it. */
const TRUSTED = 2;

/** Where a repository's commits are kept; nothing is there before the first fetch. */
export function mirrorOf({ mirrors }: App, { owner, repo }: Place): string {
  return join(mirrors, owner.toLowerCase(), `${repo.toLowerCase()}.git`);
}

/** Fetches both sides of a change into the repository's mirror; with a new token where GitHub no longer takes the old one. */
export async function fetchSides(
  app: App,
  place: Place,
  run: Run,
  { url, sides }: { readonly url: string; readonly sides: Sides },
): Promise<FetchedChange> {
  const folder = mirrorOf(app, place);
  if (run.attempt > TRUSTED) await rm(folder, { recursive: true, force: true });
  const fetchWith = async (isOver: boolean) => {
    const credential = await app.credentialOf(place.installation, url, isOver);
    return fetchChange({ folder, url, sides, credential, say: () => {} });
  };
  try {
    const fetched = await fetchWith(false).catch((error: unknown) => {
      if (error instanceof UserError && /authentication|could not read Username|40[13]/i.test(error.message))
        return fetchWith(true);
      throw error;
    });
    const now = new Date();
    await utimes(folder, now, now); // mirrors that are not used for long are removed
    return fetched;
  } catch (error) {
    throw error instanceof UserError ? new Fetching(error) : error;
  }
}
