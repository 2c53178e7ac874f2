import { vocabulary } from '../facts/vocabulary.ts';
import { tokensOf } from '../read/sql/lex.ts';

/** Tables of the vocabulary that a query may read: with their schema, or `tables` where it names none. */
export interface TablesRead {
  readonly qualified: ReadonlySet<string>;
  readonly unqualified: ReadonlySet<string>;
}

const remembered = new Map<string, TablesRead>();

/** Tells what {@link tablesRead} would find in a query. */
export function rememberTables(query: string, tables: TablesRead): void {
  remembered.set(query, tables);
}

/**
 * Finds them in the query's tokens, without an engine. It may name a table too many (a column that is called like one),
 * never one too few: a rule then runs without need.
 */
export function tablesRead(query: string): TablesRead {
  const known = remembered.get(query) ?? findTables(query);
  remembered.set(query, known);
  return known;
}

function findTables(query: string): TablesRead {
  const bare = unqualifiedTables();
  const words = wordsOf(query);
  const unqualified = new Set<string>();
  words.forEach(({ isName, text }, index) => {
    const before = words[index - 1]?.text;
    if (!isName || before === '.' || before === 'as' || words[index + 1]?.text === '(') return;
    if (bare.has(text)) unqualified.add(text);
  });
  return { qualified: new Set(tablesNamed(query).map(({ name }) => name)), unqualified };
}

/** Tables of the vocabulary that a query names with their schema, in order, each with the offset of its name. */
export function tablesNamed(query: string): readonly { readonly name: string; readonly offset: number }[] {
  const { tables } = vocabulary();
  const words = wordsOf(query);
  return words.flatMap(({ isName, text }, index) => {
    const schema = words[index - 2];
    if (!isName || !schema || words[index - 1]?.text !== '.') return [];
    const name = `${schema.text}.${text}`;
    return tables.has(name) ? [{ name, offset: schema.offset }] : [];
  });
}

function wordsOf(query: string) {
  return tokensOf(query, 'duckdb').map(({ kind, start, end }) => {
    const text = kind === 'name' ? query.slice(start + 1, end - 1) : query.slice(start, end);
    return { isName: kind === 'word' || kind === 'name', text: text.toLowerCase(), offset: start };
  });
}

let bareNames: ReadonlyMap<string, { readonly head: string; readonly base: string }> | undefined;

/** What a name without a schema means on each side: tables of `head` and `base`, and those of `policy`. */
export function unqualifiedTables(): ReadonlyMap<string, { readonly head: string; readonly base: string }> {
  bareNames ??= new Map(
    [...vocabulary().tables.keys()].flatMap((full) => {
      const [schema, name = ''] = full.split('.');
      if (schema === 'head') return [[name, { head: full, base: `base.${name}` }] as const];
      return schema === 'policy' ? [[name, { head: full, base: full }] as const] : [];
    }),
  );
  return bareNames;
}

/** The query with its unqualified names bound to one side, whatever the engine's search path. */
export function boundTo(side: 'head' | 'base', query: string): string {
  const bare = unqualifiedTables();
  const bindings = [...tablesRead(query).unqualified].map(
    (name) => `${name} AS NOT MATERIALIZED (FROM ${bare.get(name)?.[side]})`,
  );
  const bound = bindings.length > 0 ? `WITH ${bindings.join(', ')} ` : '';
  return `${bound}SELECT * FROM (\n${query}\n) AS claims_`;
}

/** Every table that running a query needs, on the sides given. */
export function tablesNeeded(query: string, sides: readonly ('head' | 'base')[]): ReadonlySet<string> {
  const { qualified, unqualified } = tablesRead(query);
  const bare = unqualifiedTables();
  const needed = new Set(qualified);
  for (const name of unqualified)
    for (const side of sides) {
      const full = bare.get(name)?.[side];
      if (full !== undefined) needed.add(full);
    }
  return needed;
}
