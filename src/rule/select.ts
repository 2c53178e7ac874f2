import type { Span } from '../change/span.ts';
import { differencesIn, differingTables } from '../facts/differing.ts';
import type { FactRows } from '../facts/fact-rows.ts';
import type { Facts } from '../facts/facts.ts';
import { pathKeys } from '../facts/paths.ts';
import { type Severities, severityOf } from './claim.ts';
import { areMet } from './needs.ts';
import type { Rule } from './rule.ts';
import { tablesRead } from './tables-read.ts';

/** How rules are run. */
export interface RunOptions {
  /** State rules on the whole of head, without subtraction; change rules not at all. */
  readonly all: boolean;
  readonly severities: Severities;
  /**
   * Whether what cannot matter is left out: rules whose tables say what they said before or lack what the query needs, and
   * tables of the schema that the change does not concern. True when undefined; the claims are the same without.
   */
  readonly pruned?: boolean;
  /** How far code was read; `none` when undefined. */
  readonly code?: 'none' | 'touched' | 'all';
}

/** A rule that says nothing here, and why. */
export interface NotJudged {
  readonly rule: string;
  readonly reason: string;
  /** What it leaves open, where that can be pointed at. */
  readonly places?: readonly Span[];
  /** It was to be run, and the engine was lost before. */
  readonly lost?: true;
}

/** Says where something of a change is, so that a rule of Tablewarden's own which also reads something else needs that. */
const WHERE = ['change.files', 'change.hunks', 'change.lines'];

/**
 * Rows that are tried for a rule before it is left to the engine: a change may be done without one, while a whole schema
 * seldom is, and there it plans a rule in the time that a few hundred rows take.
 */
const EFFORT = { change: 20_000, whole: 300 } as const;

/** The rules that can say something about this change: the others would return what they returned before, or nothing. */
export function rulesToRun(
  rules: readonly Rule[],
  facts: Facts,
  rows: FactRows,
  options: RunOptions,
): { readonly run: readonly Rule[]; readonly notJudged: readonly NotJudged[] } {
  const dialects = new Set(facts.chains.map((chain) => chain.headSchema.dialect));
  const notJudged: NotJudged[] = [];
  const pathKey = pathKeys(facts);
  const differences = differencesIn(rows, pathKey);
  let differing: ReadonlySet<string> | undefined;
  const run = rules.filter((rule) => {
    if (rule.query === undefined || severityOf(rule, options.severities) === 'off') return false;
    const fits =
      rule.dialects.length === 0 ||
      dialects.size === 0 ||
      rule.dialects.some((dialect) => dialects.has(dialect));
    if (!fits) return false;
    if (rule.code === 'all' && options.code !== 'all') {
      // a note would change no conclusion: its absence is not told in every report
      if (severityOf(rule, options.severities) !== 'note')
        notJudged.push({ rule: rule.id, reason: 'it needs all code of the repository, which was not read' });
      return false;
    }
    if (rule.reads !== 'state' && options.all) return false;
    if (options.pruned === false) return true;
    if (options.all) return !rule.needs || areMet(rule.needs, rows, EFFORT.whole);
    differing ??= differingTables(differences, pathKey);
    const isAsked =
      rule.reads === 'state'
        ? stateDiffers(rule.query, differing)
        : changeHasRows(rule, rule.query, rows, differing);
    if (!isAsked || !rule.needs) return isAsked;
    return areMet(rule.needs, rows, EFFORT.change, rule.reads === 'state' ? differences : undefined);
  });
  return { run, notJudged };
}

function stateDiffers(query: string, differing: ReadonlySet<string>): boolean {
  return [...tablesRead(query).unqualified].some((name) => differing.has(name));
}

function changeHasRows(
  rule: Rule,
  query: string,
  { rows }: FactRows,
  differing: ReadonlySet<string>,
): boolean {
  const { qualified, unqualified } = tablesRead(query);
  const told = [...qualified].filter((name) => /^(change|proof|others|coverage)\./.test(name));
  const needed = rule.own ? told : told.filter((name) => !WHERE.includes(name));
  if (needed.length > 0)
    return needed.some((name) => rows.has(name === 'change.lines' ? 'change.hunks' : name));
  if (told.length > 0) return true;
  return [...unqualified, ...[...qualified].map((name) => name.replace(/^(head|base)\./, ''))].some((name) =>
    differing.has(name),
  );
}
