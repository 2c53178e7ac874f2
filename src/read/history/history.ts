import type { Alteration } from '../../schema/alterations.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { ChainTool } from '../chain.ts';

/** A commit of the first-parent history that changed a schema. */
export interface HistoryCommit {
  /** Undefined: what the working tree has and no commit yet. */
  readonly commit?: string;
  readonly parents: readonly string[];
  readonly author?: string;
  /** ISO 8601 with the author's own offset. */
  readonly authorDate?: string;
  /** When it got into this history; ISO 8601 in UTC, by the committer's clock. */
  readonly commitDate?: string;
  readonly subject: string;
  /** Where the message names the pull, or merge, request that brought it. */
  readonly pullRequest?: number;
}

/** What one commit made of one object. */
export interface HistoryEntry extends Alteration {
  /** The place of its commit among the history's. */
  readonly at: number;
  /** The place of its chain among the history's. */
  readonly chain: number;
  /** The file that did it; the span lies in it. */
  readonly migration: string;
  /** The commit edited, moved or removed migrations that were there: what parts the schemas before and after, not what ran. */
  readonly rewritten?: true;
}

/** A chain as it was known while it lasted. */
export interface HistoryChain {
  /** Its last id. */
  readonly id: string;
  readonly tool: ChainTool;
  readonly dialect: Dialect;
  /** The place of the commit with which it came. */
  readonly from: number;
  /** The place of the commit with which it went; undefined while it is there. */
  readonly until?: number;
}

/** How the schemas of a repository came about, oldest first. Plain data. */
export interface History {
  readonly commits: readonly HistoryCommit[];
  readonly chains: readonly HistoryChain[];
  readonly entries: readonly HistoryEntry[];
}
