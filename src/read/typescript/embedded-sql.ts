import type { Node } from 'oxc-parser';
import type { Span } from '../../change/span.ts';
import type { QualifiedName } from '../../schema/name.ts';
import type { QueryColumn, QueryTable } from '../query.ts';
import { type NamedUse, namesAfterKeywords } from '../sql/names-after-keywords.ts';
import { queryReader } from '../sql/read-sql.ts';
import { type Filling, fillings } from './fill-hole.ts';
import type { CodeModule } from './module.ts';
import { type Part, spanWithin, whyUnknown } from './text.ts';
import { farther, type Via } from './trail.ts';

/** The SQL that stands in code, read. */
export interface EmbeddedSql {
  readonly tables: readonly QueryTable[];
  readonly columns: readonly QueryColumn[];
  readonly columnsComplete: boolean;
  readonly hasLimit: boolean;
  readonly hasFilter?: boolean;
  /** `parsed`: by the parser; `tables only`: the parser refuses it, and only names after FROM, JOIN, INTO and UPDATE count. */
  readonly how: 'parsed' | 'tables only';
  /** Set where its placeholders are those of another kind of database. */
  readonly database?: string;
}

/** A stretch of SQL text: as written, or put in the place of something else. */
type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly part: Extract<Part, { kind: 'text' }> }
  | {
      readonly kind: 'name';
      readonly text: string;
      readonly module: CodeModule;
      readonly node: Node;
      readonly via: Via;
    }
  | { readonly kind: 'hole'; readonly module: CodeModule; readonly node: Node; readonly why: string };

/** What a family makes of a value inside SQL text. */
export type Filled =
  /** A name of a table or column, quoted where it must be. */
  | { readonly kind: 'name'; readonly text: string; readonly via: Via; readonly declaredIn?: string }
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | undefined;

/** Makes of a value that is no text what it stands for. */
export type Fill = (part: Extract<Part, { kind: 'hole' }>) => Filled;

const STATEMENT =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(select|insert|update|delete|with|merge|truncate|replace|values|create|alter|drop|lock|copy|explain|refresh|vacuum|analyze)\b/i;

/** Whether a text begins as a statement of SQL does. */
export function isStatement(text: string): boolean {
  return STATEMENT.test(text);
}

/** The text that parts say at their beginning, up to the first unknown value. */
export function beginning(parts: readonly Part[]): string {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'hole') break;
    text += part.text;
    if (text.length > 400) break;
  }
  return text;
}

