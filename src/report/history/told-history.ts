import type { HistoryChain, HistoryCommit, HistoryEntry } from '../../read/history/history.ts';

/** A commit of a history, and of a merge the commit that wrote the change. */
export interface ToldCommit extends HistoryCommit {
  readonly written?: { readonly commit: string; readonly author: string; readonly authorDate: string };
}

/** One change of an object with the commit that brought it. */
export interface ToldEntry {
  readonly commit: ToldCommit;
  readonly entry: HistoryEntry;
}

/** A statement that names an object and whose effect is not known. */
export interface Uncertain {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
}

/** What one chain tells of the object that was asked for, oldest first. */
export interface ToldChain {
  readonly chain: HistoryChain;
  readonly entries: readonly ToldEntry[];
  readonly uncertain: readonly Uncertain[];
}

/** An answer about an object. */
export interface ToldHistory {
  /** The object, as it was asked for. */
  readonly asked: string;
  /** A full commit id, or `working tree`. */
  readonly at: string;
  readonly chains: readonly ToldChain[];
  /** Every chain that was looked at. */
  readonly searched: readonly string[];
  /** A name that is close to the one that was asked for, where that is unknown. */
  readonly near?: string;
  /** Why the history may be longer than what is told: a shallow clone. */
  readonly cutOff?: string;
}
