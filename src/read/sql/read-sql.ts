import { setFlagsFromString } from 'node:v8';
import { lineStarts, toSpan } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { SqlSource, Statement } from '../source.ts';
import { type Piece, split } from './split.ts';

type Reader = (
  path: string,
  starts: readonly number[],
  text: string,
  start: number,
  dialect: Dialect,
) => Statement;

let readStatement: Reader | undefined;
let readQuery: typeof import('./read-query.ts').readQuery | undefined;

/** Loads the Postgres parser, once. Without V8's baseline-only compilation one small file costs six times as much. */
export async function loadSqlParser(): Promise<void> {
  if (readStatement) return;
  setFlagsFromString('--liftoff-only');
  const { loadModule } = await import('libpg-query');
  await loadModule();
  readStatement = (await import('./read-statement.ts')).readStatement;
  readQuery = (await import('./read-query.ts')).readQuery;
}

/** The reader of SQL inside other texts. Call {@link loadSqlParser} first. */
export function queryReader(): typeof import('./read-query.ts').readQuery {
  if (!readQuery) throw new Error('loadSqlParser() comes first');
  return readQuery;
}

/** Reads one SQL file. Call {@link loadSqlParser} first. A statement that cannot be read costs only itself. */
export function readSql(path: string, text: string, dialect: Dialect): SqlSource {
  const read = readStatement;
  if (!read) throw new Error('loadSqlParser() comes first');
  const starts = lineStarts(text);
  const pieces = split(text, dialect);
  const statements = pieces
    .filter((piece) => !piece.notSql)
    .map((piece) => statementOf(read, path, starts, text, piece, dialect));
  const notSql = pieces.flatMap(({ start, end, notSql: what }) =>
    what ? [{ span: toSpan(path, starts, start, end), what }] : [],
  );
  return { path, dialect, statements, notSql };
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
  if (dialect === 'mysql' || dialect === 'sqlite')
    return { ...blank, notModelled: `${dialect} is not read yet` };
  if (piece.openAt !== undefined) {
    const span = toSpan(path, starts, piece.openAt, Math.min(piece.openAt + 1, piece.end));
    return { ...blank, unread: { message: 'a quote or comment that starts here never ends', span } };
  }
  return read(path, starts, own, piece.start, dialect);
}
