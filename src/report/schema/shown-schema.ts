import type { Span } from '../../change/span.ts';
import type { Schema } from '../../schema/schema.ts';

/** A chain's schema at one revision, as it is shown. */
export interface ShownSchema {
  /** What the revision is called: a full commit id, `working tree`. */
  readonly at: string;
  readonly tool: string;
  readonly schema: Schema;
  /** The text that a span covers, for what the schema keeps no more of than its place: bodies of functions, triggers. */
  readonly textOf: (span: Span) => string | undefined;
}
