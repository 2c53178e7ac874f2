import type { Fold } from '../schema/applied.ts';
import type { Opaque, Routine } from '../schema/schema.ts';
import type { Statement } from './source.ts';

/** EXECUTE of a text that is put together. */
const DYNAMIC = /\bexecute\s+(?!'[^']*'\s*(;|using\b|into\b))/i;

/** A name before its arguments, of which MySQL's CALL needs none. */
const CALL = /(?:`([^`]+)`|([A-Za-z_][\w$]*)"?)\s*(?:\(|(?<=^\s*call\s+\S+)\s*;?\s*$)/gi;

const WORD = /[A-Za-z_][\w$]*/g;

/**
 * What a statement that is not modelled names, it may have made or altered. Of a DO block, and of the chain's functions that a
 * statement calls, only the parts count that can alter a schema: a block that can only touch rows taints nothing.
 */
export function taintWords(fold: Fold, statement: Statement): void {
  const { text, span, notModelled, notSql, calls, operations } = statement;
  if (notSql === 'rows') return;
  if (notModelled !== undefined) {
    const own = isBlock(text) ? alteringParts(text) : text;
    const called = partsCalled(fold, text);
    if (own !== '' || called !== '' || text === '')
      taintBy(fold, `${own} ${called}`, { why: notModelled, span }, text === '');
  } else if (calls.length > 0 && operations.some(({ kind }) => /^(read|write)-rows$/.test(kind))) {
    const called = partsCalled(fold, text);
    const why = 'it calls a function of the chain, whose body is not followed';
    if (called !== '') taintBy(fold, called, { why, span }, false);
  }
}

/** Taints the words of a text, the names that it puts together, and `*` where it may name any. */
function taintBy(fold: Fold, text: string, doubt: Opaque, any: boolean): void {
  const words = new Set([...text.matchAll(WORD)].map(([word]) => word));
  if (any || DYNAMIC.test(text)) words.add('*');
  const names = [...new Set(namesPutTogether(text))];
  fold.taint([...words], { ...doubt, ...(names.length > 0 ? { names } : {}) });
}

function isBlock(text: string): boolean {
  return /^\s*do\s+(language\s+\w+\s+)?\$/i.test(text);
}

/** The statements of a body that can alter a schema; all of it, where it runs what it puts together. */
function alteringParts(body: string): string {
  const plain = withoutComments(body);
  if (/\bexecute\b/i.test(plain)) return body;
  return plain
    .split(/;|\$\w*\$|\b(?:begin|declare|then|else|loop)\b/i)
    .filter((part) => /^\s*(create|alter|drop|import|set\s+(local\s+)?search_path)\b/i.test(part))
    .filter((part) => !/^\s*create\s+(local\s+)?temp(orary)?\b/i.test(part))
    .map((part) => part.replace(/(?<=^\s*create\s+(?:unlogged\s+)?table\b[^(]*)\bas\b[\s\S]*$/i, ''))
    .join(';');
}

function withoutComments(text: string): string {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

/** What the chain's own functions do to a schema that a text calls, and those that they call. */
function partsCalled({ schema: { functions } }: Fold, text: string): string {
  if (functions.size === 0) return '';
  const own = new Map<string, Routine[]>();
  for (const routine of [...functions.values()].flat()) {
    const name = routine.name.toLowerCase();
    own.set(name, [...(own.get(name) ?? []), routine]);
  }
  const parts: string[] = [];
  const texts = [text];
  for (let next = texts.pop(); next !== undefined; next = texts.pop())
    for (const [, quoted, name = quoted ?? ''] of withoutComments(next).matchAll(CALL)) {
      const found = own.get(name.toLowerCase()) ?? [];
      own.delete(name.toLowerCase());
      for (const { body } of found) {
        parts.push(alteringParts(body));
        texts.push(body);
      }
    }
  const altering = parts.filter(Boolean);
  return altering.length > 0 ? [text, ...altering].join(' ') : '';
}

/** Patterns of the names in dynamic SQL that have a part of their own, of three letters and more: `%I_log`, `'idx_' || name`. */
function namesPutTogether(text: string): readonly string[] {
  if (!/\bexecute\b/i.test(text)) return [];
  const formatted = [...text.matchAll(/[\w$]*(?:%(?:\d+\$)?[Is][\w$]*)+/g)].flatMap(([found]) => {
    const parts = found.split(/%(?:\d+\$)?[Is]/);
    return parts.some(({ length }) => length >= 3) ? [`^${parts.map(escaped).join('.*')}$`] : [];
  });
  const before = [...text.matchAll(/(\w{3,})"?'\s*\|\|/g)].map(([, part = '']) => `^${escaped(part)}.*`);
  const after = [...text.matchAll(/\|\|\s*'"?(\w{3,})/g)].map(([, part = '']) => `.*${escaped(part)}$`);
  return [...formatted, ...before, ...after];
}

function escaped(part: string): string {
  return part.replaceAll('$', '\\$');
}
