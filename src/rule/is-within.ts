import type { Span } from '../change/span.ts';

/** Whether a span lies in another one of the same file. */
export function isWithin(one: Span, other: Span): boolean {
  const after = one.line > other.line || (one.line === other.line && one.column >= other.column);
  const before =
    one.endLine < other.endLine || (one.endLine === other.endLine && one.endColumn <= other.endColumn);
  return one.path === other.path && after && before;
}
