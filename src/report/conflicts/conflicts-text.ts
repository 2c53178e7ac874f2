import type { Span } from '../../change/span.ts';
import type { Conflict } from '../../read/conflicts/conflict.ts';
import { plain } from '../escape.ts';
import { alterationLines } from '../history/alteration-line.ts';
import type { Paint } from '../paint.ts';
import type { BranchConflicts } from './conflicts-json.ts';

/** Where branches collide, for a terminal; those that do not are counted. */
export function conflictsText(branches: readonly BranchConflicts[], paint: Paint): string {
  const loud = branches.filter(({ chains }) =>
    chains.some(({ conflicts, notJudged }) => conflicts.length > 0 || notJudged !== undefined),
  );
  const blocks = loud.map(({ branch, chains }) =>
    [
      paint(plain(branch.replace(/^refs\/(heads|remotes)\//, '')), 'bold'),
      ...chains.flatMap(({ chain, conflicts, notJudged }) => [
        ...(notJudged === undefined ? [] : [`  ${plain(chain)}: not judged: ${notJudged}`]),
        ...conflicts.flatMap((one) => linesOf(one, paint)).map((line) => `  ${line}`),
      ]),
    ].join('\n'),
  );
  const colliding = branches.filter(({ chains }) => chains.some(({ conflicts }) => conflicts.length > 0));
  const others = branches.length === 1 ? 'other branch' : 'other branches';
  const summary = `${colliding.length} of ${branches.length} ${others} ${colliding.length === 1 ? 'collides' : 'collide'} with this change`;
  return `${[...blocks, summary].join('\n\n')}\n`;
}

function linesOf(conflict: Conflict, paint: Paint): readonly string[] {
  const places = `    ${paint(`ours ${placeOf(conflict.ours)}, theirs ${placeOf(conflict.theirs)}`, 'dim')}`;
  switch (conflict.kind) {
    case 'refused': {
      const what =
        conflict.after === 'ours' ? 'Theirs does not apply after ours' : 'Ours does not apply after theirs';
      return [`${what}: ${plain(conflict.message)}`, places];
    }
    case 'made twice': {
      const { name, same, second } = conflict;
      const whose = same ? 'both say the same of it' : 'each otherwise';
      const then = second === 'refused' ? 'the second is refused' : 'the second is passed over';
      return [`Both make ${plain(name)}, ${whose}: ${then}`, places];
    }
    case 'dropped twice':
      return [`Both drop ${plain(conflict.name)}: the second is refused`, places];
    case 'same number':
      return conflict.ours.path === conflict.theirs.path
        ? [`Both have ${plain(conflict.ours.path)}, each otherwise`]
        : [
            `Both add number ${plain(conflict.number)}: ${plain(conflict.ours.path)} and ${plain(conflict.theirs.path)}`,
          ];
    case 'order matters':
      return [
        'Which comes second decides (ours last, as shown, or theirs):',
        ...alterationLines([conflict.alteration], paint, { withTable: true }).map((line) => `  ${line}`),
        places,
      ];
    case 'used': {
      const { by, name, renamedTo } = conflict;
      const [code, other] = by === 'ours' ? ['Our code', 'theirs'] : ['Their code', 'ours'];
      const fate = renamedTo === undefined ? `${other} drops` : `${other} renames to ${plain(renamedTo)}`;
      return [`${code} begins to use ${plain(name)}, which ${fate}`, places];
    }
  }
}

function placeOf({ path, line }: Span): string {
  return `${plain(path)}:${line}`;
}
