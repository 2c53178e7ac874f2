import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Credential } from '../git/fetch.ts';
import type { Api } from './api.ts';
import type { PullRequest } from './pull-request.ts';
import { type ApiChange, NeedsGit, readByApi } from './read-by-api.ts';
import { fetchChange } from './read-change.ts';
import { shownLines } from './shown-lines.ts';

export interface ReadPlan {
  /** The bare repository that keeps what was fetched before. */
  readonly folder: string;
  readonly credential?: Credential;
  readonly say: (text: string) => void;
}

/**
 * Reads a pull request and does something with it. A small one of a repository that was never fetched comes through the API,
 * so that nobody waits for a whole repository because of one file; where that turns out to be too little, and everywhere
 * else, git fetches it, and `use` begins anew.
 */
export async function withChange<T>(
  api: Api,
  pull: PullRequest,
  { folder, credential, say }: ReadPlan,
  use: (change: ApiChange) => Promise<T>,
): Promise<T> {
  if (!existsSync(join(folder, 'HEAD')))
    try {
      return await use(await readByApi(api, pull));
    } catch (error) {
      if (!(error instanceof NeedsGit)) throw error;
      say(`Fetched by git: ${error.message}.`);
    }
  const { base, head, commits, cloneUrl: url } = pull;
  const sides = { base: { branch: base.branch }, head, commits };
  const fetched = await fetchChange({ folder, url, sides, credential, say });
  return use({ ...fetched, hunksOf: shownLines(fetched.repository, fetched.changeSet) });
}
