import type { OtherConflict } from '../read/conflicts/beside-others.ts';
import type { Conflict } from '../read/conflicts/conflict.ts';
import { type AddRow, position } from './schema-rows.ts';

/** Rows of the schema `others`. */
export function addOtherRows(others: readonly OtherConflict[], add: AddRow): void {
  for (const { name, pull = null, isMerged, chain, conflict } of others) {
    const { kind, ours, theirs } = conflict;
    const about = aboutOf(conflict);
    add('others.conflicts', [
      ...[chain, name, pull, isMerged, kind, about.name, about.whose ?? null],
      ...[about.isSame ?? null, about.isPassedOver ?? null, about.detail ?? null, about.definitions ?? null],
      ...[theirs.path, theirs.line, ...position(ours)],
    ]);
  }
}

interface About {
  readonly name: string;
  readonly whose?: 'ours' | 'theirs';
  readonly isSame?: boolean;
  readonly isPassedOver?: boolean;
  readonly detail?: string;
  readonly definitions?: readonly string[];
}

function aboutOf(conflict: Conflict): About {
  switch (conflict.kind) {
    case 'refused':
      return {
        name: conflict.message,
        whose: conflict.after === 'ours' ? 'theirs' : 'ours',
        detail: conflict.message,
      };
    case 'made twice':
      return {
        name: conflict.name,
        isSame: conflict.same,
        isPassedOver: conflict.second === 'passed over',
      };
    case 'dropped twice':
      return { name: conflict.name };
    case 'order matters': {
      const { object, table, name, before = 'nothing', after = 'nothing' } = conflict.alteration;
      const full = object === 'table' || table === undefined ? name : `${table}.${name}`;
      return { name: full, definitions: [after, before] };
    }
    case 'same number':
      return { name: conflict.number };
    case 'used': {
      const { name, by, renamedTo } = conflict;
      return { name, whose: by, ...(renamedTo === undefined ? {} : { detail: renamedTo }) };
    }
  }
}
