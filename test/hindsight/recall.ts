import type { Claimed } from './claimed.ts';

/** Something that a project added by a migration of its own after its table had been in use: it was missing before. */
export interface Case {
  readonly repo: string;
  readonly kind: string;
  readonly table: string;
  readonly table_at_intro: string;
  readonly columns: readonly string[];
  readonly columns_at_intro: readonly string[];
  readonly index_columns?: readonly string[] | null;
  /** Number of the migration that launched it without, from 1. */
  readonly intro_n: number;
  /** Number of the migration that made up for it. */
  readonly fixed_n: number;
}

/** `caught`: asked for in the migration that launched it; `loose`: likewise, as an index of the other kind; `late`: asked for between. */
export type Fate = 'caught' | 'loose' | 'late' | 'missed';

const RANK: readonly Fate[] = ['missed', 'late', 'loose', 'caught'];
const INDEXES = ['fk_index', 'other_index'];

/** What became of a case, given everything that was said over its repository's history. */
export function fateOf(one: Case, said: readonly Claimed[]): Fate {
  const tables = [one.table, one.table_at_intro].map(bare);
  const leading = leadingColumns(one);
  let fate: Fate = 'missed';
  for (const claim of said) {
    if (!tables.includes(bare(claim.table)) || !leading.includes(bare(claim.columns[0] ?? ''))) continue;
    const isSame = claim.kind === one.kind;
    if (!isSame && !(INDEXES.includes(claim.kind) && INDEXES.includes(one.kind))) continue;
    const found = when(one, claim.step, isSame);
    if (RANK.indexOf(found) > RANK.indexOf(fate)) fate = found;
  }
  return fate;
}

function when(one: Case, step: number, isSame: boolean): Fate {
  if (step === one.intro_n) return isSame ? 'caught' : 'loose';
  return step > one.intro_n && step < one.fixed_n ? 'late' : 'missed';
}

/** The columns of which one has to come first: of an index its own first one, of a constraint any. */
function leadingColumns(one: Case): readonly string[] {
  if (one.kind !== 'other_index') return [...one.columns, ...one.columns_at_intro].map(bare);
  return [one.index_columns?.[0], one.columns_at_intro[0]].flatMap((name) => (name ? [bare(name)] : []));
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll('"', '').split('.').at(-1) ?? '';
}
