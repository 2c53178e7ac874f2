import { startOfFile } from '../../change/span.ts';
import { findTable } from '../../schema/lookup.ts';
import type { QualifiedName } from '../../schema/name.ts';
import { type BoundQuery, bindQuery } from '../bind-uses.ts';
import type { ChainChange } from '../chain-change.ts';
import { tokensOf } from '../sql/lex.ts';
import { queryReader } from '../sql/read-sql.ts';
import type { Candidate } from '../tables-named.ts';
import type { Entries, ScanEntry, StatementEntry } from './entry.ts';
import type { MeasuredIndex, MeasuredQuery, MeasuredTable, ProfileFile } from './profile.ts';

/** So many statements of a file are parsed: those that took the most time. */
const MOST_PARSED = 3_000;

/** What a file says of the tables of chains. */
export interface BoundEntries {
  readonly queries: readonly MeasuredQuery[];
  readonly tables: readonly MeasuredTable[];
  readonly indexes: readonly MeasuredIndex[];
  /** How many statements were left out for their number. */
  readonly left: number;
}

/** Binds what a file lists to the tables of chains, as they were before the change: that is what was measured. */
export function bindEntries(
  entries: Entries,
  file: ProfileFile,
  chains: readonly ChainChange[],
): BoundEntries {
  const candidates = chains
    .filter(({ id }) => file.chain === undefined || id === file.chain)
    .map(({ baseSchema, headSchema }): Candidate => [baseSchema, headSchema]);
  const about = { source: entries.source, profile: file.path, ...(file.days ? { days: file.days } : {}) };
  const words = namesOf(candidates);
  const concerned = shapesOf(entries.statements)
    .filter(({ words: own }) => own.some((word) => words.has(word)))
    .sort((a, b) => (b.milliseconds ?? 0) - (a.milliseconds ?? 0));
  const parsed = concerned.slice(0, MOST_PARSED);
  return {
    left: concerned.length - parsed.length,
    queries: [
      ...parsed.flatMap(({ text, shape, calls, milliseconds, rows }) => {
        const query = readQuery(text, about, candidates);
        return query ? [{ ...about, shape, query, calls, milliseconds, rows }] : [];
      }),
      ...entries.scans.flatMap((scan) => measuredScan(scan, about, candidates)),
    ],
    tables: entries.tables.flatMap(({ table, ...counters }) =>
      homesOf(table, candidates).map((home) => ({ ...about, ...home, ...counters })),
    ),
    indexes: entries.indexes.flatMap(({ table, ...counters }) =>
      homesOf(table, candidates).map((home) => ({ ...about, ...home, ...counters })),
    ),
  };
}

type About = Pick<MeasuredQuery, 'source' | 'profile' | 'days'>;

interface Shape extends StatementEntry {
  /** The text with `?` in the place of values. */
  readonly shape: string;
  readonly words: readonly string[];
}

/** Statements that differ in values alone, or are counted once for each user and database, as one. */
function shapesOf(statements: readonly StatementEntry[]): readonly Shape[] {
  const shapes = new Map<string, Shape>();
  for (const one of statements) {
    const { shape, words } = shapeOf(one.text);
    const known = shapes.get(shape);
    const sum = (a: number | undefined, b: number | undefined) =>
      a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
    shapes.set(shape, {
      ...{ shape, words, text: known?.text ?? one.text },
      calls: one.calls + (known?.calls ?? 0),
      milliseconds: sum(one.milliseconds, known?.milliseconds),
      rows: sum(one.rows, known?.rows),
    });
  }
  return [...shapes.values()];
}

/** `SELECT id FROM orders WHERE state = ? AND id IN ( ? )` and the words of it in lower case. */
export function shapeOf(text: string): Pick<Shape, 'shape' | 'words'> {
  const tokens = tokensOf(text, 'postgres').map(({ kind, start, end }) => ({
    kind,
    text: text.slice(start, end),
  }));
  const parts: string[] = [];
  const words: string[] = [];
  for (const [at, { kind, text: part }] of tokens.entries()) {
    const before = tokens[at - 1];
    const isValue = kind === 'string' || kind === 'number';
    if (kind === 'number' && before?.text === '$') parts[parts.length - 1] = '?';
    else parts.push(isValue ? '?' : part);
    if (kind === 'word' || kind === 'name') words.push(part.replaceAll('"', '').toLowerCase());
    while (parts.at(-1) === '?' && parts.at(-2) === ',' && parts.at(-3) === '?') parts.splice(-2);
  }
  return { shape: parts.join(' '), words };
}

function namesOf(candidates: readonly Candidate[]): ReadonlySet<string> {
  const tables = candidates.flatMap((schemas) => schemas.flatMap((schema) => [...schema.tables.values()]));
  return new Set(tables.map(({ name }) => name.toLowerCase()));
}

/** Undefined where it cannot be read, or is of no table of a chain. */
function readQuery(
  text: string,
  { source, profile }: About,
  candidates: readonly Candidate[],
): BoundQuery | undefined {
  const dialect = source === 'duckdb' ? 'duckdb' : 'postgres';
  const span = startOfFile(profile);
  const { parts } = queryReader(dialect)(text, dialect, span, () => span);
  if (!parts) return undefined;
  const { tables, columns, complete: columnsComplete, hasLimit, hasFilter } = parts;
  const query = { family: 'sql', span, columns, columnsComplete, hasLimit, hasFilter };
  const uses = tables.map((use) => ({ ...use, resolvedBy: 'literal' as const }));
  const bound = bindQuery({ ...query, tables: uses }, candidates, () => undefined);
  return bound?.chain === undefined ? undefined : bound;
}

/** A scan is read as the query that asks for the same rows of that table. */
function measuredScan(
  { table, alias, condition, isWhole, rowsRead, rowsKept, milliseconds }: ScanEntry,
  about: About,
  candidates: readonly Candidate[],
): readonly MeasuredQuery[] {
  const from = `SELECT 1 FROM ${nameSql(table)}${alias === undefined ? '' : ` AS ${quoted(alias)}`}`;
  const query =
    (condition === undefined ? undefined : readQuery(`${from} WHERE ${condition}`, about, candidates)) ??
    readQuery(from, about, candidates);
  return query ? [{ ...about, query, milliseconds, scan: { isWhole, rowsRead, rowsKept } }] : [];
}

function nameSql({ schema, name }: QualifiedName): string {
  return [schema, name].flatMap((part) => (part === undefined ? [] : [quoted(part)])).join('.');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The table of that name, where one chain alone has it. */
function homesOf(
  name: QualifiedName,
  candidates: readonly Candidate[],
): readonly { readonly chain: string; readonly tableId: number }[] {
  const found = candidates.flatMap((schemas) => {
    const table = schemas.map((schema) => findTable(schema, name)).find((one) => one !== undefined);
    const chain = schemas[0]?.chain;
    return table && chain !== undefined ? [{ chain, tableId: table.id }] : [];
  });
  return found.length === 1 ? found : [];
}
