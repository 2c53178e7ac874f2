import type { Span } from '../change/span.ts';
import type { ExactPlan } from '../prove/exact.ts';

import type { Load } from '../rule/load.ts';
import type { Severity } from '../rule/rule.ts';

/** What a finding is about. */
interface Subject {
  readonly table?: string;
  readonly columns?: readonly string[];
  /** Constraint, index, migration or file that it concerns. */
  readonly name?: string;
}

/** What stands behind a finding: it was read, or proved by running it. */
interface Evidence {
  readonly kind: 'read' | 'proved';
  readonly engine?: string;
  readonly text: string;
  /** Where plans with an index and without one were compared. */
  readonly plan?: ExactPlan;
}

/** Of most findings: they follow from the text of the change, and no database was asked. */
export const UNTRIED: Evidence = { kind: 'read', text: 'in the change, not tried' };

/** A claim that is new, fingerprinted and placed. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** Undefined line: the finding belongs to the summary, not to a line of the change. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly chain?: string;
  readonly subject: Subject;
  /** What else of the file the message names, where a rule speaks once a file. */
  readonly also?: readonly Subject[];
  readonly evidence: Evidence;
  readonly fingerprint: string;
  /** Where it was said before it was placed on a line of the change. */
  readonly was?: Span;
  /** The safe way, as text to paste, in the language named. */
  readonly instead?: { readonly language: string; readonly text: string };
  /** What makes the change right on the spot: these lines, both ends included, with this text in their place. */
  readonly edit?: { readonly line: number; readonly endLine: number; readonly text: string };
  /** What a profile says of it: of equals, the one that costs the most comes first. */
  readonly load?: Load;
  /** True where no line of the change could carry it. */
  readonly inSummary: boolean;
}

/** A finding that a comment of the change or of the code allows. */
export interface WaivedFinding extends Finding {
  readonly because: string;
  readonly until?: string;
}