/** Parameters and functions that only ClickHouse has. */
const CLICKHOUSE =
  /\{\s*\w+\s*:\s*(?:U?Int|Float|String|Array|DateTime|Date|Nullable|UUID|Bool|Decimal|Identifier)|\b(?:countIf|sumIf|argMax|argMin|arrayJoin|uniqExact|uniqMerge|groupArray|quantile\w*|toStartOf\w+|toDateTime64?)\s*\(|\bPREWHERE\b/;

/** Times that a text is tried with other words in the place of unknown values. */
const TRIES = 12;
const LONGEST = 100_000;

/** Reads SQL put together from parts; undefined where it is no statement at all. */
export function readEmbeddedSql(parts: readonly Part[], whole: Span, fill: Fill): EmbeddedSql | undefined {
  const declared = new Map<string, string>();
  const pieces = toPieces(parts, fill, declared);
  const first = assemble(pieces, []);
  if (!isStatement(first.text) || first.text.length > LONGEST) return undefined;
  const database = CLICKHOUSE.test(first.text) ? 'clickhouse' : undefined;

  const choices: number[] = pieces.map(() => 0);
  const tried = new Set<string>();
  let sql = first;
  for (let round = 0; round < TRIES; round++) {
    tried.add(choices.join());
    const read = queryReader()(sql.text, 'postgres', whole, sql.span);
    if (read.parts) {
      const tables = read.parts.tables.map((use) => tableOf(use, sql, declared));
      const columnsComplete = read.parts.complete && sql.exact;
      const columns = read.parts.columns.filter((one) => !isMark(one.column)).map(withoutMarks);
      const { hasLimit } = read.parts;
      // an unknown part of the text may hold the condition
      const hasFilter = read.parts.hasFilter === false && !sql.exact ? undefined : read.parts.hasFilter;
      return { tables, columns, columnsComplete, hasLimit, hasFilter, how: 'parsed', database };
    }
    if (!anotherChoice(choices, pieces, sql, read.offset, tried)) break;
    sql = assemble(pieces, choices);
  }
  const tables = namesAfterKeywords(first.text, first.span).map((use) => tableOf(use, first, declared));
  return { tables, columns: [], columnsComplete: false, hasLimit: false, how: 'tables only', database };
}

function toPieces(parts: readonly Part[], fill: Fill, declared: Map<string, string>, depth = 0): Piece[] {
  return parts.flatMap((part): Piece[] => {
    if (part.kind === 'text') return plainPieces(part);
    const filled = depth < 8 ? fill(part) : undefined;
    if (filled?.kind === 'parts') return toPieces(filled.parts, fill, declared, depth + 1);
    const { module, node } = part;
    if (!filled) return [{ kind: 'hole', module, node, why: whyUnknown(part.traced) }];
    if (filled.declaredIn !== undefined) declared.set(filled.text, filled.declaredIn);
    return [{ kind: 'name', text: filled.text, module, node, via: filled.via }];
  });
}

/** A text without what only other dialects or templates have: `{{name}}`, and back ticks for quotes. */
function plainPieces(part: Extract<Part, { kind: 'text' }>): Piece[] {
  const text = part.text
    .replace(/`/g, '"')
    .replace(/\{\{[^{}]*\}\}/g, (found) => `$1${' '.repeat(found.length - 2)}`);
  return [{ kind: 'text', text, part }];
}

interface Assembled {
  readonly text: string;
  /** Where each piece begins. */
  readonly starts: readonly number[];
  /** Whether no unknown value may hide a column. */
  readonly exact: boolean;
  span(start: number, end: number): Span;
  pieceAt(offset: number): number;
  readonly pieces: readonly Piece[];
}

function fillingsAt(pieces: readonly Piece[], index: number, before: string): readonly Filling[] {
  const next = pieces[index + 1];
  const after = next && next.kind !== 'hole' ? next.text : '';
  return fillings(before, after, `tw_hole_${index}`);
}

function assemble(pieces: readonly Piece[], choices: readonly number[]): Assembled {
  const starts: number[] = [];
  let text = '';
  let exact = true;
  pieces.forEach((piece, index) => {
    starts.push(text.length);
    if (piece.kind === 'hole') {
      const all = fillingsAt(pieces, index, text);
      const chosen = all[Math.min(choices[index] ?? 0, all.length - 1)];
      text += chosen?.text ?? '';
      exact &&= chosen?.exact ?? false;
    } else if ((choices[index] ?? 0) > 0 && piece.kind === 'text') text += withParameters(piece.text);
    else text += piece.text;
  });
  const pieceAt = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const span = (start: number, end: number): Span => {
    const index = pieceAt(start);
    const piece = pieces[index];
    if (!piece) return { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
    if (piece.kind !== 'text') return piece.module.span(piece.node);
    const from = starts[index] ?? 0;
    return spanWithin(piece.part, start - from, end - from);
  };
  return { text, starts, exact, span, pieceAt, pieces };
}

/** `?` and `:name` as other drivers write parameters, of the same length. */
function withParameters(text: string): string {
  return text.replace(/'[^']*'|"[^"]*"|--[^\n]*|::|\?|:[A-Za-z_]\w*/g, (found) =>
    found === '?' ? '0' : /^:[A-Za-z]/.test(found) ? `$1${' '.repeat(Math.max(found.length - 2, 0))}` : found,
  );
}

/** Changes the choice of the unknown value nearest to where the parser gave up; false when every one was tried. */
function anotherChoice(
  choices: number[],
  pieces: readonly Piece[],
  sql: Assembled,
  offset: number,
  tried: ReadonlySet<string>,
): boolean {
  const at = sql.pieceAt(offset);
  const order = pieces
    .map((_, index) => index)
    .filter((index) => pieces[index]?.kind !== 'name')
    .sort((a, b) => Math.abs(a - at) - Math.abs(b - at) || (a > at ? 1 : 0) - (b > at ? 1 : 0));
  for (const index of order) {
    const piece = pieces[index];
    const before = sql.text.slice(0, sql.starts[index]);
    const count =
      piece?.kind === 'hole'
        ? fillingsAt(pieces, index, before).length
        : piece?.kind === 'text' && withParameters(piece.text) !== piece.text
          ? 2
          : 1;
    for (let choice = 0; choice < count; choice++) {
      const next = choices.with(index, choice);
      if (tried.has(next.join())) continue;
      choices[index] = choice;
      return true;
    }
  }
  return false;
}

const MARK = /tw_hole_(\d+)/;

function isMark(name: string): boolean {
  return MARK.test(name);
}

/** A literal that an unknown value is part of is none. */
function withoutMarks({ values, ...column }: QueryColumn): QueryColumn {
  const known = values?.filter((value) => !isMark(value)) ?? [];
  return known.length > 0 ? { ...column, values: known } : column;
}

function tableOf(
  { table, op, span }: NamedUse,
  sql: Assembled,
  declared: ReadonlyMap<string, string>,
): QueryTable {
  const mark = MARK.exec(table.name) ?? MARK.exec(table.schema ?? '');
  if (mark) {
    const hole = sql.pieces[Number(mark[1])];
    const whyUnresolved = hole?.kind === 'hole' ? hole.why : 'it is put together at run time';
    return { whyUnresolved, op, span, resolvedBy: 'literal' };
  }
  const origin = sql.pieces.find((piece) => piece.kind === 'name' && isNamed(piece.text, table));
  const via = origin?.kind === 'name' ? origin.via : viaOfText(sql.pieces, table.name);
  const declaredIn = origin?.kind === 'name' ? declared.get(origin.text) : undefined;
  return { table, op, span, resolvedBy: via, declaredIn };
}

/** How far the texts had to be followed that hold a name, or parts of it. */
function viaOfText(pieces: readonly Piece[], name: string): Via {
  return pieces.reduce<Via>((far, piece) => {
    if (piece.kind !== 'text') return far;
    const text = piece.text.trim();
    return piece.text.includes(name) || (text !== '' && name.includes(text))
      ? farther(far, piece.part.via)
      : far;
  }, 'literal');
}

function isNamed(text: string, { schema, name }: QualifiedName): boolean {
  const quoted = [schema, name].flatMap((part) => (part === undefined ? [] : [`"${part}"`])).join('.');
  return text === quoted;
}
