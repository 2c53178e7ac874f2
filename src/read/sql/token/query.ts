import type { QualifiedName } from '../../../schema/name.ts';
import type { OutputDefinition, QueryDefinition } from '../../../schema/operation.ts';
import type { TableUse } from '../../source.ts';
import { Cursor } from './cursor.ts';

/** What a stretch of SQL names, as its tokens show it. */
export interface Named {
  readonly tables: readonly NamedTable[];
  /** Columns with what stands before them: `['o', 'id']`. */
  readonly columns: readonly (readonly string[])[];
  /** Functions, in lower case. */
  readonly calls: readonly string[];
}

interface NamedTable {
  readonly name: QualifiedName;
  readonly start: number;
  readonly end: number;
}

/** One pair of brackets, or the statement itself. */
interface Scope {
  /** SELECT, DELETE or UPDATE was read in it, so that FROM names tables and is no part of a function's own grammar. */
  query: boolean;
  /** The next name, and the one after a comma, is a table. */
  inFrom: boolean;
}

const KEYWORDS = new Set(
  `select distinct all from where group by having order limit offset union except intersect join inner outer left right full
   cross natural straight_join on using as and or not null is in like glob regexp rlike match between case when then else end
   collate exists cast convert true false default current_timestamp current_date current_time localtime localtimestamp
   interval escape div mod xor asc desc nulls first last isnull notnull filter over partition window rows range groups
   preceding following unbounded current row recursive with values set insert into update delete replace ignore returning
   do nothing conflict duplicate key if abort fail rollback raise stored virtual always generated binary force use
   index indexed both leading trailing for separator day hour minute second month year week quarter microsecond
   only lateral materialized unknown deferred immediate`.split(/\s+/),
);

const ALSO_FUNCTIONS =
  /^(replace|left|right|if|mod|year|month|day|hour|minute|second|week|quarter|microsecond|glob|like|insert|convert)$/;

const ENDS_FROM =
  /^(where|group|order|having|limit|union|except|intersect|window|set|values|returning|select)$/;

/** Reads what the rest of a cursor names, in one pass. */
export function namedIn(given: Cursor): Named {
  const cursor = new Cursor(given.reading, given.at, given.end);
  const tables: NamedTable[] = [];
  const columns: string[][] = [];
  const calls = new Set<string>();
  const withNames = new Set<string>();
  const outer: Scope = { query: true, inFrom: false };
  const stack: Scope[] = [outer];
  let wantsTable = false;
  let inCast = 0;
  while (!cursor.done) {
    const scope = stack.at(-1) ?? outer;
    const sign = cursor.sign();
    const word = cursor.word();
    if (sign === '(') {
      stack.push({ query: false, inFrom: wantsTable && !/^(select|with|values)$/.test(cursor.word(1)) });
      wantsTable = stack.at(-1)?.inFrom === true;
      cursor.at++;
    } else if (sign === ')') {
      if (stack.length > 1) stack.pop();
      if (inCast > stack.length) inCast = 0;
      wantsTable = false;
      cursor.at++;
    } else if (sign === ',') {
      wantsTable = scope.inFrom;
      cursor.at++;
    } else if ((word === 'from' && scope.query && !isDistinctFrom(cursor)) || word === 'join') {
      scope.inFrom = true;
      wantsTable = true;
      cursor.at++;
    } else if (word === 'into' || (word === 'update' && cursor.word(-1) !== 'do' && !afterOn(cursor))) {
      wantsTable = true;
      scope.query = true;
      cursor.at++;
    } else if (word === 'collate') {
      cursor.at += 2;
    } else if (ENDS_FROM.test(word)) {
      scope.inFrom = false;
      wantsTable = false;
      if (word === 'select') scope.query = true;
      cursor.at++;
    } else if (word === 'delete' || word === 'values') {
      scope.query = true;
      cursor.at++;
    } else if (
      wantsTable &&
      /^(or|ignore|low_priority|only|lateral|rollback|abort|replace|fail|delayed)$/.test(word)
    ) {
      cursor.at++;
    } else if (cursor.isName() && !(word !== '' && KEYWORDS.has(word) && cursor.sign(1) !== '.')) {
      const start = cursor.offset;
      const parts = partsOf(cursor);
      const isCall = cursor.sign() === '(' && word !== '';
      const isWith = /^(with|recursive)$/.test(before(cursor, parts)) || before(cursor, parts) === ',';
      if (isWith && parts.length === 1 && opensWith(cursor)) withNames.add((parts[0] ?? '').toLowerCase());
      else if (wantsTable && !(isCall && !afterInto(cursor, parts)))
        tables.push(tableOf(cursor, parts, start));
      else if (isCall) {
        calls.add(parts.join('.').toLowerCase());
      } else if (inCast === 0 && !/^as$/i.test(before(cursor, parts))) columns.push(parts);
      wantsTable = false;
    } else {
      if (word === 'as' && inCallOf(stack)) inCast = stack.length;
      if (ALSO_FUNCTIONS.test(word) && cursor.sign(1) === '(') calls.add(word);
      cursor.at++;
    }
  }
  return {
    tables: tables.filter(
      (one) => one.name.schema !== undefined || !withNames.has(one.name.name.toLowerCase()),
    ),
    columns,
    calls: [...calls],
  };
}

