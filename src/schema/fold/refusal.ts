import type { Span } from '../../change/span.ts';
import type { SchemaError } from '../schema-error.ts';

/** Thrown inside the fold when the engine would refuse; whatever was changed before it is undone. */
export class Refusal extends Error {
  readonly code: SchemaError['code'];
  /** Objects that the refusal is about: a tainted one makes it tainted. */
  readonly about: readonly string[];
  /** `table`: the table that the operation addresses is missing. `object`: what it drops is, or what it makes is there. */
  of: 'table' | 'object' | undefined;
  /** The part of the operation that is refused, where it is smaller than the operation. */
  span: Span | undefined;

  constructor(
    code: SchemaError['code'],
    message: string,
    about: readonly string[],
    of?: 'table' | 'object',
    span?: Span,
  ) {
    super(message);
    this.code = code;
    this.about = about;
    this.of = of;
    this.span = span;
  }
}

/** Does `work` on a part of an operation: a refusal in it is the part's own, and placed at `span` unless it has a place. */
export function at<T>(span: Span, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) {
      error.span ??= span;
      error.of = undefined;
    }
    throw error;
  }
}

/** `cannot drop … because other objects depend on it`, naming the first of them. */
export function stillReferenced(what: string, dependent: string, about: readonly string[]): Refusal {
  const message = `cannot drop ${what} because other objects depend on it: ${dependent}`;
  return new Refusal('still referenced', message, about);
}
