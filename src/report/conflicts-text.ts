import type { ChainConflicts, Conflict } from '../read/conflicts.ts';
import { count } from './count.ts';
import { plain } from './escape.ts';
import { alterationLines } from './history/alteration-line.ts';
import type { Paint } from './paint.ts';

/** What was found between this change and one other branch. */
export interface BranchConflicts {
  readonly branch: string;
  readonly chains: readonly ChainConflicts[];
}

/** Where branches collide, for a terminal; those that do not are counted. */
export function conflictsText(branches: readonly BranchConflicts[], paint: Paint): string {
  const loud = branches.filter(({ chains }) =>
    chains.some(({ conflicts, notJudged }) => conflicts.length > 0 || notJudged !== undefined),
  );
  const blocks = loud.map(({ branch, chains }) =>
    [
      paint(plain(branch), 'bold'),
      ...chains.flatMap(({ chain, conflicts, notJudged }) => [
        ...(notJudged === undefined ? [] : [`  ${plain(chain)}: not judged: ${notJudged}`]),
        ...conflicts.flatMap((one) => linesOf(one, paint)).map((line) => `  ${line}`),
      ]),
    ].join('\n'),
  );
  const colliding = branches.filter(({ chains }) => chains.some(({ conflicts }) => conflicts.length > 0));
  const summary = `${colliding.length} of ${count(branches.length, 'other branch')} ${colliding.length === 1 ? 'collides' : 'collide'} with this change in migrations; what code expects is not compared`;
  return `${[...blocks, summary.replace('branchs', 'branches')].join('\n\n')}\n`;
}

function linesOf(conflict: Conflict, paint: Paint): readonly string[] {
  switch (conflict.kind) {
    case 'refused': {
      const what =
        conflict.after === 'ours' ? 'Theirs does not apply after ours' : 'Ours does not apply after theirs';
      return [`${what}: ${plain(conflict.message)}  ${placeOf(conflict.span, paint)}`];
    }
    case 'made twice': {
      const whose =
        conflict.after === 'ours' ? 'theirs is passed over after ours' : 'ours is passed over after theirs';
      return [`Both make ${plain(conflict.name)}: ${whose}  ${placeOf(conflict.span, paint)}`];
    }
    case 'same number':
      return conflict.ours === conflict.theirs
        ? [`Both have ${plain(conflict.ours)}, each otherwise`]
        : [
            `Both add number ${plain(conflict.number)}: ${plain(conflict.ours)} and ${plain(conflict.theirs)}`,
          ];
    case 'order matters':
      return [
        'Which comes second decides (ours last, as shown, or theirs):',
        ...alterationLines([conflict.alteration], paint, { withTable: true }).map((line) => `  ${line}`),
      ];
  }
}

function placeOf({ path, line }: { readonly path: string; readonly line: number }, paint: Paint): string {
  return paint(`${plain(path)}:${line}`, 'dim');
}
