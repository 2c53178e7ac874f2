import type { SqlSource, Statement } from '../read/source.ts';
import { tokensOf } from '../read/sql/lex.ts';
import type { Operation } from '../schema/operation.ts';
import type { ExactMigration, ExactStatement } from './exact.ts';

/** A migration as an exact engine gets it. */
export function toExact(source: SqlSource, wrapped = false): ExactMigration {
  const to = source.dialect === 'sqlite' ? toSqlite : toExactStatement;
  return { path: source.path, statements: source.statements.map(to), wrapped };
}

const NOT_SQL = 'it is code';

/** SQLite gets every statement as written, but for those of libSQL and those that open other files. */
function toSqlite({ text, operations, notModelled, notSql }: Statement): ExactStatement {
  if (notSql) return { text, skip: { word: 'not-modelled', reason: notModelled ?? NOT_SQL } };
  const [first] = operations;
  if (first?.kind === 'transaction') return transaction(text, first.verb);
  if (operations.some((one) => one.kind === 'redefine-column'))
    return { text, skip: { word: 'not-modelled', reason: "ALTER COLUMN … TO … is libSQL's own" } };
  if (
    /^pragma\s+(\w+\s*\.\s*)?(max_page_count|page_size|temp_store|journal_mode)\b/i.test(
      withoutComments(text),
    )
  )
    return {
      text,
      skip: { word: 'no-effect', reason: 'how SQLite stores its database is set by the proof' },
    };
  if (/^(attach|detach|vacuum\s+into)\b/i.test(withoutComments(text)))
    return { text, skip: { word: 'not-modelled', reason: notModelled ?? 'it opens another file' } };
  return { text };
}

function withoutComments(text: string): string {
  const [first] = tokensOf(text, 'sqlite');
  return text.slice(first?.start ?? 0);
}

/** A statement as an exact engine gets it: what ends transactions, what refuses them, and what only a superuser may. */
function toExactStatement(statement: Statement): ExactStatement {
  const { text, operations, unread, notModelled, notSql } = statement;
  if (unread) return { text, skip: { word: 'failed', reason: unread.message } };
  if (statement.unparsed || notSql)
    return { text, skip: { word: 'not-modelled', reason: notModelled ?? 'it was not read' } };
  const [first] = operations;
  if (/^\s*do\b/i.test(text)) return { text };
  if (first?.kind === 'transaction') return transaction(text, first.verb);
  if (first?.kind === 'no-effect') return withoutEffect(text, first.what);
  if (first?.kind === 'create-extension' || first?.kind === 'drop-extension')
    return { text, about: 'extensions' };
  if (operations.some(copies))
    return { text, skip: { word: 'not-modelled', reason: 'COPY reads rows from outside' } };
  if (operations.some(writesCatalog)) return { text, skip: { word: 'not-modelled', reason: WRITES_CATALOG } };
  return rewritten(text) ?? { text };
}

const WRITES_CATALOG = "it writes PostgreSQL's own catalog";

function transaction(text: string, verb: string): ExactStatement {
  if (verb === 'begin' || verb === 'commit' || verb === 'rollback') return { text, transaction: verb };
  return { text };
}

/** The words of the reader's list of statements without effect on a schema. */
function withoutEffect(text: string, what: string): ExactStatement {
  if (what === 'two-phase commit')
    return { text, skip: { word: 'not-modelled', reason: 'it commits in two phases' } };
  if (what === 'ALTER EXTENSION') return { text, about: 'extensions' };
  if (/ROLE|OWNED/.test(what)) return { text, about: 'roles' };
  if (what === 'SET' && /^\s*set\s+transaction\b/i.test(text)) return { text, transaction: 'mode' };
  return rewritten(text) ?? { text };
}

/** `COPY … FROM STDIN` would wait for rows that nobody sends. */
function copies(operation: Operation): boolean {
  return operation.kind === 'write-rows' && operation.verb === 'copy';
}

function writesCatalog(operation: Operation): boolean {
  return (
    operation.kind === 'write-rows' && (operation.table.schema ?? operation.table.name).startsWith('pg_')
  );
}

/** Blanks a word or puts another of the same length, so that positions stay. */
function rewritten(text: string): ExactStatement | undefined {
  if (!/\bconcurrently\b|\btrigger\s+all\b/i.test(text)) return undefined;
  const words = tokensOf(text, 'postgres').filter(({ kind }) => kind === 'word');
  const named = words.map(({ start, end }) => ({ start, end, word: text.slice(start, end).toLowerCase() }));
  const at = named.findIndex(({ word }) => word === 'concurrently');
  const found = named[at];
  if (found && named.slice(0, at).every(({ word }) => BEFORE_CONCURRENTLY.has(word)))
    return {
      text,
      instead: { text: overwrite(text, found, ''), reason: CONCURRENTLY, when: 'inside' },
    };
  const all = named.findIndex(
    ({ word }, i) =>
      word === 'all' && named[i - 1]?.word === 'trigger' && /^(en|dis)able$/.test(named[i - 2]?.word ?? ''),
  );
  const part = named[all];
  if (!part) return undefined;
  return { text, instead: { text: overwrite(text, part, 'USER'), reason: TRIGGER_ALL, when: 'always' } };
}

/** `REFRESH MATERIALIZED VIEW CONCURRENTLY` runs in a transaction and stays. */
const BEFORE_CONCURRENTLY = new Set([
  'create',
  'unique',
  'index',
  'drop',
  'reindex',
  'table',
  'schema',
  'database',
]);

const CONCURRENTLY = 'run without CONCURRENTLY, which no transaction takes';
const TRIGGER_ALL = 'run as TRIGGER USER: triggers of foreign keys are the superuser’s';

function overwrite(text: string, { start, end }: { start: number; end: number }, by: string): string {
  return text.slice(0, start) + by.padEnd(end - start) + text.slice(end);
}
