import type { Node } from 'oxc-parser';
import type { Span } from '../../change/span.ts';
import type { QualifiedName } from '../../schema/name.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { Query, QueryColumn, QueryTable, SqlReading } from '../query.ts';
import { type NamedUse, namesAfterKeywords } from '../sql/names-after-keywords.ts';
import { queryReader } from '../sql/read-sql.ts';
import type { CodeModule } from './module.ts';
import { type Assembled, anotherChoice, assemble, type Fill, type Piece, toPieces } from './sql-pieces.ts';
import type { Part } from './text.ts';
import { farther, type Via } from './trail.ts';

/** The SQL that stands in code, read. */
export interface EmbeddedSql extends SqlReading, Pick<Query, 'inDialect'> {
  /** Whether a parser takes it whole, that of any dialect; else only names after FROM, JOIN, INTO and UPDATE count. */
  readonly isParsed: boolean;
  /** Set where its placeholders are those of another kind of database. */
  readonly database?: string;
}

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
/** A longer text is not kept with what was read of it. */
const LONGEST_KEPT = 4_000;

/**
 * Reads SQL put together from parts as Postgres would, and as MySQL and SQLite would where that says something else; undefined
 * where it is no statement at all.
 */
export function readEmbeddedSql(parts: readonly Part[], whole: Span, fill: Fill): EmbeddedSql | undefined {
  const declared = new Map<string, string>();
  const pieces = toPieces(parts, fill, declared);
  if (!isStatement(assemble(pieces, [], 'postgres').text)) return undefined;
  const read = readPieces(pieces, whole, declared);
  return (
    read && {
      ...read,
      database: read.database ?? (parts.some(isBesideClickhouse) ? 'clickhouse' : undefined),
    }
  );
}

/** Whether a text is written in a module that speaks to ClickHouse and to no other database: names of tables stand beside its client. */
function isBesideClickhouse(part: Part): boolean {
  if (part.kind !== 'text') return false;
  const { sources } = part.writtenIn ?? part.module;
  return (
    sources.some((source) => /^@clickhouse\/client(-web)?$/.test(source)) &&
    !sources.some((source) => SQL_CLIENT.test(source))
  );
}

const SQL_CLIENT =
  /^(pg|postgres|slonik|mysql2?|better-sqlite3|sqlite3?|knex|kysely|typeorm|sequelize|objection|drizzle-orm|@prisma\/client|@mikro-orm\/.+|@libsql\/client)(\/|$)/;

/**
 * Reads SQL that is part of a statement which is written elsewhere, and holds a query of its own: `EXISTS (SELECT …)`; undefined
 * where it holds none. Names without a table's before them may be of what is around it.
 */
export function readSqlPart(
  tag: Extract<Node, { type: 'TaggedTemplateExpression' }>,
  module: CodeModule,
  parts: readonly Part[],
  fill: Fill,
): EmbeddedSql | undefined {
  const declared = new Map<string, string>();
  const pieces = toPieces(parts, fill, declared);
  if (!/\(\s*select\b/i.test(assemble(pieces, [], 'postgres').text)) return undefined;
  const before: Piece = { kind: 'name', text: 'SELECT ', module, node: tag, via: 'literal' };
  const read = readPieces([before, ...pieces], module.span(tag), declared);
  if (!read?.isParsed) return undefined;
  const open = (one: SqlReading): Partial<SqlReading> => ({
    columns: one.columns.map((column) => ({ ...column, perhaps: true })),
    columnsComplete: false,
    hasFilter: undefined,
  });
  return inEveryDialect(read, open);
}

/** The same with each of its readings changed, whatever kind of database it is of. */
export function inEveryDialect<T extends SqlReading & Pick<Query, 'inDialect'>>(
  read: T,
  change: (one: SqlReading) => Partial<SqlReading>,
): T {
  const { inDialect } = read;
  if (!inDialect) return { ...read, ...change(read) };
  const { mysql, sqlite } = inDialect;
  const changed = (one: SqlReading | 'refused') => (one === 'refused' ? one : { ...one, ...change(one) });
  return {
    ...read,
    ...change(read),
    inDialect: { ...(mysql && { mysql: changed(mysql) }), ...(sqlite && { sqlite: changed(sqlite) }) },
  };
}

function readPieces(
  pieces: readonly Piece[],
  whole: Span,
  declared: ReadonlyMap<string, string>,
): EmbeddedSql | undefined {
  const { text } = assemble(pieces, [], 'postgres');
  if (text.length > LONGEST) return undefined;
  const database = CLICKHOUSE.test(text) ? 'clickhouse' : undefined;
  const first = readIn('postgres', pieces, whole, declared);
  const others = database ? [] : (['mysql', 'sqlite'] as const);
  const inDialect = Object.fromEntries(
    others.flatMap((dialect) => {
      const read = readIn(dialect, pieces, whole, declared) ?? 'refused';
      return read === 'refused' || !isSame(read, first) ? [[dialect, read] as const] : [];
    }),
  );
  const isParsed = first !== undefined || Object.values(inDialect).some((read) => read !== 'refused');
  const differs = isParsed && Object.keys(inDialect).length > 0;
  return {
    ...(first ?? namesIn(pieces, declared)),
    isParsed,
    database,
    ...(differs ? { inDialect } : {}),
  };
}

/** What the pieces say in a dialect; undefined where its parser refuses them with whatever stands for unknown values. */
function readIn(
  dialect: Dialect,
  pieces: readonly Piece[],
  whole: Span,
  declared: ReadonlyMap<string, string>,
): SqlReading | undefined {
  const choices: number[] = pieces.map(() => 0);
  const tried = new Set<string>();
  for (let round = 0; round < TRIES; round++) {
    const sql = assemble(pieces, choices, dialect);
    tried.add(choices.join());
    const read = queryReader(dialect)(sql.text, dialect, whole, sql.span);
    if (read.parts) {
      const { tables, columns, complete, hasLimit, hasFilter } = read.parts;
      const isWhole =
        dialect === 'postgres' && sql.exact && !isMark(sql.text) && sql.text.length < LONGEST_KEPT;
      return {
        ...(isWhole && read.statements === 1 ? { text: sql.text } : {}),
        tables: tables.map((use) => tableOf(use, sql, declared)),
        columns: columns.filter((one) => !isMark(one.column)).map(withoutMarks),
        columnsComplete: complete && sql.exact,
        hasLimit,
        // an unknown part of the text may hold the condition
        hasFilter: hasFilter === false && !sql.exact ? undefined : hasFilter,
        partly: false,
      };
    }
    if (!anotherChoice(choices, pieces, sql, read.offset, tried)) return undefined;
  }
  return undefined;
}

/** Tables only, by the words before them. */
function namesIn(pieces: readonly Piece[], declared: ReadonlyMap<string, string>): SqlReading {
  const sql = assemble(pieces, [], 'postgres');
  const tables = namesAfterKeywords(sql.text, sql.span).map((use) => tableOf(use, sql, declared));
  return { tables, columns: [], columnsComplete: false, hasLimit: false, partly: true };
}

function isSame(one: SqlReading, other: SqlReading | undefined): boolean {
  return other !== undefined && inOrder(one) === inOrder(other);
}

/** A reading as a text, however its reader walks. */
function inOrder({ tables, columns, columnsComplete, hasLimit, hasFilter }: SqlReading): string {
  const sorted = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort();
  return JSON.stringify([sorted(tables), sorted(columns), columnsComplete, hasLimit, hasFilter]);
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
