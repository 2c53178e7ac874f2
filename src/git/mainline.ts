import { type DiffEntry, parseRaw } from './diff.ts';
import { splitRecords } from './path.ts';
import type { Repository } from './repository.ts';

/** One commit of a first-parent history. */
export interface MainlineCommit {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly author: string;
  /** When it was written, by the author's clock: ISO 8601 with the author's own offset. */
  readonly authorDate: string;
  /** When it got here, by the clock of whoever committed, rebased or merged it; seconds since 1970. */
  readonly commitTime: number;
  /** Subject and body. */
  readonly message: string;
  /** Files that differ from the first parent; a rename is one file less and one more. */
  readonly files: readonly DiffEntry[];
}

const FORMAT = '%x01%H%x1f%P%x1f%an%x1f%aI%x1f%ct%x1f%B';

const LOG = [
  ...['-c', 'log.showRoot=true', '-c', 'log.showSignature=false', '-c', 'log.diffMerges=separate'],
  ...['-c', 'i18n.logOutputEncoding=UTF-8', 'log', '--first-parent', '-m', '--raw', '-z', '--no-abbrev'],
  ...['--no-renames', '--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules=none'],
  `--format=${FORMAT}`,
];

/**
 * The first-parent history of a commit, oldest first: what was on the branch, one state after another, whatever the dates say.
 * A merge stands for all that it brought. `after`: only what came after that commit of it.
 */
export async function readMainline(
  repository: Repository,
  head: string,
  after?: string,
): Promise<Iterable<MainlineCommit>> {
  const since = after === undefined ? [] : [`^${after}`];
  return commitsIn(await repository.run([...LOG, '--reverse', head, ...since]));
}

/** The given commits, each with what it changed against its first parent, in their order. */
export async function readCommits(
  repository: Repository,
  commits: readonly string[],
): Promise<Iterable<MainlineCommit>> {
  const args = [...LOG, '--no-walk=unsorted', '--stdin'];
  return commitsIn(await repository.run(args, `${commits.join('\n')}\n`));
}

/** The ids of a first-parent history, oldest first. */
export async function listMainline(repository: Repository, head: string): Promise<readonly string[]> {
  const output = await repository.run(['rev-list', '--first-parent', '--reverse', head]);
  return output.toString('latin1').trimEnd().split('\n');
}

/** A commit is made when it is its turn: all of them at once are hundreds of megabytes. */
function* commitsIn(output: Buffer): Generator<MainlineCommit> {
  const endOf = (from: number) => (output.indexOf(0, from) + 1 || output.length + 1) - 1;
  const isFile = (at: number) => output[output[at] === LINE_FEED ? at + 1 : at] === COLON;
  for (let at = 0; at < output.length; ) {
    const header = output.toString('utf8', at + 1, endOf(at));
    const start = endOf(at) + 1;
    at = start;
    while (isFile(at)) at = endOf(endOf(at) + 1) + 1; // what changed, and a path, which may hold anything
    const files = splitRecords(output.subarray(output[start] === LINE_FEED ? start + 1 : start, at));
    yield toCommit(header, parseRaw(files));
  }
}

const LINE_FEED = 10;
const COLON = 58;

function toCommit(header: string, files: readonly DiffEntry[]): MainlineCommit {
  const [commit = '', parents = '', author = '', authorDate = '', seconds = '', ...message] =
    header.split('\u001f');
  return {
    ...{ commit, author, authorDate, files },
    parents: parents === '' ? [] : parents.split(' '),
    commitTime: Number(seconds),
    message: message.join('\u001f').trim(),
  };
}

/** A commit by itself: the one that wrote what a merge brought. */
export interface Written {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601 with the author's own offset. */
  readonly authorDate: string;
}

/** The last commit of those that a merge brought that changed a path; undefined where the merge itself wrote it. */
export async function writtenBy(
  repository: Repository,
  merge: Pick<MainlineCommit, 'parents'> & { readonly commit?: string },
  path: string,
): Promise<Written | undefined> {
  const { commit, parents } = merge;
  if (commit === undefined || parents.length < 2) return undefined;
  const format = '--format=%H%x1f%an%x1f%aI';
  const output = await repository.run(['log', '-1', format, commit, `^${parents[0]}`, '--', path]);
  const [written, author = '', authorDate = ''] = output.toString('utf8').trim().split('\u001f');
  return written ? { commit: written, author, authorDate } : undefined;
}
