import type { Span } from '../change/span.ts';
import type { Identities } from '../facts/identity.ts';
import type { Row, Value } from '../prove/scratch.ts';
import { split } from '../read/sql/split.ts';
import type { LineClaim } from './line-claims.ts';
import { type Load, loadText } from './load.ts';
import { placeholdersOf } from './message.ts';
import type { Claim, Rule, Severity } from './rule.ts';

/** Severities by rule id that the configuration sets in place of the pages' own. */
export type Severities = Readonly<Record<string, Severity | 'off'>>;

/** What a rule's row lacks, in words for its author. */
export class RowError extends Error {}

/** A claim and its subject's identities in the facts. */
export interface FoundClaim {
  readonly claim: Claim;
  /** Identity in the facts. */
  readonly factId?: number;
  /** Why its rule leaves it open: it is named with its place, and is no finding. */
  readonly doubt?: string;
}

const PLACE = new Set([
  'line',
  'col',
  'end_line',
  'end_col',
  'chain',
  'table_id',
  'related_table_id',
  'severity',
  'doubt',
  'proved_by',
  'proof',
  'trial',
  'trial_on',
  'trial_otherwise',
  'profile_calls',
  'profile_ms',
  'profile_days',
  'profile_rows_read',
  'profile_rows_kept',
  'profile_table_rows',
  'profile_scans',
]);
const LEVELS: readonly unknown[] = ['error', 'warning', 'note'] satisfies readonly Severity[];

/** The severity of a rule: the configuration's word, else the page's. */
export function severityOf(rule: Rule, severities: Severities): Severity | 'off' {
  return Object.hasOwn(severities, rule.id) ? (severities[rule.id] ?? rule.severity) : rule.severity;
}

/** Turns one row of a rule's query into its claim; throws a {@link RowError} where the row says too little. */
export function toClaim(rule: Rule, row: Row, ids: Identities, severities: Severities): FoundClaim {
  const severity = severityOfRow(rule, row, severities);
  const factId = integer(row, 'table_id');
  const about = factId === undefined ? undefined : ids.fromFact(factId);
  const relatedId = integer(row, 'related_table_id');
  const related = relatedId === undefined ? undefined : ids.fromFact(relatedId);
  const values = valuesOf(row);
  if (about?.names) values.table ??= about.names.shown;
  if (related?.names) values.related_table ??= related.names.shown;
  requireValues(rule, values);
  const { table } = values;
  const columns = values.columns;
  const load = loadOf(row);
  const told = load && loadText(load);
  const doubt = text(row.doubt);
  return {
    factId,
    ...(doubt === undefined ? {} : { doubt }),
    claim: {
      rule: rule.id,
      severity,
      span: spanOf(row),
      chain: text(row.chain) ?? about?.chain.id ?? related?.chain.id,
      tableId: about?.id,
      relatedTableId: related?.id,
      columns: typeof columns === 'string' ? [columns] : columns,
      object: text(row.object),
      table: typeof table === 'string' ? table : undefined,
      message: told === undefined ? rule.message : `${rule.message} {in_profile}`,
      values: told === undefined ? values : Object.assign(values, { in_profile: told }),
      ...(load ? { load } : {}),
      evidence: evidenceOf(row),
      ...trialOf(rule, row),
    },
  };
}

/** What the line itself claims, with the severity and message of its page; undefined where that is off. */
export function claimOf(rule: Rule, line: LineClaim, severities: Severities = {}): Claim | undefined {
  const severity = severityOf(rule, severities);
  if (severity === 'off') return undefined;
  const values: Values = Object.assign(Object.create(null), line.values);
  requireValues(rule, values);
  const { span, chain, object, evidence } = line;
  return { rule: rule.id, severity, span, chain, object, message: rule.message, values, evidence };
}

type Values = Record<string, string | readonly string[]>;

function severityOfRow(rule: Rule, row: Row, severities: Severities): Severity {
  const configured = severityOf(rule, severities);
  const own = row.severity;
  if (own !== undefined && own !== null && !LEVELS.includes(own))
    throw new RowError(`its \`severity\` is ${JSON.stringify(own)}: error, warning or note is meant`);
  if (configured !== rule.severity && configured !== 'off') return configured;
  if (own !== undefined && own !== null) return own as Severity; // one of LEVELS
  return configured === 'off' ? 'note' : configured;
}

/** What the row returns for its message and its safe way: every column but identities and positions; NULLs left out. */
function valuesOf(row: Row): Values {
  const values: Values = Object.create(null);
  for (const [name, value] of Object.entries(row)) {
    if (PLACE.has(name) || value === null) continue;
    values[name] = isList(value) ? value.map(valueText) : valueText(value);
  }
  return values;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function valueText(value: Value): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function requireValues(rule: Rule, values: Values): void {
  for (const { name } of placeholdersOf(rule.message))
    if (values[name] === undefined)
      throw new RowError(`its message names {${name}}, for which the query returns NULL or nothing`);
}

/** What a profile says of the claim, where the row has any of it. */
function loadOf(row: Row): Load | undefined {
  const load: Load = {
    ...given('calls', row.profile_calls),
    ...given('milliseconds', row.profile_ms),
    ...given('days', row.profile_days),
    ...given('rowsRead', row.profile_rows_read),
    ...given('rowsKept', row.profile_rows_kept),
    ...given('tableRows', row.profile_table_rows),
    ...given('scans', row.profile_scans),
  };
  return Object.keys(load).length > 0 ? load : undefined;
}

/** Sums of whole numbers come as texts, for they may be larger than numbers of JavaScript are exact. */
function given(name: keyof Load, value: Value | undefined): Load {
  const number = value === undefined || value === null ? Number.NaN : Number(value);
  return Number.isFinite(number) ? { [name]: number } : {};
}

/** A row that names an engine stands on what that said. */
function evidenceOf(row: Row): Claim['evidence'] {
  const engine = text(row.proved_by);
  return engine === undefined ? undefined : { kind: 'proved', engine, text: text(row.proof) ?? '' };
}

/** The trial of a row; none where its columns are NULL. */
function trialOf({ trial }: Rule, row: Row): Pick<Claim, 'trial'> {
  const on = row.trial_on ?? (row.trial ? 'head' : null);
  if (!trial || on === null) return {};
  const { expect } = trial;
  if (on === 'change') return { trial: { expect, on } };
  if (on !== 'base' && on !== 'head')
    throw new RowError(`its \`trial_on\` is ${JSON.stringify(on)}: base, head or change is meant`);
  const statement = text(row.trial);
  if (statement === undefined) return {};
  const { length } = split(statement, 'postgres').filter((piece) => piece.notSql === undefined);
  if (length !== 1) throw new RowError(`its \`trial\` has ${length} statements: a trial is one`);
  const otherwise = text(row.trial_otherwise);
  return { trial: { expect, on, statement, ...(otherwise === undefined ? {} : { otherwise }) } };
}

function spanOf(row: Row): Span {
  const path = text(row.path);
  const line = integer(row, 'line');
  if (path === undefined || path === '' || line === undefined || line < 1)
    throw new RowError(
      'its query returns no position: `path` and `line` (better also `col`, `end_line`, `end_col`) are needed',
    );
  const column = integer(row, 'col') ?? 1;
  const endLine = integer(row, 'end_line') ?? line;
  return { path, line, column, endLine, endColumn: integer(row, 'end_col') ?? column };
}

function text(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function integer(row: Row, name: string): number | undefined {
  const value = row[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new RowError(`its \`${name}\` is ${JSON.stringify(value)}: a whole number is meant`);
  return value;
}
