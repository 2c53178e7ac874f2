import type { ChangedFile, ChangeSet, FileText, Tree, TreeEntry } from '../change/change-set.ts';
import { once } from '../change/commit-tree.ts';
import { changeSetOf } from '../change/compare-trees.ts';
import type { Range } from '../github/open-range.ts';
import type { ApiChange } from '../github/read-by-api.ts';

type Side = 'base' | 'head' | 'tip';

/** What the process that judges asks of its parent: all entries of a side, or texts at paths. */
interface Question {
  readonly id: number;
  readonly side: Side;
  readonly paths?: readonly string[];
}

interface Answer {
  readonly id: number;
  readonly value: ReadonlyMap<string, TreeEntry> | ReadonlyMap<string, FileText>;
}

/** A change of which the process that judges knows names only. */
export interface ServedChange {
  readonly range: Range;
  readonly files: readonly ChangedFile[];
}

/** A process that was started with a channel. */
interface Child {
  readonly connected: boolean;
  on(event: 'message', heard: (question: Question) => void): unknown;
  send(answer: Answer, done: () => void): boolean;
}

/** Answers what a child asks about a change; `failed` is told once where that cannot be read. */
export function serveChange(
  child: Child,
  { changeSet: { base, head }, setupTree: tip }: ApiChange,
  failed: (error: unknown) => void,
): void {
  const trees = { base, head, tip };
  // the child reads what strangers wrote: a message of another form is its trouble and not ours
  const answer = async ({ id, side, paths }: Question): Promise<void> => {
    const tree = trees[side];
    const value = await (paths ? tree.read(paths) : tree.entries());
    // with a callback trouble with a process that has ended is nobody's
    if (child.connected) child.send({ id, value }, () => {});
  };
  child.on('message', (question) => void answer(question).catch(failed));
}

/** The child's side: a change whose trees ask the parent. */
export function openServed({ range, files }: ServedChange): {
  readonly changeSet: ChangeSet;
  readonly setupTree: Tree;
} {
  const open = new Map<number, (value: never) => void>();
  process.on('message', ({ id, value }: Answer) => {
    open.get(id)?.(value as never);
    open.delete(id);
  });
  let last = 0;
  const ask = <T>(side: Side, paths?: readonly string[]) =>
    new Promise<T>((done) => {
      last += 1;
      open.set(last, done as (value: never) => void);
      process.send?.({ id: last, side, ...(paths ? { paths } : {}) } satisfies Question);
    });
  const tree = (side: Side, name: string): Tree => ({
    name,
    entries: once(() => ask<ReadonlyMap<string, TreeEntry>>(side)),
    read: (paths) => ask<ReadonlyMap<string, FileText>>(side, [...paths]),
  });
  return {
    changeSet: changeSetOf(tree('base', range.base), tree('head', range.head), files),
    setupTree: tree('tip', range.tip),
  };
}
