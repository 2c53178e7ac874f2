import type { Span } from '../../change/span.ts';
import type { QualifiedName } from '../../schema/name.ts';

/** What a document says of a table. */
export interface DescribedTable {
  readonly name: QualifiedName;
  readonly columns: readonly DescribedColumn[];
  /** It is said column by column in SQL, so that what is not there is meant not to be. */
  readonly isDefinition?: boolean;
  readonly span: Span;
}

/** A column as a document names it. */
export interface DescribedColumn {
  readonly name: string;
  /** As written, where a type is. */
  readonly type?: string;
  readonly span: Span;
}

/** Something that a document says and the schema does not, or that it leaves out. */
export interface DocumentDifference {
  readonly document: string;
  readonly chain: string;
  readonly tableId?: number;
  /** As people say it. */
  readonly table: string;
  readonly columns: readonly string[];
  /** What the document does: `lacks column note`. */
  readonly says: string;
  /** What writes it anew, where a command does. */
  readonly command?: string;
  readonly span: Span;
}
