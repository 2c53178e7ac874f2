import { decide } from '../prove/decide.ts';
import type { MigrationVerdict, Proof, Word } from '../prove/verdict.ts';
import { count, LISTED, more } from './count.ts';
import { plain } from './escape.ts';
import type { Report } from './report.ts';

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

/** What the proof of a change came to: a line an engine and chain, and what made-up rows showed. */
export function proofLines(report: Report): readonly string[] {
  if (report.proof.length === 0) {
    const added = report.chains.some((chain) => chain.newMigrations > 0);
    return [added ? 'nothing was run: no migration of this change is proved' : 'no new migration to prove'];
  }
  const several = new Set(report.proof.map(({ chain }) => chain)).size > 1;
  return report.proof.flatMap((proof) => [
    proofText(proof, several),
    ...elsewhereTexts(proof, report.proof),
    ...(isRepeated(proof, report.proof) ? [] : [...rowsText(proof.on), ...riskTexts(proof)]),
    ...overruledTexts(proof, report.proof),
  ]);
}

/** The rows of a translation say nothing more where the engine itself ran on them. */
function isRepeated(proof: Proof, all: readonly Proof[]): boolean {
  return proof.lowered && all.some((other) => !other.lowered && other.chain === proof.chain && other.on);
}

/** A translation that refuses what the engine runs is wrong: said, so that nobody takes its word for a finding. */
function overruledTexts(proof: Proof, all: readonly Proof[]): readonly string[] {
  const wrong = decide(all).filter((one) => one.overruled && one.proof === proof);
  return wrong.slice(0, LISTED).map(({ migration, overruled }) => {
    const where = `${plain(migration.path)}:${overruled?.span.line}`;
    return `  ${where} runs; the translation was wrong to refuse it: ${plain(overruled?.message ?? '')}`;
  });
}

/** `  on 24 made-up rows in 3 tables; without rows: a, b`. */
function rowsText(on: Proof['on']): readonly string[] {
  if (!on) return [];
  const without = on.without.slice(0, LISTED).map(({ table }) => plain(table));
  const others = without.length > 0 ? `; without rows: ${without.join(', ')}` : '';
  return [`  on ${count(on.rows, 'made-up row')} in ${count(on.tables, 'table')}${others}`];
}

/** Migrations that work on what is made outside of their chain; told once where two engines say so. */
function elsewhereTexts(proof: Proof, all: readonly Proof[]): readonly string[] {
  const told = all.find(
    ({ chain, migrations }) => chain === proof.chain && migrations.some((one) => one.elsewhere),
  );
  if (told !== proof) return [];
  const found = proof.migrations.filter(({ elsewhere }) => elsewhere);
  const texts = found.map(
    ({ path, reason = '' }) => `  whether ${plain(path)} applies is not known: ${plain(reason)}`,
  );
  return [...texts.slice(0, LISTED), ...more(found.length)];
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
    if (proof.trouble !== undefined) return `${engine}: not tried: ${plain(proof.trouble)}`;
    const applied = judged.map(([number, verdict], at) => {
      const said = APPLIED[verdict][number === 1 ? 0 : 1];
      return at === 0 ? `${number} of ${total} ${noun} ${said}` : `${number} ${said}`;
    });
    const odd = WORDS.flatMap(([word, text]) =>
      !['executed', 'no-effect', 'failed', 'tainted'].includes(word) && words.has(word)
        ? [`${words.get(word)} ${text}`]
        : [],
    );
    const { instead, note } = proof;
    const other = instead
      ? [`${plain(instead.from)} names PostgreSQL ${instead.major}, which is not installed here`]
      : [];
    const before = proof.imperfect ? [`${proof.imperfect} older ones do not apply in full`] : [];
    const chosen = note === undefined ? [] : [plain(note)];
    const notes = [
      ...chosen,
      ...other,
      ...before,
      ...(odd.length > 0 ? [`statements: ${odd.join(', ')}`] : []),
    ];
    return [`${engine}: ${applied.join(', ') || 'no migration'}`, ...notes].join('; ');
  }
  const outcome = judged.map(([number, verdict], at) =>
    at === 0 ? `${number} of ${total} ${noun} ${verdict}` : `${number} ${verdict}`,
  );
  const statements = said.length > 0 ? said.join(', ') : 'no statement';
  return `${engine}: ${statements}; ${outcome.join(', ') || 'no migration'}`;
}
