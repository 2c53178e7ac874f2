import { setFlagsFromString } from 'node:v8';
import { lineStarts, toSpan } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { SqlSource, Statement } from '../source.ts';
import { markRebuilds } from './rebuild.ts';
import { type Piece, split } from './split.ts';

type Reader = (
  path: string,
  starts: readonly number[],
  text: string,
  start: number,
  dialect: Dialect,
) => Statement;

/** More statements in one file are a dump of data: to read, prove and judge them all would take minutes. */
const MAX_STATEMENTS = 10_000;

const readers = new Map<'by token' | 'by parser', Reader>();
let readQuery: typeof import('./read-query.ts').readQuery | undefined;

function readerOf(dialect: Dialect): 'by token' | 'by parser' {
  return dialect === 'mysql' || dialect === 'sqlite' ? 'by token' : 'by parser';
}

/** Loads what reads a dialect, once. Without V8's baseline-only compilation the Postgres parser costs one small file six times as much. */
export async function loadSqlReader(dialect: Dialect): Promise<void> {
  const kind = readerOf(dialect);
  if (readers.has(kind)) return;
  if (kind === 'by token') {
    readers.set(kind, (await import('./read-by-token.ts')).readByToken);
    return;
  }
  setFlagsFromString('--liftoff-only');
  const { loadModule } = await import('libpg-query');
  await loadModule();
  readers.set(kind, (await import('./read-statement.ts')).readStatement);
  readQuery = (await import('./read-query.ts')).readQuery;
}

/** The reader of SQL inside other texts. Call {@link loadSqlReader} for Postgres first. */
export function queryReader(): typeof import('./read-query.ts').readQuery {
  if (!readQuery) throw new Error('loadSqlReader() comes first');
  return readQuery;
}

/** Reads one SQL file. Call {@link loadSqlReader} first. A statement that cannot be read costs only itself. */
export function readSql(path: string, text: string, dialect: Dialect): SqlSource {
  const read = readers.get(readerOf(dialect));
  if (!read) throw new Error('loadSqlReader() comes first');
  const starts = lineStarts(text);
  const pieces = split(text, dialect);
  const sql = pieces.filter((piece) => !piece.notSql);
  const found = sql
    .slice(0, MAX_STATEMENTS)
    .map((piece) => statementOf(read, path, starts, text, piece, dialect));
  const rest = sql[MAX_STATEMENTS];
  if (rest) found.push(unparsedRest(path, starts, text, rest.start, sql.length));
  const statements = readerOf(dialect) === 'by token' ? markRebuilds(found) : found;
  const notSql = pieces.flatMap(({ start, end, notSql: what }) =>
    what ? [{ span: toSpan(path, starts, start, end), what }] : [],
  );
  return { path, dialect, statements, notSql };
}

/** All that stands behind the last statement that is read, as one. */
function unparsedRest(
  path: string,
  starts: readonly number[],
  text: string,
  start: number,
  count: number,
): Statement {
  const notModelled = `only the first ${MAX_STATEMENTS} of the file's ${count} statements are read`;
  const span = toSpan(path, starts, start, text.length);
  return { span, text: text.slice(start), operations: [], uses: [], calls: [], notModelled, unparsed: true };
}

function statementOf(
  read: Reader,
  path: string,
  starts: readonly number[],
  text: string,
  piece: Piece,
  dialect: Dialect,
): Statement {
  const own = text.slice(piece.start, piece.end);
  const blank = {
    span: toSpan(path, starts, piece.start, piece.end),
    text: own,
    operations: [],
    uses: [],
    calls: [],
  };
  if (piece.openAt !== undefined) {
    const span = toSpan(path, starts, piece.openAt, Math.min(piece.openAt + 1, piece.end));
    return { ...blank, unread: { message: 'a quote or comment that starts here never ends', span } };
  }
  return read(path, starts, own, piece.start, dialect);
}