function inCallOf(stack: readonly Scope[]): boolean {
  return stack.length > 1 && stack.at(-1)?.query === false;
}

function isDistinctFrom(cursor: Cursor): boolean {
  return cursor.word(-1) === 'distinct' && /^(is|not)$/.test(cursor.word(-2));
}

/** ON UPDATE and FOR UPDATE. */
function afterOn(cursor: Cursor): boolean {
  return /^(on|for|key)$/.test(cursor.word(-1));
}

function partsOf(cursor: Cursor): string[] {
  const parts = [cursor.name()];
  while (cursor.sign() === '.' && cursor.isName(1)) {
    cursor.at++;
    parts.push(cursor.name());
  }
  return parts;
}

/** The word or sign before a name that was just read. */
function before(cursor: Cursor, parts: readonly string[]): string {
  const back = -(parts.length * 2 - 1) - 1;
  return cursor.word(back) || cursor.sign(back);
}

function afterInto(cursor: Cursor, parts: readonly string[]): boolean {
  return before(cursor, parts) === 'into';
}

/** `AS (` or `(columns) AS (` after a name. */
function opensWith(cursor: Cursor): boolean {
  const ahead = new Cursor(cursor.reading, cursor.at, cursor.end);
  if (ahead.sign() === '(') ahead.skip();
  if (!ahead.take('as')) return false;
  ahead.take('not');
  ahead.take('materialized');
  return ahead.sign() === '(';
}

function tableOf(cursor: Cursor, parts: readonly string[], start: number): NamedTable {
  const own = new Cursor(cursor.reading, cursor.at - (parts.length * 2 - 1), cursor.at);
  return { name: own.qualifiedName(), start, end: cursor.endOfPrevious };
}

/** Columns that an expression names, each once. */
export function columnsIn(cursor: Cursor): readonly string[] {
  return [...new Set(namedIn(cursor).columns.flatMap((parts) => parts.at(-1) ?? []))];
}

/** Uses of the tables that the rest of a cursor names, all of one kind. */
export function usesIn(cursor: Cursor, op: TableUse['op']): readonly TableUse[] {
  return namedIn(cursor).tables.map(({ name, start, end }) => ({
    table: name,
    op,
    span: cursor.reading.span(start, end),
  }));
}

/** The query that the rest of a cursor is. */
export function queryDefinition(cursor: Cursor): QueryDefinition {
  const named = namedIn(cursor);
  return {
    text: cursor.rest(),
    relations: named.tables.map((one) => one.name),
    columns: named.columns.flatMap((parts) => {
      const column = parts.at(-1);
      const owner = parts.at(-2);
      if (column === undefined) return [];
      return [owner === undefined ? { column } : { relation: { name: owner }, column }];
    }),
    outputs: outputsOf(
      cursor,
      named.tables.map((one) => one.name),
    ),
  };
}

/** The result's columns, where the name of every one is certain; the type is that of a column which stands by itself. */
function outputsOf(
  given: Cursor,
  relations: readonly QualifiedName[],
): readonly OutputDefinition[] | undefined {
  const cursor = new Cursor(given.reading, given.at, given.end);
  if (!cursor.take('select')) return undefined;
  cursor.takeOneOf('distinct', 'all');
  const from = cursor.at;
  while (!cursor.done && !/^(from|where|group|order|limit|union|except|intersect)$/.test(cursor.word()))
    cursor.skip();
  const outputs: OutputDefinition[] = [];
  for (const part of new Cursor(cursor.reading, from, cursor.at).parts()) {
    const length = part.end - part.at;
    const last = new Cursor(part.reading, part.end - 1, part.end);
    const named = length === 1 || part.sign(length - 2) === '.' || part.word(length - 2) === 'as';
    if (!named || !last.isName()) return undefined;
    const name = last.name();
    const alone = length === 1 || (length === 3 && part.sign(1) === '.');
    outputs.push({ name, ...(alone ? { column: { relations, column: name } } : {}) });
  }
  return outputs;
}
