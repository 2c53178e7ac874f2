import type { Repository } from '../git/repository.ts';
import { isAncestor } from '../git/revision.ts';
import type { Fate, StoredRun } from './runs.ts';

/**
 * What became of findings that are open. A later run of the same work tells whether one is fixed, or waived by now; work that
 * became part of the default branch was merged with what its last run still had. Work that was squashed or rebased when it was
 * merged is not known again by git, and stays open. `runs` are the newest first.
 */
export async function fatesOf(
  repository: Repository,
  runs: readonly StoredRun[],
  defaultTip: string | undefined,
): Promise<readonly { readonly run: string; readonly fingerprint: string; readonly fate: Fate }[]> {
  const fates: { run: string; fingerprint: string; fate: Fate }[] = [];
  for (const [at, run] of runs.entries()) {
    const open = run.findings.filter(({ fate }) => fate === 'open');
    if (open.length === 0 || !isCommit(run.inputs.head)) continue;
    const later = await latestOfSameWork(repository, run, runs.slice(0, at));
    const merged = defaultTip !== undefined && (await isAncestor(repository, run.inputs.head, defaultTip));
    for (const { fingerprint } of open) {
      const now = later?.findings.find((one) => one.fingerprint === fingerprint);
      const fate =
        later && !now ? 'fixed' : now?.fate === 'waived' ? 'waived' : merged && !now ? 'merged' : undefined;
      if (fate) fates.push({ run: run.id, fingerprint, fate });
    }
  }
  return fates;
}

/** The newest run whose head grew from this one's, while that was not yet part of what it was compared with. */
async function latestOfSameWork(
  repository: Repository,
  { inputs: { head } }: StoredRun,
  later: readonly StoredRun[],
): Promise<StoredRun | undefined> {
  for (const run of later) {
    const { base, head: other } = run.inputs;
    if (!isCommit(other) || !isCommit(base)) continue;
    if (!(await isAncestor(repository, head, other)) || (await isAncestor(repository, head, base))) continue;
    return run;
  }
  return undefined;
}

/** Whether a side of a run is a commit, and not a working tree. */
export function isCommit(name: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(name);
}
