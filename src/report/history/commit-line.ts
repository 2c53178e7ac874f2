import { plain, shortened } from '../escape.ts';
import type { Paint } from '../paint.ts';
import type { ToldCommit } from './told-history.ts';

/** The day on which a commit got here, its id, the request that brought it, and what it says. */
export function commitLine(commit: ToldCommit, paint: Paint): string {
  if (commit.commit === undefined) return paint(commit.subject, 'bold');
  const day = commit.commitDate?.slice(0, 10) ?? '';
  const request = commit.pullRequest === undefined ? '' : `  #${commit.pullRequest}`;
  const subject = shortened(plain(commit.subject), 72);
  return `${paint(day, 'bold')}  ${shortId(commit.commit)}${request}  ${subject}${paint(writtenNote(commit, day), 'dim')}`;
}

/** The start of a commit id, as far as it is shown. */
export function shortId(commit: string): string {
  return commit.slice(0, 10);
}

/** When it was written, where that was another day, and where a merge brought it. */
function writtenNote({ written, authorDate }: ToldCommit, day: string): string {
  if (written) return `  (written ${dayOf(written.authorDate)} in ${shortId(written.commit)})`;
  const own = authorDate === undefined ? day : dayOf(authorDate);
  return own === day ? '' : `  (written ${own})`;
}

/** The UTC day of a time with an offset. */
function dayOf(time: string): string {
  const found = new Date(time);
  return Number.isNaN(found.getTime()) ? plain(time) : found.toISOString().slice(0, 10);
}
