import type { ChangeSet } from '../change/change-set.ts';
import type { Finding } from '../finding/finding.ts';
import type { Judged } from '../finding/judge.ts';
import { decide } from '../prove/decide.ts';
import type { Proof } from '../prove/verdict.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { ReadChange } from '../read/read-change.ts';
import type { NotJudged } from '../rule/select.ts';
import type { ChainLine, Report } from './report.ts';
import { schemaChange } from './schema-change.ts';

/** From which severity on a finding fails the check. */
export type FailLevel = 'error' | 'warning' | 'never';

/** Puts together what one check has to say. */
export function toReport(
  changeSet: ChangeSet,
  read: ReadChange,
  { proofs, kept, waived, dismissed, notJudged }: Judged,
  failOn: FailLevel,
  timings: Report['timings'],
): Report {
  const changed = read.chains.filter((chain) => chain.kind !== 'same');
  return {
    version: process.env.TABLEWARDEN_VERSION ?? 'source',
    base: changeSet.base.name,
    head: changeSet.head.name,
    chains: changed.map(toLine),
    changes: changed.map(schemaChange),
    findings: kept,
    waived,
    dismissed,
    proof: proofs,
    coverage: { ...read.coverage, ...(read.profile ? { profiles: read.profile.files } : {}) },
    notJudged: notJudged.map(({ rule, reason, places }) => ({ rule, reason, ...(places ? { places } : {}) })),
    conclusion: conclude(kept, read, proofs, notJudged, failOn),
    timings,
  };
}

/** A finding at the fail level fails; what was not read, a proof that died or cannot tell, or rules that were lost leave the check neutral. */
function conclude(
  findings: readonly Finding[],
  read: ReadChange,
  proof: readonly Proof[],
  notJudged: readonly NotJudged[],
  failOn: FailLevel,
): Report['conclusion'] {
  const fails = failOn === 'error' ? ['error'] : failOn === 'warning' ? ['error', 'warning'] : [];
  if (findings.some((finding) => fails.includes(finding.severity))) return 'failure';
  const unread = read.coverage.notAnalysed.some((part) => part.kind === 'unread');
  const died = decide(proof).some(({ migration }) => migration.died || migration.elsewhere);
  const isOpen = proof.some(
    ({ lowered, migrations }) => !lowered && migrations.some(({ elsewhere }) => elsewhere),
  );
  return unread || died || isOpen || notJudged.some(({ lost }) => lost) ? 'neutral' : 'success';
}

function toLine(chain: ChainChange): ChainLine {
  const { id, added, head, base } = chain;
  const some = head ?? base;
  return {
    id,
    tool: some?.tool ?? '',
    dialect: some?.dialect ?? '',
    dialectReason: some?.dialectReason ?? '',
    dialectGuessed: some?.dialectGuessed ?? false,
    migrations: head?.migrations.length ?? 0,
    newMigrations: added.length,
    notes: notesOf(chain),
  };
}

/** A file that is meant to be edited, and code that migrations import, change without one of them being edited. */
function whatWasRewritten({ edited }: ChainChange): string {
  if (edited.length === 0) return 'what its migrations are written in, or import, was changed in place';
  return edited.length === 1
    ? '1 of its former migrations was edited, moved or dropped'
    : `${edited.length} of its former migrations were edited, moved or dropped`;
}

function notesOf(chain: ChainChange): readonly string[] {
  const notes: string[] = [];
  if (chain.kind === 'removed') notes.push('the change removes this chain: nothing in it was judged');
  if (chain.baseline)
    notes.push('a new chain that starts with a baseline: judged as a whole only with --all');
  if (chain.kind === 'rewritten')
    notes.push(`${whatWasRewritten(chain)}: the schemas before and after were compared`);
  for (const { path, reason } of chain.head?.leftOut ?? []) notes.push(`${path} is left out: ${reason}`);
  return notes;
}
