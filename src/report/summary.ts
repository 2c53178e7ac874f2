import { count, LISTED, more } from './count.ts';
import { plain } from './escape.ts';
import { proofLines } from './proof-lines.ts';
import type { Report } from './report.ts';

/** One line of the summary: what it is about, and what is said, most important first. */
export interface SummaryLine {
  readonly title: string;
  readonly texts: readonly string[];
}

/** The lines that every report ends with, whether there were findings or none; waivers and what was not judged where there are any. */
export function summaryOf(report: Report): readonly SummaryLine[] {
  const lines = [
    { title: 'Migrations', texts: chainTexts(report) },
    { title: 'Proof', texts: proofLines(report) },
    { title: 'Coverage', texts: coverageTexts(report) },
    { title: 'Profile', texts: profileTexts(report) },
    { title: 'Waivers', texts: waiverTexts(report) },
    { title: 'Not judged', texts: notJudgedTexts(report) },
    { title: 'Conclusion', texts: [conclusionText(report)] },
  ];
  return lines.filter(({ texts }) => texts.length > 0);
}

/** `1 error, 2 warnings, 1 note`, without those that are none; `no findings`. */
export function findingsText(report: Report): string {
  const of = (severity: string) => report.findings.filter((one) => one.severity === severity).length;
  const parts = (['error', 'warning', 'note'] as const).flatMap((severity) =>
    of(severity) > 0 ? [count(of(severity), severity)] : [],
  );
  return parts.length > 0 ? parts.join(', ') : 'no findings';
}

/** A report on everything that is there has nothing for its base. */
function chainTexts({ chains, base }: Report): readonly string[] {
  if (chains.length === 0)
    return base === 'nothing'
      ? ['none were found; where there are some, name their folder under `migrations` in tablewarden.yml']
      : ['this change touches none'];
  return chains.flatMap((chain) => {
    const size = `${chain.migrations}, ${chain.newMigrations} new`;
    const reason = `${chain.dialectGuessed ? 'guessed: ' : ''}${plain(chain.dialectReason)}`;
    const notes = chain.notes.map((note) => `  ${plain(note)}`);
    return [`${plain(chain.id)}: ${size}; ${chain.tool}, ${chain.dialect} (${reason})`, ...notes];
  });
}

/** Where the schema that the rules judged is not the server's: our mistake, and a reason to doubt them there. */
function differenceTexts({ proof }: Report): readonly string[] {
  return proof.flatMap(({ engine, catalog }) => {
    if (!catalog || catalog.differences.length === 0) return [];
    const compared = Object.values(catalog.compared).reduce((sum, number) => sum + number, 0);
    const parts = catalog.differences
      .slice(0, LISTED)
      .map(({ kind, object, folded, catalog: said, tainted }) => {
        const why = tainted === undefined ? '' : ` (${plain(tainted)})`;
        return `  ${kind} ${plain(object)}: ${plain(folded ?? 'not there')}; in the catalog ${plain(said ?? 'not there')}${why}`;
      });
    const { length } = catalog.differences;
    const said = `the schema as read differs from the catalog of ${plain(engine)} in ${length} of ${compared} points`;
    return [said, ...parts, ...more(length)];
  });
}

function coverageTexts(report: Report): readonly string[] {
  const { coverage } = report;
  const { files, statements, analysed, notAnalysed } = coverage;
  const { uses = 0, usesUnknown = 0 } = coverage;
  const unknown = usesUnknown > 0 ? `, ${usesUnknown} of tables that are not known` : '';
  const code = uses > 0 ? `; in code ${count(uses, 'use')} of tables${unknown}` : '';
  const read = `${analysed} of ${count(statements, 'statement')} in ${count(files, 'file')} analysed${code}`;
  const parts = notAnalysed
    .slice(0, LISTED)
    .map((part) => `  not analysed: ${plain(part.path)}:${part.line} ${plain(part.reason)}`);
  return [read, ...parts, ...more(notAnalysed.length), ...differenceTexts(report)];
}

/** Evidence that was named and not read is no evidence: it is told first what was, then why the rest was not. */
function profileTexts({ coverage }: Report): readonly string[] {
  return (coverage.profiles ?? []).map(({ path, source, entries = 0, bound = 0, notRead }) => {
    const why = notRead === undefined ? '' : `: ${plain(notRead)}`;
    if (source === undefined)
      return `${plain(path)}: ${why ? `not read${why}` : 'of no chain of this change'}`;
    const size = `${entries} entries, ${count(bound, 'shape')} about tables of this change's chains`;
    return `${plain(path)}: ${source}, ${size}${why}`;
  });
}

function waiverTexts({ waived }: Report): readonly string[] {
  const parts = waived.slice(0, LISTED).map((one) => {
    const until = one.until ? ` until ${plain(one.until)}` : '';
    return `${one.rule} at ${plain(one.path)}:${one.line} because ${plain(one.because)}${until}`;
  });
  return [...parts, ...more(waived.length)];
}

function notJudgedTexts({ notJudged, dismissed }: Report): readonly string[] {
  const parts = ofEachRule(notJudged)
    .slice(0, LISTED)
    .flatMap(({ rule, reason, places = [] }) => [
      `${rule}: ${plain(reason)}`,
      ...places.slice(0, LISTED).map(({ path, line }) => `  ${plain(path)}:${line}`),
      ...more(places.length),
    ]);
  const told = dismissed.slice(0, LISTED).map(({ rule, path, line, evidence }) => {
    const by = plain(evidence.engine ?? 'a trial');
    return `  ${rule} at ${plain(path)}:${line}: ${plain(evidence.text)} (${by})`;
  });
  const contradicted =
    dismissed.length > 0
      ? [`${count(dismissed.length, 'claim')} that a trial contradicted`, ...told, ...more(dismissed.length)]
      : [];
  return [...parts, ...more(notJudged.length), ...contradicted];
}

/** The first of each rule, then the second of each: no rule hides another. */
function ofEachRule<T extends { readonly rule: string }>(entries: readonly T[]): readonly T[] {
  const before = new Map<string, number>();
  const turns = entries.map((entry) => {
    const turn = before.get(entry.rule) ?? 0;
    before.set(entry.rule, turn + 1);
    return { entry, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn).map(({ entry }) => entry);
}

const CONCLUSIONS = {
  success: 'success',
  failure: 'failure',
  neutral: 'neutral: something was not read or not proved, so this is no approval',
} as const;

/** `failure (2 errors)`; a neutral one says that it is no approval. */
export function conclusionText(report: Report): string {
  return `${CONCLUSIONS[report.conclusion]} (${findingsText(report)})`;
}
