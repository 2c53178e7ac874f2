import { setFlagsFromString } from 'node:v8';
import { lineStarts, toSpan } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { SqlSource, Statement } from '../source.ts';
import { type Reading, readingOf } from './reading.ts';
import { markRebuilds } from './rebuild.ts';
import { type Piece, split } from './split.ts';

type Reader = (reading: Reading) => Statement;

/** More statements in one file are a dump of data: to read, prove and judge them all would take minutes. */
const MAX_STATEMENTS = 10_000;

const readers = new Map<'by token' | 'by parser', Reader>();
const queryReaders = new Map<'by token' | 'by parser', typeof import('./read-query.ts').readQuery>();

function readerOf(dialect: Dialect): 'by token' | 'by parser' {
  return dialect === 'mysql' || dialect === 'sqlite' ? 'by token' : 'by parser';
}

/** Loads what reads a dialect, once. Without V8's baseline-only compilation the Postgres parser costs one small file six times as much. */
export async function loadSqlReader(dialect: Dialect): Promise<void> {
  const kind = readerOf(dialect);
  if (queryReaders.has(kind)) return;
  if (kind === 'by token') {
    const { readByToken } = await import('./read-by-token.ts');
    const { readQueryByToken } = await import('./read-query-by-token.ts');
    readers.set(kind, readByToken);
    queryReaders.set(kind, readQueryByToken); // both at once: others may be waiting for the one or the other
    return;
  }
  setFlagsFromString('--liftoff-only');
  const { loadModule } = await import('libpg-query');
  await loadModule();
  const { readStatement } = await import('./read-statement.ts');
  const { readQuery } = await import('./read-query.ts');
  readers.set(kind, readStatement);
  queryReaders.set(kind, readQuery);
}

/** The reader of queries, also of those inside other texts. Call {@link loadSqlReader} first. */
export function queryReader(dialect: Dialect): typeof import('./read-query.ts').readQuery {
  const read = queryReaders.get(readerOf(dialect));
  if (!read) throw new Error('loadSqlReader() comes first');
  return read;
}

/** Reads one SQL file. Call {@link loadSqlReader} first. A statement that cannot be read costs only itself. */
export function readSql(path: string, text: string, dialect: Dialect): SqlSource {
  const starts = lineStarts(text);
  const { statements, notSql } = readText(text, dialect, (start, end) => toSpan(path, starts, start, end));
  return { path, dialect, statements: withRebuilds(statements, dialect), notSql };
}

/** The statements of one file with the tables marked that it makes anew. */
export function withRebuilds(statements: readonly Statement[], dialect: Dialect): readonly Statement[] {
  return readerOf(dialect) === 'by token' ? markRebuilds(statements) : statements;
}

/** Reads SQL text of which `span` tells where each stretch stands. Call {@link loadSqlReader} first. */
export function readText(
  text: string,
  dialect: Dialect,
  span: Reading['span'],
): Pick<SqlSource, 'statements' | 'notSql'> {
  const read = readers.get(readerOf(dialect));
  if (!read) throw new Error('loadSqlReader() comes first');
  const pieces = split(text, dialect);
  const sql = pieces.filter((piece) => !piece.notSql);
  const statements = sql
    .slice(0, MAX_STATEMENTS)
    .map((piece) => statementOf(read, text, piece, dialect, span));
  const rest = sql[MAX_STATEMENTS];
  if (rest) statements.push(unparsedRest(text, rest.start, sql.length, span));
  const notSql = pieces.flatMap(({ start, end, notSql: what }) =>
    what ? [{ span: span(start, end), what }] : [],
  );
  return { statements, notSql };
}

/** All that stands behind the last statement that is read, as one. */
function unparsedRest(text: string, start: number, count: number, span: Reading['span']): Statement {
  const notModelled = `only the first ${MAX_STATEMENTS} of the file's ${count} statements are read`;
  return {
    ...{ span: span(start, text.length), text: text.slice(start), operations: [], uses: [], calls: [] },
    ...{ notModelled, unparsed: true },
  };
}

function statementOf(
  read: Reader,
  text: string,
  { start, end, openAt }: Piece,
  dialect: Dialect,
  span: Reading['span'],
): Statement {
  const own = text.slice(start, end);
  const whole = span(start, end);
  if (openAt !== undefined) {
    const at = span(openAt, Math.min(openAt + 1, end));
    const unread = { message: 'a quote or comment that starts here never ends', span: at };
    return { span: whole, text: own, operations: [], uses: [], calls: [], unread };
  }
  return read(readingOf(own, dialect, whole, (from, to) => span(start + from, start + to)));
}
