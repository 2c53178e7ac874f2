import type { Span } from '../change/span.ts';

/** Why the fold refuses an operation, in the words of the engine: one code a kind of mistake. */
export interface SchemaError {
  readonly code:
    | 'no such table'
    | 'no such column'
    | 'no such constraint'
    | 'no such index'
    | 'no such type'
    | 'no such view'
    | 'no such sequence'
    | 'no such function'
    | 'no such trigger'
    | 'no such schema'
    | 'no such label'
    | 'already exists'
    | 'still referenced'
    | 'second primary key'
    | 'no matching key'
    | 'wrong kind'
    | 'invalid definition';
  /** As the engine would say it: `relation "posts" does not exist`. */
  readonly message: string;
  readonly span: Span;
  /** True where the missing or present object may come from something that is not modelled: the knock-on is not the author's. */
  readonly tainted: boolean;
}
