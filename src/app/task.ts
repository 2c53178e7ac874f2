import type { Plain, Task } from '../queue/queue.ts';

/** A repository that the App is installed in. */
export interface Place {
  readonly installation: number;
  readonly owner: string;
  readonly repo: string;
}

/**
 * What the App does. A pull request is only named: its head and base are those that it has when the task is done. A merge
 * group is a commit that never changes.
 */
export type AppTask = Place &
  (
    | { readonly kind: 'pull request'; readonly number: number }
    /** One that may have been judged, and may have been named by others. */
    | { readonly kind: 'closed pull request'; readonly number: number }
    | {
        readonly kind: 'merge group';
        readonly head: string;
        readonly base: string;
        readonly into: string;
      }
    /** Everything that has a check run of ours on a commit. */
    | { readonly kind: 'commit'; readonly head: string }
    | {
        readonly kind: 'command';
        readonly number: number;
        readonly comment: number;
        readonly author: string;
        readonly line: string;
      }
  );

/** A task as the queue keeps it. Installations take turns. */
export function toTask(task: AppTask): Task {
  return { key: keyOf(task), lane: String(task.installation), payload: { ...task } as Plain }; // strings and numbers
}

/** What the queue kept. */
export function ofTask({ payload }: Task): AppTask {
  return payload as unknown as AppTask; // as `toTask` wrote it
}

/** Tasks with one key stand for each other. */
function keyOf(task: AppTask): string {
  const where = `${task.owner}/${task.repo}`.toLowerCase();
  switch (task.kind) {
    case 'pull request':
      return `${where}#${task.number}`;
    case 'closed pull request':
      return `${where}#${task.number} closed`;
    case 'command':
      return `${where}#${task.number} comment ${task.comment}`;
    default:
      return `${where}@${task.head} ${task.kind}`;
  }
}
