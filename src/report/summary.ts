import type { MigrationVerdict, Proof, Word } from '../prove/verdict.ts';
import { plain } from './escape.ts';
import type { ChainLine, Report } from './report.ts';

/** One line of the summary: what it is about, and what is said, most important first. */
export interface SummaryLine {
  readonly title: string;
  readonly texts: readonly string[];
}

/** At most so many parts are listed; the rest is counted. */
const LISTED = 10;

/** The lines that every report ends with, whether there were findings or none. */
export function summaryOf(report: Report): readonly SummaryLine[] {
  return [
    { title: 'Chains', texts: chainTexts(report.chains) },
    { title: 'Proof', texts: proofTexts(report) },
    { title: 'Coverage', texts: coverageTexts(report) },
    { title: 'Waivers', texts: waiverTexts(report) },
    { title: 'Not judged', texts: notJudgedTexts(report) },
    { title: 'Conclusion', texts: [conclusionText(report)] },
  ];
}

/** `2 warnings`, `1 error`: the noun's plural by s. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `1 error, 2 warnings, 1 note`, without those that are none; `no findings`. */
export function findingsText(report: Report): string {
  const of = (severity: string) => report.findings.filter((one) => one.severity === severity).length;
  const parts = (['error', 'warning', 'note'] as const).flatMap((severity) =>
    of(severity) > 0 ? [count(of(severity), severity)] : [],
  );
  return parts.length > 0 ? parts.join(', ') : 'no findings';
}

function chainTexts(chains: readonly ChainLine[]): readonly string[] {
  if (chains.length === 0) return ['no migration chain is concerned by this change'];
  return chains.flatMap((chain) => {
    const size = `${count(chain.migrations, 'migration')}, ${chain.newMigrations} new`;
    const reason = `${chain.dialectGuessed ? 'guessed: ' : ''}${plain(chain.dialectReason)}`;
    const notes = chain.notes.map((note) => `  ${plain(note)}`);
    return [`${plain(chain.id)}: ${size}; ${chain.tool}, ${chain.dialect} (${reason})`, ...notes];
  });
}

const WORDS: readonly (readonly [Word, string])[] = [
  ['executed', 'executed'],
  ['emulated', 'emulated'],
  ['no-effect', 'without effect'],
  ['modelled', 'modelled'],
  ['partial', 'run in part'],
  ['not-modelled', 'not modelled'],
  ['tainted', 'touching something not modelled'],
  ['failed', 'failed'],
];

const VERDICTS = ['proved', 'proved in part', 'refuted', 'not tried'] as const;

function proofTexts(report: Report): readonly string[] {
  if (report.proof.length === 0) {
    const added = report.chains.some((chain) => chain.newMigrations > 0);
    return [added ? 'nothing was run: no migration of this change is proved' : 'no new migration to prove'];
  }
  const several = new Set(report.proof.map(({ chain }) => chain)).size > 1;
  return report.proof.flatMap((proof) => [
    proofText(proof, several),
    ...(isTold(proof, report.proof) ? [...rowsText(proof.on), ...riskTexts(proof)] : []),
  ]);
}

/** What a translation met on rows is told only where no engine ran the SQL itself on them. */
function isTold(proof: Proof, all: readonly Proof[]): boolean {
  return !proof.lowered || !all.some((other) => other.chain === proof.chain && !other.lowered && other.on);
}

/** `  on 24 made-up rows in 3 tables; without rows: a, b`. */
function rowsText(on: Proof['on']): readonly string[] {
  if (!on) return [];
  const without = on.without.slice(0, LISTED).map(({ table }) => plain(table));
  const others = without.length > 0 ? `; without rows: ${without.join(', ')}` : '';
  return [`  on ${count(on.rows, 'made-up row')} in ${count(on.tables, 'table')}${others}`];
}

/** What stops at rows: no refutation, and worth a look before it meets real ones. */
function riskTexts({ migrations }: Proof): readonly string[] {
  const risks = migrations.flatMap((migration) => migration.risks ?? []);
  const texts = risks.slice(0, LISTED).map(({ span, on, message }) => {
    const where = on === 'any row' ? 'any row' : 'rows that the constraints allow';
    return `  ${plain(span.path)}:${span.line} stops at ${where}: ${plain(message)}`;
  });
  return [...texts, ...more(risks.length)];
}

