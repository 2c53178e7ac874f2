import type { Statement } from '../source.ts';
import { understand as understandMysql } from './mysql/statement.ts';
import type { Reading } from './reading.ts';
import { understand as understandSqlite } from './sqlite/statement.ts';
import { NotUnderstood } from './token/cursor.ts';

const TEMPLATE = /\{\{|\$\{|<%/;

/**
 * Reads one statement of SQLite or MySQL from its tokens. Words that open no statement
 * of the dialect are an error; grammar that is not known is not modelled, as the engine may know it.
 */
export function readByToken(reading: Reading): Statement {
  const { text, dialect } = reading;
  const blank = { span: reading.whole, text, operations: [], uses: [], calls: [] };
  try {
    const understood = dialect === 'mysql' ? understandMysql(reading) : understandSqlite(reading);
    if (understood) return { ...blank, ...understood };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const words = text.split(/\s+/, 3).join(' ').toUpperCase();
    return {
      ...blank,
      notModelled: TEMPLATE.test(text) ? 'it holds a template' : `${words} …: ${error.message}`,
    };
  }
  if (TEMPLATE.test(text)) return { ...blank, notModelled: 'it holds a template' };
  const [first] = reading.tokens();
  const end = first?.end ?? text.length;
  const message = `near "${text.slice(first?.start ?? 0, end).slice(0, 40)}": syntax error`;
  return { ...blank, unread: { message, span: reading.span(first?.start ?? 0, end) } };
}
