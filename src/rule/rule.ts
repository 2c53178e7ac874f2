import type { Span } from '../change/span.ts';
import type { ExactPlan } from '../prove/exact.ts';
import type { Dialect } from '../schema/schema.ts';
import type { Load } from './load.ts';
import type { Needs } from './way.ts';

export type Severity = 'error' | 'warning' | 'note';

/** A rule as its page says it. */
export interface Rule {
  /** File name of the page without `.md`. */
  readonly id: string;
  /** The page's path, for errors about it. */
  readonly path: string;
  /** True for a page of the user's own. */
  readonly own: boolean;
  readonly severity: Severity | 'off';
  readonly reads: 'state' | 'change' | 'run';
  readonly code: 'none' | 'touched' | 'all';
  /** What the user is asked for: rules that ask for the same thing for a column of a table say it once. */
  readonly asks?: 'index' | 'foreign key' | 'unique';
  /** `file`: all that it has to say of one file is one finding; `notes`: all of its notes. */
  readonly once?: 'file' | 'notes';
  /**
   * `execution`: how a change is carried out, its locks and what becomes of the rows that are there, and not the schema that it
   * leaves. Nothing is told of a file that holds a whole schema: its change is carried out by statements that stand elsewhere.
   */
  readonly judges?: 'execution';
  /** Empty: all. */
  readonly dialects: readonly Dialect[];
  readonly title: string;
  /** First paragraph: the consequence. */
  readonly summary: string;
  /** Message template: `{value}` and `{value:list}`. */
  readonly message: string;
  /** SELECT of a state or change rule. */
  readonly query?: string;
  /** Line of the page on which the query starts. */
  readonly queryLine?: number;
  /** What the query cannot do without, where that was looked for. */
  readonly needs?: Needs;
  readonly trial?: { readonly expect: 'fails' | 'succeeds' | 'scans' | 'rewrites' | 'index' };
  /** The safe way: the first block whose words fit the chain's dialect or tool is shown. */
  readonly instead: readonly {
    readonly language: string;
    readonly for: readonly string[];
    readonly text: string;
    /** `instead after`: put right after the statement that is spoken of, as it stands, it mends it. */
    readonly follows?: boolean;
  }[];
  readonly flagged: readonly Example[];
  readonly accepted: readonly Example[];
}

/** One pull request of a page's Flagged or Accepted section. */
export interface Example {
  readonly title: string;
  readonly files: readonly ExampleFile[];
  /** Configuration at base: the text of a `yaml tablewarden.yml` block. */
  readonly config?: string;
  /** Findings that no line of the change carries: lines of prose `In the summary: rule-id "message"`. */
  readonly summary: readonly { readonly rule: string; readonly message?: string }[];
}

export interface ExampleFile {
  readonly path: string;
  readonly renamedFrom?: string;
  /** Only `base`: deleted by the change; only `head`: added; the same in both: unchanged. Text without its caret comments. */
  readonly base?: string;
  readonly head?: string;
  /** Its text in another open pull request. */
  readonly other?: string;
  readonly expected: readonly {
    readonly rule: string;
    readonly line: number;
    readonly column: number;
    readonly message?: string;
  }[];
}

/** What a rule's query returned, or what the line itself claims for a `run` page. */
export interface Claim {
  readonly rule: string;
  readonly severity: Severity;
  readonly span: Span;
  readonly chain?: string;
  readonly tableId?: number;
  readonly relatedTableId?: number;
  readonly columns?: readonly string[];
  readonly object?: string;
  /** Name of the table, for people. */
  readonly table?: string;
  /** The message as template and values: renderers escape the values for their format. */
  readonly message: string;
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly evidence?: {
    readonly kind: 'read' | 'proved';
    readonly engine?: string;
    readonly text: string;
    readonly plan?: ExactPlan;
  };
  readonly trial?: Trial;
  /** What a profile says of it. */
  readonly load?: Load;
}

/**
 * How a claim is tried: a statement on the schema before or after the change (`otherwise`: the one in its place where an engine
 * cannot plan that), or the change's own as it ran on rows.
 */
export type Trial = { readonly expect: NonNullable<Rule['trial']>['expect'] } & (
  | { readonly on: 'base' | 'head'; readonly statement: string; readonly otherwise?: string }
  | { readonly on: 'change' }
);
