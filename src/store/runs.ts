import { createHash, randomBytes } from 'node:crypto';
import { READER_VERSION } from '../read/reader-version.ts';
import type { Report } from '../report/report.ts';
import type { Rule } from '../rule/rule.ts';
import type { StorageManager } from './storage-manager.ts';
import { textOf } from './values.ts';

/** What a check depends on beside the change: the same inputs give the same findings. */
export interface RunInputs {
  readonly base: string;
  readonly head: string;
  readonly configuration: string;
  readonly rules: string;
  readonly version: string;
  readonly reader: string;
  readonly engines: readonly string[];
}

/** What became of a finding. */
export type Fate = 'open' | 'waived' | 'fixed' | 'merged';

interface StoredFinding {
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
  readonly fate: Fate;
}

/** A check that was made. */
export interface StoredRun {
  readonly id: string;
  /** The words of the command that asked for it. */
  readonly options: Readonly<Record<string, string | boolean>>;
  readonly inputs: RunInputs;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly conclusion: Report['conclusion'];
  readonly findings: readonly StoredFinding[];
}

/** What a check depended on. */
export function inputsOf(report: Report, config: object, rules: readonly Rule[]): RunInputs {
  const { base, head, version, proof } = report;
  const pages = rules.map(({ id, severity, query, message }) => [id, severity, query, message]);
  const engines = new Set(
    proof.filter(({ migrations }) => migrations.length > 0).map(({ engine }) => engine),
  );
  return {
    ...{ base, head, version, reader: READER_VERSION, engines: [...engines].sort() },
    configuration: hashOf({
      ...config,
      ...{ path: undefined, ruleAt: undefined },
      measured: report.coverage.profiles?.map(({ content }) => content),
    }),
    rules: hashOf(pages),
  };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Keeps a check; its id. */
export async function addRun(
  storage: StorageManager,
  report: Report,
  run: Pick<StoredRun, 'inputs' | 'options'> & { readonly started: Date },
): Promise<string> {
  const { inputs, options, started } = run;
  const id = randomBytes(5).toString('hex');
  const rows = new Map(
    [
      ...report.waived.map((finding) => ({ ...finding, fate: 'waived' })),
      ...report.findings.map((finding) => ({ ...finding, fate: 'open' })),
    ].map((finding) => [finding.fingerprint, finding]),
  );
  await storage.write(async ({ run: execute, load }) => {
    const { base, head, configuration, rules, version, reader, engines } = inputs;
    const words = [id, base, head, JSON.stringify(options), configuration, rules, version, reader].map(
      textOf,
    );
    await execute(
      `INSERT INTO runs VALUES (${words.join(', ')}, [${engines.map(textOf).join(', ')}]::VARCHAR[], ${textOf(started.toISOString())}, greatest(now(), ${textOf(started.toISOString())}::TIMESTAMPTZ), ${textOf(report.conclusion)})`,
    );
    await load(
      'findings',
      [...rows.values()].map(({ fingerprint, rule, severity, path, line, message, fate }) => [
        ...[id, fingerprint, rule, severity, path, Math.max(line, 1), message, fate],
      ]),
    );
  });
  return id;
}

/** The last checks, newest first; of one, where its id, or the start of it, is given. */
export async function readRuns(
  storage: StorageManager,
  most: number,
  id = '',
): Promise<readonly StoredRun[]> {
  return storage.read(async ({ query }) => {
    const runs = await query(`
      SELECT *, epoch(started_at)::BIGINT AS started, round(epoch(ended_at) - epoch(started_at), 1) AS seconds
      FROM runs WHERE starts_with(run_id, ${textOf(id)}) ORDER BY started_at DESC, run_id LIMIT ${most}`);
    const findings = await query(
      'SELECT * FROM findings ORDER BY run_id, severity, path, line, rule, fingerprint',
    );
    return runs.map((row) => ({
      id: String(row.run_id),
      options: JSON.parse(typeof row.options === 'string' ? row.options : JSON.stringify(row.options)),
      inputs: {
        ...{ base: String(row.base), head: String(row.head) },
        ...{ configuration: String(row.configuration_hash), rules: String(row.rules_hash) },
        ...{ version: String(row.tablewarden_version), reader: String(row.reader_version) },
        engines: Array.isArray(row.engines) ? row.engines.map(String) : [],
      },
      startedAt: new Date(Number(row.started) * 1000).toISOString(),
      seconds: Number(row.seconds),
      conclusion: String(row.conclusion) as StoredRun['conclusion'], // the schema's CHECK
      findings: findings
        .filter((one) => one.run_id === row.run_id)
        .map((one) => ({
          ...{ fingerprint: String(one.fingerprint), rule: String(one.rule), severity: String(one.severity) },
          ...{ path: String(one.path), line: Number(one.line), message: String(one.message) },
          fate: String(one.fate) as Fate, // the schema's CHECK
        })),
    }));
  });
}

/** Notes what became of findings. */
export async function setFates(
  storage: StorageManager,
  fates: readonly { readonly run: string; readonly fingerprint: string; readonly fate: Fate }[],
): Promise<void> {
  if (fates.length === 0) return;
  await storage.write(async ({ run: execute }) => {
    for (const { run, fingerprint, fate } of fates)
      await execute(
        `UPDATE findings SET fate = ${textOf(fate)} WHERE run_id = ${textOf(run)} AND fingerprint = ${textOf(fingerprint)}`,
      );
  });
}
