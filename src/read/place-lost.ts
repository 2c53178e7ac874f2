import type { Tree } from '../change/change-set.ts';
import { matchLines } from '../change/match-lines.ts';
import { lineStarts, type Span } from '../change/span.ts';
import type { Applied } from '../schema/applied.ts';
import type { Chain } from './chain.ts';

/**
 * Places what a rewritten chain lost in head's files: on the line that now stands where base had it. What stood in a file that
 * head does not have keeps base's place: no line of head is its own.
 */
export async function placeLost(
  lost: readonly Applied[],
  base: Chain,
  head: Chain,
  trees: { readonly base: Tree; readonly head: Tree },
): Promise<readonly Applied[]> {
  const names = new Map(base.migrations.map((file) => [file.path, file.name]));
  const paths = new Map(head.migrations.map((file) => [file.name, file.path]));
  const headPath = (path: string) => paths.get(names.get(path) ?? '');
  const was = [...new Set(lost.map((one) => one.operation.span.path))].filter((path) => headPath(path));
  const before = await trees.base.read(was);
  const after = await trees.head.read(was.flatMap((path) => headPath(path) ?? []));
  const moves = new Map(
    was.map((path) => [
      path,
      lineMover(before.get(path)?.text ?? '', after.get(headPath(path) ?? '')?.text ?? ''),
    ]),
  );
  return lost.map((applied) => {
    const { span } = applied.operation;
    const path = headPath(span.path);
    const line = moves.get(span.path)?.(span.line);
    if (path === undefined || line === undefined) return applied;
    const now: Span = { path, line, column: 1, endLine: line, endColumn: 1 };
    return { ...applied, operation: { ...applied.operation, span: now } };
  });
}

/** For a line of the one text, the line of the other that is it, or that stands where it stood. Both 1-based. */
function lineMover(base: string, head: string): (line: number) => number {
  const [a, b] = [linesOf(base), linesOf(head)];
  const partners = matchLines(a, b);
  const last = Math.max(b.length - 1, 0);
  return (line) => {
    const at = line - 1;
    let above = at;
    while (above >= 0 && (partners[above] ?? -1) < 0) above--;
    let below = at;
    while (below < a.length && (partners[below] ?? -1) < 0) below++;
    const before = above < 0 ? -1 : (partners[above] ?? -1);
    const after = below < a.length ? (partners[below] ?? last) : last;
    return Math.min(before + at - above, after) + 1;
  };
}

function linesOf(text: string): readonly string[] {
  const starts = lineStarts(text);
  return starts.map((start, i) => text.slice(start, starts[i + 1]).replace(/[\r\n]+$/, ''));
}
