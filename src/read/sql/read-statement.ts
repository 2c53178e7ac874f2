import { hasSqlDetails, parseSync } from 'libpg-query';
import type { QualifiedName } from '../../schema/name.ts';
import type { Statement } from '../source.ts';
import { duckdbOnly } from './duckdb.ts';
import { understand } from './postgres/statement.ts';
import type { Reading } from './reading.ts';

/** Longer statements are not parsed: their tree would take a hundred times their size in memory. */
const MAX_STATEMENT = 1_000_000;

const TEMPLATE = /\{\{|\$\{|<%/;

/** Reads one statement of Postgres or DuckDB. */
export function readStatement(reading: Reading): Statement {
  const { text } = reading;
  const blank = { span: reading.whole, text, operations: [], uses: [], calls: [] };
  if (text.length > MAX_STATEMENT) return tooLong(reading, blank);
  if (text.includes('\0'))
    return { ...blank, unread: { message: 'the statement holds a NUL character', span: reading.whole } };
  try {
    const [parsed] = parseSync(text).stmts ?? [];
    return parsed?.stmt ? { ...blank, ...understand(reading, parsed.stmt) } : blank;
  } catch (error) {
    return refused(reading, blank, error);
  }
}

function refused(reading: Reading, blank: Statement, error: unknown): Statement {
  const { text } = reading;
  if (reading.dialect === 'duckdb') return { ...blank, ...duckdbOnly(reading) };
  if (TEMPLATE.test(text)) return { ...blank, notModelled: 'it holds a template', unparsed: true };
  const message = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
  const details = hasSqlDetails(error) ? error.sqlDetails : undefined;
  const at = reading.offset(Buffer.byteLength([...text].slice(0, details?.cursorPosition ?? 0).join('')));
  const word = /^("[^"\n]*"?|'[^'\n]*'?|\w+|.)/.exec(text.slice(at));
  const span = details ? reading.span(at, at + (word?.[0].length ?? 0)) : reading.whole;
  return { ...blank, unread: { message, span } };
}

/** A bulk INSERT is known by its first words; anything else of that size is not looked into. */
function tooLong(reading: Reading, blank: Statement): Statement {
  const match = /^insert\s+into\s+("(?:[^"]|"")+"|\w+)(?:\s*\.\s*("(?:[^"]|"")+"|\w+))?/i.exec(
    reading.text.slice(0, 500),
  );
  if (!match)
    return {
      ...blank,
      notModelled: `it is ${Math.round(reading.text.length / 1e6)} MB long`,
      unparsed: true,
    };
  const parts = [match[1], match[2]].flatMap((part) => (part ? [unquote(part)] : []));
  const table: QualifiedName =
    parts.length > 1 ? { schema: parts[0], name: parts[1] ?? '' } : { name: parts[0] ?? '' };
  const span = reading.whole;
  return {
    ...blank,
    operations: [{ kind: 'write-rows', verb: 'insert', table, columns: [], hasWhere: false, span }],
    uses: [{ table, op: 'insert', span: reading.span(0, match[0].length) }],
  };
}

function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase();
}
