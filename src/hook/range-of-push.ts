import type { Repository } from '../git/repository.ts';
import { defaultBranch, findCommit, findMergeBase } from '../git/revision.ts';
import type { Push } from './pushes.ts';

/** What a push adds to its remote. Without a base the remote has no history to compare with. */
export interface PushedRange {
  readonly base: string | undefined;
  readonly head: string;
  /** None of its commits is a merge. */
  readonly isRow?: true;
}

/**
 * The commits that a push adds, or undefined where it adds none (a deletion, a ref on a commit that the remote has, a tag
 * of something that is no commit). Only what is on this machine is asked: never the network.
 */
export async function rangeOfPush(
  repository: Repository,
  push: Push,
  remote: string,
): Promise<PushedRange | undefined> {
  if (!push.localId) return undefined;
  const straight = push.remoteId ? await straightRange(repository, push.remoteId, push.localId) : undefined;
  if (straight) return straight;
  const head = await findCommit(repository, push.localId);
  if (!head) return undefined;
  const old = push.remoteId ? await findMergeBase(repository, push.remoteId, head) : undefined;
  if (old && old === push.remoteId && !(await hasMerge(repository, old, head)))
    return old === head ? undefined : { base: old, head, isRow: true };
  if (!push.remoteId && (await isOnRemote(repository, remote, head))) return undefined;
  const branch = await branchOfRemote(repository, remote);
  const parted = branch ? await findMergeBase(repository, branch, head) : undefined;
  const base = await later(repository, old, parted);
  return base === head ? undefined : { base, head };
}

/** Commits that one push may add in a row; more are looked at in the long way. */
const ROW = 1_000;

/** The usual push, in one question to git: commits in a row, without a merge, on top of the remote's old end. */
async function straightRange(
  repository: Repository,
  base: string,
  pushed: string,
): Promise<PushedRange | undefined> {
  const asked = ['rev-list', '--parents', '--topo-order', `--max-count=${ROW}`, pushed, `^${base}`, '--'];
  const { code, stdout } = await repository.try(asked);
  if (code !== 0) return undefined;
  const rows = stdout.toString('latin1').split('\n').filter(Boolean);
  const commits = rows.map((row) => row.split(' '));
  const isRow = commits.every(([, parent, other], at) => {
    const next = commits[at + 1]?.[0] ?? base;
    return parent === next && other === undefined;
  });
  const head = commits[0]?.[0];
  return head !== undefined && isRow ? { base, head, isRow } : undefined;
}

/**
 * Of the remote's old end and the place where head left the default branch, the one that makes the smaller change. After
 * a rebase or a merge of the default branch, its own migrations are no news of this push.
 */
async function later(
  repository: Repository,
  old: string | undefined,
  parted: string | undefined,
): Promise<string | undefined> {
  if (!old || !parted) return old ?? parted;
  return (await findMergeBase(repository, old, parted)) === parted ? old : parted;
}

async function hasMerge(repository: Repository, from: string, to: string): Promise<boolean> {
  const { stdout } = await repository.try(['rev-list', '--merges', '-n1', `${from}..${to}`]);
  return stdout.length > 0;
}

async function isOnRemote(repository: Repository, remote: string, commit: string): Promise<boolean> {
  const found = await repository.try([
    'for-each-ref',
    '--count=1',
    `--contains=${commit}`,
    `refs/remotes/${remote}/`,
  ]);
  return found.code === 0 && found.stdout.length > 0;
}

/** Local branches say nothing about the remote: the one that is pushed would be compared with itself. */
async function branchOfRemote(repository: Repository, remote: string): Promise<string | undefined> {
  const branch = await defaultBranch(repository, remote);
  return branch?.startsWith(`refs/remotes/${remote}/`) ? branch : undefined;
}
