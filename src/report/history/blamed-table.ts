import type { ObjectKind } from '../../schema/alterations.ts';
import type { ToldCommit, ToldEntry, Uncertain } from './told-history.ts';

/** One part of a table as it stands, and the change that made it so. */
export interface BlamedPart {
  readonly object: ObjectKind;
  readonly name: string;
  /** Its definition as SQL, without its name; empty for a table by itself. */
  readonly definition: string;
  /** Undefined for what the tool brings, such as its own ledger. */
  readonly last?: ToldEntry;
}

/** A table of one chain, part by part. */
export interface BlamedTable {
  readonly chain: string;
  readonly name: string;
  readonly parts: readonly BlamedPart[];
  readonly uncertain: readonly Uncertain[];
}

/** Who last touched each part of a table; without tables, that it did not exist then, and when it did. */
export interface Blame {
  readonly asked: string;
  /** A full commit id, or `working tree`. */
  readonly at: string;
  readonly tables: readonly BlamedTable[];
  /** Where there is no table: when one of the name came, and went. */
  readonly made?: ToldCommit;
  readonly dropped?: ToldCommit;
}
