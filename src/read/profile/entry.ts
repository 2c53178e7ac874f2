import type { QualifiedName } from '../../schema/name.ts';
import type { ProfileSource, Scan } from './profile.ts';

/** A statement and what its calls cost together. */
export interface StatementEntry {
  readonly text: string;
  readonly calls: number;
  readonly milliseconds?: number;
  readonly rows?: number;
}

/** What a plan does with one table. */
export interface ScanEntry extends Scan {
  readonly table: QualifiedName;
  readonly alias?: string;
  /** By which it picks rows, as SQL. */
  readonly condition?: string;
  readonly milliseconds?: number;
}

/** The counters of one table. */
interface TableEntry {
  readonly table: QualifiedName;
  readonly liveRows?: number;
  readonly wholeScans?: number;
  readonly wholeRows?: number;
}

/** The counters of one index. */
interface IndexEntry {
  readonly table: QualifiedName;
  readonly index: string;
  readonly scans: number;
}

/** What one file lists, before any schema is asked. */
export interface Entries {
  readonly source: ProfileSource;
  readonly statements: readonly StatementEntry[];
  readonly scans: readonly ScanEntry[];
  readonly tables: readonly TableEntry[];
  readonly indexes: readonly IndexEntry[];
  /** Of what it lists, how much hides its text from the one who exported it. */
  readonly hidden: number;
}

/** A file that lists nothing yet. */
export function noEntries(source: ProfileSource): Entries {
  return { source, statements: [], scans: [], tables: [], indexes: [], hidden: 0 };
}
