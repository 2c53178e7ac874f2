import type { Hunk } from '../change/change-set.ts';
import { nearest } from '../nearest.ts';
import type { LineClaim } from '../rule/line-claims.ts';
import type { Finding, WaivedFinding } from './finding.ts';
import type { Waiver } from './waiver.ts';

/** What judging waivers needs beside the findings. */
export interface WaiveOptions {
  /** `YYYY-MM-DD`; a waiver holds to the end of its day. */
  readonly today: string;
  /** Rules that nobody may waive. */
  readonly never: readonly string[];
  /** Every rule that there is, switched off or not. */
  readonly knownRules: Iterable<string>;
  /** Rules that were run on this change; only their waivers can be unused. Without it: all. */
  readonly ran?: ReadonlySet<string>;
  /** Claims that stand at head and are not news: a waiver that covers one is in use. */
  readonly standing?: readonly Place[];
  /** Head's changed lines: a waiver that covers no finding is judged only if it, or what it covers, is on one. Without it: always. */
  readonly hunks?: ReadonlyMap<string, readonly Hunk[]>;
}

/** Where a rule found something. */
type Place = Pick<Finding, 'rule' | 'path' | 'line' | 'endLine'> & Partial<Pick<Finding, 'was'>>;

export interface Waived {
  readonly kept: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  /** What is wrong with waivers, for the pages of these names. */
  readonly problems: readonly LineClaim[];
}

/** Sets aside the findings that a waiver allows, and says which waivers allow nothing and why. */
export function waive(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  options: WaiveOptions,
): Waived {
  const byPath = new Map<string, Waiver[]>();
  for (const waiver of waivers) {
    const beside = byPath.get(waiver.span.path);
    if (beside) beside.push(waiver);
    else byPath.set(waiver.span.path, [waiver]);
  }
  const covering = (place: Place, met: Met): readonly Waiver[] => {
    const paths = new Set([place.path, ...(place.was ? [place.was.path] : [])]);
    const found = [...paths].flatMap((path) => byPath.get(path) ?? []).filter((one) => covers(one, place));
    for (const waiver of found) met.set(waiver, (met.get(waiver) ?? new Set()).add(place.rule));
    return found;
  };
  const news: Met = new Map();
  const stands: Met = new Map();

  const kept: Finding[] = [];
  const waived: WaivedFinding[] = [];
  for (const finding of findings) {
    const allowing = covering(finding, news).find((waiver) => holds(waiver, finding.rule, options));
    if (allowing?.reason === undefined) kept.push(finding);
    else
      waived.push({
        ...finding,
        because: allowing.reason,
        ...(allowing.until ? { until: allowing.until } : {}),
      });
  }
  for (const place of options.standing ?? []) covering(place, stands);

  const judged = { ...options, known: new Set(options.knownRules) };
  const problems = waivers.flatMap((waiver) => {
    const touched = isTouched(waiver, options.hunks);
    const rules = waiver.rules.length > 0 ? waiver.rules : [''];
    return rules.flatMap((rule) => {
      const isNews = news.get(waiver)?.has(rule) ?? false;
      if (!isNews && !touched) return [];
      return problemOf(waiver, rule, isNews || (stands.get(waiver)?.has(rule) ?? false), judged) ?? [];
    });
  });
  return { kept, waived, problems };
}

/** Rules whose claims a waiver met. */
type Met = Map<Waiver, Set<string>>;

function covers(waiver: Waiver, { rule, path, line, endLine, was }: Place): boolean {
  if (!waiver.rules.includes(rule)) return false;
  const { from, to } = waiver.target;
  const here = waiver.span.path === path && line <= to && Math.max(line, endLine) >= from;
  return (
    here || (was !== undefined && was.path === waiver.span.path && was.line <= to && was.endLine >= from)
  );
}

function holds(waiver: Waiver, rule: string, { today, never }: WaiveOptions): boolean {
  return !waiver.problem && !never.includes(rule) && !isOver(waiver, today);
}

function isOver(waiver: Waiver, today: string): boolean {
  return waiver.until !== undefined && waiver.until < today;
}

function problemOf(
  waiver: Waiver,
  rule: string,
  isUsed: boolean,
  options: WaiveOptions & { readonly known: ReadonlySet<string> },
): LineClaim | undefined {
  const claim = (id: string, more: Readonly<Record<string, string>> = {}): LineClaim => ({
    rule: id,
    span: waiver.span,
    object: rule,
    values: { waived: rule, ...more },
  });
  const { problem, until = '' } = waiver;
  if (problem === 'unknown form')
    return claim('waiver-not-understood', { reason: 'its words are not the ones that are read' });
  if (!options.known.has(rule)) return claim('waiver-of-unknown-rule', suggestion(rule, options.known));
  if (problem === 'bad date')
    return claim('waiver-not-understood', { reason: `${until} is no day such as 2027-03-01` });
  if (!isUsed) return options.ran && !options.ran.has(rule) ? undefined : claim('waiver-unused');
  if (options.never.includes(rule)) return claim('waiver-forbidden');
  if (problem === 'no reason') return claim('waiver-without-reason');
  return isOver(waiver, options.today) ? claim('waiver-expired', { until }) : undefined;
}

function suggestion(rule: string, known: ReadonlySet<string>): Readonly<Record<string, string>> {
  const near = nearest(rule, known);
  return near ? { nearest: near } : {};
}

/** Whether the waiver, or what it covers, is on a changed line; always, where lines are not told. */
function isTouched(waiver: Waiver, hunks: WaiveOptions['hunks']): boolean {
  if (!hunks) return true;
  const from = Math.min(waiver.span.line, waiver.target.from);
  const to = Math.max(waiver.span.endLine, waiver.target.to);
  const changed = hunks.get(waiver.span.path) ?? [];
  return changed.some(({ line, count }) => line <= to && line + Math.max(count, 1) - 1 >= from);
}