/** What a migration's verdict is called where the engine ran the SQL itself, of one and of several. */
const APPLIED: Readonly<Record<MigrationVerdict['verdict'], readonly [string, string]>> = {
  proved: ['applies', 'apply'],
  'proved in part': ['applies in part', 'apply in part'],
  refuted: ['does not apply', 'do not apply'],
  'not tried': ['was not tried', 'were not tried'],
};

/**
 * `PostgreSQL 18.4: 163 of 163 migrations apply`, or of a translation `DuckDB 1.5.6, translated: 486 executed, 31 not
 * modelled; 2 of 3 new migrations proved, 1 refuted`.
 */
function proofText(proof: Proof, several: boolean): string {
  const words = new Map<Word, number>();
  const verdicts = new Map<MigrationVerdict['verdict'], number>();
  for (const migration of proof.migrations) {
    verdicts.set(migration.verdict, (verdicts.get(migration.verdict) ?? 0) + 1);
    for (const { word } of migration.statements) words.set(word, (words.get(word) ?? 0) + 1);
  }
  const said = WORDS.flatMap(([word, text]) => (words.has(word) ? [`${words.get(word)} ${text}`] : []));
  const total = proof.migrations.length;
  const noun = `${proof.from === 'empty' ? '' : 'new '}migration${total === 1 ? '' : 's'}`;
  const judged = VERDICTS.flatMap((verdict) =>
    verdicts.has(verdict) ? [[verdicts.get(verdict), verdict] as const] : [],
  );
  const where = several ? ` on ${plain(proof.chain)}` : '';
  const engine = `${plain(proof.engine)}${proof.lowered ? ', translated' : ''}${where}`;
  if (!proof.lowered) {
    const [reason, ...others] = new Set(proof.migrations.map((migration) => migration.reason));
    if (reason !== undefined && others.length === 0) return `${engine}: not tried: ${plain(reason)}`;
    const applied = judged.map(([number, verdict], at) => {
      const said = APPLIED[verdict][number === 1 ? 0 : 1];
      return at === 0 ? `${number} of ${total} ${noun} ${said}` : `${number} ${said}`;
    });
    const odd = WORDS.flatMap(([word, text]) =>
      !['executed', 'no-effect', 'failed', 'tainted'].includes(word) && words.has(word)
        ? [`${words.get(word)} ${text}`]
        : [],
    );
    const before = proof.imperfect ? [`${proof.imperfect} older ones do not apply in full`] : [];
    const notes = [...before, ...(odd.length > 0 ? [`statements: ${odd.join(', ')}`] : [])];
    return [`${engine}: ${applied.join(', ') || 'no migration'}`, ...notes].join('; ');
  }
  const outcome = judged.map(([number, verdict], at) =>
    at === 0 ? `${number} of ${total} ${noun} ${verdict}` : `${number} ${verdict}`,
  );
  const statements = said.length > 0 ? said.join(', ') : 'no statement';
  return `${engine}: ${statements}; ${outcome.join(', ') || 'no migration'}`;
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

function waiverTexts({ waived }: Report): readonly string[] {
  if (waived.length === 0) return ['none used'];
  const parts = waived.slice(0, LISTED).map((one) => {
    const until = one.until ? ` until ${plain(one.until)}` : '';
    return `${one.rule} at ${plain(one.path)}:${one.line} because ${plain(one.because)}${until}`;
  });
  return [...parts, ...more(waived.length)];
}

function notJudgedTexts({ notJudged, dismissed }: Report): readonly string[] {
  const parts = notJudged.slice(0, LISTED).map((one) => `${one.rule}: ${plain(one.reason)}`);
  const contradicted =
    dismissed.length > 0 ? [`${count(dismissed.length, 'claim')} that a trial contradicted`] : [];
  const texts = [...parts, ...more(notJudged.length), ...contradicted];
  return texts.length > 0 ? texts : ['nothing was left out'];
}

function more(length: number): readonly string[] {
  return length > LISTED ? [`  and ${length - LISTED} more (--format json lists all)`] : [];
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
