import { type Draft, keyOf } from './draft.ts';
import { identifier, tokensOf } from './expression.ts';

/** Identifiers are at most this many bytes in PostgreSQL. */
const MAX_BYTES = 63;

/**
 * The name that PostgreSQL gives to an object without one: `table_columns_label`, the longer of the first two clipped until
 * it fits, numbered when it is taken (makeObjectName and ChooseRelationName in its indexcmds.c).
 */
function generatedName(
  first: string,
  second: string,
  label: string,
  taken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass++) {
    const name = joined(first, second, pass === 0 ? label : `${label}${pass}`);
    if (!taken(name)) return name;
  }
}

/** A free name for an index or sequence; behind a constraint it must be no other constraint's either. */
export function relationName(
  draft: Draft,
  schema: string,
  parts: {
    readonly table: string;
    readonly columns: string;
    readonly label: string;
    readonly constraint?: boolean;
  },
): string {
  return generatedName(parts.table, parts.columns, parts.label, (name) => {
    const key = keyOf(draft, schema, name);
    return draft.relations.has(key) || (parts.constraint === true && draft.constraintNames.has(key));
  });
}

/** A name for a CHECK or foreign key that no constraint of the schema has. */
export function constraintName(
  draft: Draft,
  schema: string,
  parts: { readonly table: string; readonly columns: string; readonly label: string },
): string {
  const taken = (name: string) => draft.constraintNames.has(keyOf(draft, schema, name));
  return generatedName(parts.table, parts.columns, parts.label, taken);
}

function joined(first: string, second: string, label: string): string {
  const room = MAX_BYTES - Buffer.byteLength(label) - 1 - (second ? 1 : 0);
  let a = Buffer.byteLength(first);
  let b = Buffer.byteLength(second);
  while (a + b > room) {
    if (a > b) a--;
    else b--;
  }
  return [clipped(first, a), clipped(second, b), label].filter(Boolean).join('_');
}

/** The longest beginning of at most so many bytes that ends between characters. */
function clipped(text: string, bytes = MAX_BYTES): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end--;
  return buffer.toString('utf8', 0, end);
}

/** Column names as they stand in an index's name: joined, and numbered where two are the same (ChooseIndexColumnNames). */
export function joinedColumns(names: readonly string[]): string {
  const unique: string[] = [];
  for (const name of names) {
    let candidate = name;
    for (let i = 1; unique.includes(candidate); i++)
      candidate = clipped(name, MAX_BYTES - String(i).length) + i;
    unique.push(candidate);
  }
  return unique.join('_');
}

/** The word that stands for an index expression in the index's name: its function, else `expr` (FigureIndexColname). */
export function expressionWord(expression: string): string {
  let tokens = tokensOf(expression);
  while (tokens[0] === '(' && closing(tokens, 0) === tokens.length - 1) tokens = tokens.slice(1, -1);
  const cast = tokens.lastIndexOf('::');
  if (cast > 0 && depthAt(tokens, cast) === 0 && tokens.slice(cast + 1).every((token) => token !== '('))
    return expressionWordOf(tokens.slice(0, cast)) ?? identifier(tokens.at(-1)) ?? 'expr';
  return expressionWordOf(tokens) ?? 'expr';
}

function expressionWordOf(given: readonly string[]): string | undefined {
  let tokens = given;
  while (tokens[0] === '(' && closing(tokens, 0) === tokens.length - 1) tokens = tokens.slice(1, -1);
  if (tokens[0]?.toLowerCase() === 'case') return 'case';
  let i = 0;
  while (identifier(tokens[i]) !== undefined && tokens[i + 1] === '.') i += 2;
  const name = identifier(tokens[i]);
  if (name === undefined) return undefined;
  if (tokens.length === i + 1) return name;
  if (tokens[i + 1] !== '(') return undefined;
  const end = closing(tokens, i + 1);
  const rest = tokens.slice(end + 1);
  if (rest.length > 0 && !rest.every((token) => identifier(token) !== undefined)) return undefined;
  return name;
}

function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i] === '(') depth++;
    else if (tokens[i] === ')' && --depth === 0) return i;
  }
  return -1;
}

function depthAt(tokens: readonly string[], at: number): number {
  let depth = 0;
  for (let i = 0; i < at; i++) depth += tokens[i] === '(' ? 1 : tokens[i] === ')' ? -1 : 0;
  return depth;
}
