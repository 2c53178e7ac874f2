import type { Fold } from '../schema/applied.ts';
import type { Opaque, Routine } from '../schema/schema.ts';
import type { Statement } from './source.ts';

/** EXECUTE of a text that is put together. */
const DYNAMIC = /\bexecute\s+(?!'[^']*'\s*(;|using\b|into\b))/i;

/** What a statement that is not modelled names, it may have made or altered, unless it can only touch rows. */
export function taintWords(fold: Fold, statement: Statement): void {
  const { text, span, notModelled, notSql, calls, operations } = statement;
  if (notSql === 'rows') return;
  if (notModelled !== undefined) {
    if (!touchesRowsOnly(fold, text)) taintRun(fold, text, { why: notModelled, span });
  } else if (calls.length > 0 && operations.some(({ kind }) => /^(read|write)-rows$/.test(kind))) {
    const routine = ownRoutines(fold, calls).find(({ body }) => DDL.test(body));
    const why = `it calls ${routine?.name}, whose body is not followed`;
    if (routine) taintRun(fold, text, { why, span });
  }
}

const WORD = /[A-Za-z_][\w$]*/g;

/** Taints the words of a text, and those of the chain's functions that it names, and that they name; `*`, where it may name any. */
function taintRun(fold: Fold, text: string, doubt: Opaque): void {
  const words = new Set<string>();
  const names = new Set<string>();
  const texts = [text];
  for (let next = texts.pop(); next !== undefined; next = texts.pop()) {
    for (const name of namesPutTogether(next)) names.add(name);
    const fresh = [...next.matchAll(WORD)].map(([word]) => word).filter((word) => !words.has(word));
    for (const word of fresh) words.add(word);
    if (next === '' || DYNAMIC.test(next)) words.add('*');
    texts.push(...ownRoutines(fold, [...new Set(fresh)]).map(({ body }) => body));
  }
  fold.taint([...words], { ...doubt, ...(names.size > 0 ? { names: [...names] } : {}) });
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

/** The chain's own functions of these names, whatever their schema. */
function ownRoutines(fold: Fold, calls: readonly string[]): readonly Routine[] {
  const names = new Set(calls.map((call) => call.slice(call.lastIndexOf('.') + 1).toLowerCase()));
  return [...fold.schema.functions.values()].flat().filter(({ name }) => names.has(name.toLowerCase()));
}

/** Words by which a body may change more than rows. */
const DDL = /\b(create|alter|drop|rename|execute|truncate|import|refresh)\b/i;

/** A DO block without a word of DDL, without EXECUTE and without a call of a function that the chain made. */
function touchesRowsOnly(fold: Fold, text: string): boolean {
  if (!/^\s*do\s+(language\s+\w+\s+)?\$/i.test(text)) return false;
  const plain = text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').replace(/'(?:[^']|'')*'/g, "''");
  if (/\b(create|alter|drop|rename|execute|perform|call|truncate|import|refresh|search_path)\b/i.test(plain))
    return false;
  const own = new Set(
    [...fold.schema.functions.keys()].map((key) => key.slice(key.indexOf('.') + 1).toLowerCase()),
  );
  return ![...plain.matchAll(/([A-Za-z_][\w$]*)"?\s*\(/g)].some(([, name]) =>
    own.has(name?.toLowerCase() ?? ''),
  );
}
