import type { Span } from '../change/span.ts';
import type { QualifiedName } from '../schema/name.ts';
import type { Operation } from '../schema/operation.ts';
import type { Dialect } from '../schema/schema.ts';

/** A use of a table by SQL or code. */
export interface TableUse {
  readonly table: QualifiedName;
  readonly op: 'read' | 'insert' | 'update' | 'delete' | 'ddl';
  readonly span: Span;
}

/** One SQL statement: what it says and what of it is understood. */
export interface Statement {
  readonly span: Span;
  /** As written, without the closing semicolon. */
  readonly text: string;
  /** In order; empty when {@link unread}. */
  readonly operations: readonly Operation[];
  /**
   * Tables that it reads, writes or builds on. `ddl` stands for REFERENCES, INHERITS, LIKE, and for ALTER and CREATE INDEX
   * on a table; CREATE, DROP and RENAME of the table itself are operations only.
   */
  readonly uses: readonly TableUse[];
  /** Names of functions that it calls, lower-case, qualified as written. */
  readonly calls: readonly string[];
  /** Read, but (part of) its effect on the schema is not known: the reason, without "not modelled". */
  readonly notModelled?: string;
  /** No parser has seen it whole: a template, a text too long, a file that cannot be read. {@link notModelled} says which. */
  readonly unparsed?: true;
  /** It is code, of which no SQL is known that an engine could run: it may do anything, or work on rows alone. */
  readonly notSql?: 'code' | 'rows';
  /** The span of a stretch of {@link text}, where that does not stand in the file as it is: code puts it together. */
  readonly place?: (start: number, end: number) => Span;
  /** The dialect's parser refuses it: its message. */
  readonly unread?: { readonly message: string; readonly span: Span };
}

/** One SQL file, read. */
export interface SqlSource {
  readonly path: string;
  readonly dialect: Dialect;
  readonly statements: readonly Statement[];
  /** What a directive in the file says of the transaction around it. */
  readonly transactional?: boolean;
  /** Text that is not SQL and was recognised: templates, psql commands, tool directives. */
  readonly notSql: readonly { readonly span: Span; readonly what: string }[];
}
