import type { Span } from '../change/span.ts';
import { type Decision, decide } from '../prove/decide.ts';
import type { MigrationVerdict, Proof } from '../prove/verdict.ts';
import type { Coverage } from '../read/coverage.ts';
import type { LostInMerge } from '../read/merges/lost-in-merges.ts';
import type { ReadChange } from '../read/read-change.ts';
import { claimOf, type Severities } from './claim.ts';
import type { Claim, Rule } from './rule.ts';

/** What the line itself has to say, for the page of that name: a claim before the page gives it severity and message. */
export interface LineClaim {
  readonly rule: string;
  readonly span: Span;
  readonly chain?: string;
  /** What the claim is about, for its fingerprint. */
  readonly object?: string;
  readonly values: Readonly<Record<string, string>>;
  readonly evidence?: { readonly kind: 'read' | 'proved'; readonly engine?: string; readonly text: string };
}

/**
 * The claims of a change's own line, with the severities and messages of their pages. A file that the rules have called a
 * migration which nothing runs is not told as unread too.
 */
export function lineClaims(
  rules: readonly Rule[],
  read: Pick<ReadChange, 'files' | 'chains' | 'coverage' | 'lost'>,
  proofs: readonly Proof[],
  severities: Severities,
  judged: readonly Claim[] = [],
): readonly Claim[] {
  const pages = new Map(rules.map((rule) => [rule.id, rule]));
  const changed = new Set([
    ...read.files.map((file) => file.path),
    ...read.chains.flatMap((chain) => chain.broken),
  ]);
  const decisions = decide(proofs);
  const told = new Set([
    ...decisions.flatMap(({ migration }) =>
      migration.verdict === 'refuted' || migration.died ? migration.path : [],
    ),
    ...judged.flatMap(({ rule, span }) => (rule === 'migration-never-run' ? span.path : [])),
  ]);
  const said = [
    ...claimsOfProof(decisions, (path) => changed.has(path)),
    ...claimsOfCoverage(read.coverage, (path) => told.has(path)),
    ...(read.lost ?? []).map(claimOfMerge),
  ];
  return said.flatMap((line) => {
    const page = pages.get(line.rule);
    return (page && claimOf(page, line, severities)) ?? [];
  });
}

/** Claims of the proof: migrations of the change, or broken by it, that do not apply, and those that could not be tried. */
function claimsOfProof(
  decisions: readonly Decision[],
  isOfChange: (path: string) => boolean,
): readonly LineClaim[] {
  const ofChange = decisions.filter(({ migration }) => isOfChange(migration.path));
  const left = new Map<string | undefined, number>();
  for (const decision of ofChange) left.set(deathOf(decision), (left.get(deathOf(decision)) ?? 0) + 1);
  return ofChange.flatMap((decision) => {
    const death = deathOf(decision);
    const alike = death === undefined ? 1 : left.get(death);
    if (alike === undefined) return [];
    if (death !== undefined) left.delete(death);
    return claimOfVerdict(decision, alike - 1) ?? [];
  });
}

/**
 * Migrations that one proof left behind for one reason are told once, at the first; so are those that lack one and the same thing:
 * what makes it stands before the first of them, or is not in the chain.
 */
function deathOf({ proof, migration }: Decision): string | undefined {
  const { died, reason, error } = migration;
  const lacking = error && /\b(does not exist|doesn't exist|no such \w+)\b/.test(error.message);
  if (died || lacking) return JSON.stringify([proof.chain, died ? reason : error?.message, proof.engine]);
  return undefined;
}

function claimOfVerdict({ proof, migration }: Decision, more: number): LineClaim | undefined {
  const about = { chain: proof.chain, object: migration.path };
  if (migration.verdict === 'not tried') {
    if (!migration.died) return undefined;
    const span = { path: migration.path, line: 1, column: 1, endLine: 1, endColumn: 1 };
    const values = {
      migration: more > 0 ? `${migration.path} (and ${more} more)` : migration.path,
      reason: migration.reason ?? 'no reason was given',
      engine: proof.engine,
    };
    return { rule: 'migration-unproven', span, ...about, values };
  }
  const { error } = migration;
  if (!error) return undefined;
  const by = {
    parser: 'the SQL parser',
    fold: 'the schema as the migrations before leave it',
    engine: proof.engine,
  };
  const evidence =
    error.by === 'engine'
      ? {
          kind: 'proved' as const,
          engine: proof.engine,
          text: saidByEngine(error),
        }
      : { kind: 'read' as const, text: `refused by ${by[error.by]}` };
  const again =
    more > 0 ? ` (${more} more ${more > 1 ? 'migrations stop' : 'migration stops'} for want of it)` : '';
  const values = { migration: migration.path, error: `${error.message}${again}`, by: by[error.by] };
  return { rule: 'migration-does-not-apply', span: error.span, ...about, values, evidence };
}

/** What to do, by SQLSTATE, where the server gives no advice: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ADVICE: Readonly<Record<string, string>> = {
  '22': 'Convert or mend the rows in a statement before it.',
  '23502': 'Fill the rows that lack a value in a statement before it, or give the column a default.',
  '23503': 'Write the missing parents, or take out their children, in a statement before it.',
  '23505': 'Take out the duplicates in a statement before it.',
  '23514': 'Mend the rows that the CHECK refuses in a statement before it.',
  '2BP01': 'Drop or alter what depends on it first.',
  '42P07': 'Give it another name, or drop what is there first.',
  '42701': 'Leave it out: the column is there.',
  '42P01': 'Make the table in a migration before this one, or correct its name.',
  '42703': 'Add the column in a migration before this one, or correct its name.',
};

/** What the engine adds to its message: the row or object that it is about, its advice, and its code. */
function saidByEngine(error: NonNullable<MigrationVerdict['error']>): string {
  const { message, code, detail, hint, where } = error;
  if (code === undefined) return `it refused: ${message}`;
  const inside = where && `In ${where.split('\n')[0]}.`;
  const advice = Object.entries(ADVICE).find(([prefix]) => code.startsWith(prefix))?.[1];
  return [detail, inside, hint ?? advice, `SQLSTATE ${code}`].flatMap((part) => part ?? []).join(' ');
}

function claimOfMerge({ chain, commit, parent, objects, span }: LostInMerge): LineClaim {
  const [merge, side] = [commit, parent].map((one) => one.slice(0, 12));
  const more = objects.length > 5 ? ` and ${objects.length - 5} things more` : '';
  const values = { file: span.path, objects: objects.slice(0, 5).join(', ') + more };
  return {
    ...{ rule: 'merge-lost-a-side', span, chain, object: commit },
    values: { ...values, commit: merge ?? '', parent: side ?? '' },
  };
}

/** One claim for each file of which something could not be read, but for those that their proof has told of. */
function claimsOfCoverage(coverage: Coverage, isTold: (path: string) => boolean): readonly LineClaim[] {
  const parts = coverage.notAnalysed.filter((part) => part.kind === 'unread' && !isTold(part.path));
  return [...new Set(parts.map((part) => part.path))].flatMap((path) => {
    const [first, ...others] = parts.filter((part) => part.path === path);
    if (!first) return [];
    const { reason, kind: _, ...span } = first;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    const values = { file: path, reason: `${reason}${more}` };
    return [{ rule: 'file-not-read', span, object: path, values }];
  });
}
