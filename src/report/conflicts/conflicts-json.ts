import type { Span } from '../../change/span.ts';
import type { Conflict } from '../../read/conflicts/conflict.ts';
import type { ChainConflicts } from '../../read/conflicts/find-conflicts.ts';
import { alterationJson } from '../history/alteration-json.ts';

/** What was found between this change and one other branch. */
export interface BranchConflicts {
  readonly branch: string;
  readonly chains: readonly ChainConflicts[];
}

/** The conflicts as JSON: `conflicts.schema.json` describes it. */
export function conflictsJson(head: string, branches: readonly BranchConflicts[]): string {
  const document = {
    head,
    branches: branches.map(({ branch, chains }) => ({
      branch,
      chains: chains.map((chain) => ({ ...chain, conflicts: chain.conflicts.map(conflictJson) })),
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function conflictJson({ ours, theirs, ...conflict }: Conflict) {
  const about =
    conflict.kind === 'order matters'
      ? { kind: conflict.kind, change: alterationJson(conflict.alteration) }
      : conflict;
  return { ...about, ours: placeJson(ours), theirs: placeJson(theirs) };
}

function placeJson({ path, line, endLine }: Span) {
  return { path, line, endLine };
}
