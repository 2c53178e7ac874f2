import { lineStarts, toSpan } from '../change/span.ts';
import type { Dialect } from '../schema/schema.ts';
import type { SqlSource } from './source.ts';
import { withParameters } from './sql/named-parameters.ts';
import { loadSqlReader, readSql } from './sql/read-sql.ts';
import { type DialectWord, dialectOfFolder } from './tool/dialect.ts';
import { guessDialect } from './tool/guess-dialect.ts';
import { folderOf } from './tool/layout.ts';

/** An SQL file that belongs to no chain, and the texts that stand beside it in its folder. */
export interface LoneFile {
  readonly path: string;
  readonly text: string;
  readonly siblings: readonly string[];
}

/**
 * Reads an SQL file that belongs to no chain, as the likeliest dialect at first. Where that one's parser refuses a part, the
 * folder's name and the words of the file and its siblings may tell another; a database that is not read here is named.
 */
export async function readLoneFile(file: LoneFile, likeliest: Dialect): Promise<SqlSource> {
  const { path, text } = file;
  await loadSqlReader(likeliest);
  const source = readQueries(path, text, likeliest);
  if (!source.statements.some((statement) => statement.unread)) return source;
  const word = tellDialect(file);
  if (!word || word.dialect === likeliest) return source;
  if (word.dialect !== undefined) {
    await loadSqlReader(word.dialect);
    return readQueries(path, text, word.dialect);
  }
  const span = toSpan(path, lineStarts(text), 0, text.length);
  const notModelled = `it is for ${word.other}, which is not read here`;
  const whole = { span, text, operations: [], uses: [], calls: [], notModelled };
  return { path, dialect: likeliest, statements: [whole], notSql: [] };
}

/** Files of queries that a program loads have parameters of its driver: `:name`, `$name`, `${name}`. */
function readQueries(path: string, text: string, dialect: Dialect): SqlSource {
  const source = readSql(path, text, dialect);
  const lacking = notRead(source);
  if (lacking === 0) return source;
  const others = withParameters(text);
  const otherwise = others === text ? source : readSql(path, others, dialect);
  return notRead(otherwise) < lacking ? otherwise : source;
}

function notRead({ statements }: SqlSource): number {
  return statements.filter(({ unread, unparsed }) => unread || unparsed).length;
}

function tellDialect({ path, text, siblings }: LoneFile): DialectWord | undefined {
  return dialectOfFolder(folderOf(path))?.word ?? guessDialect([text])?.word ?? guessDialect(siblings)?.word;
}
