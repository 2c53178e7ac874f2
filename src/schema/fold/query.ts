import type { QualifiedName } from '../name.ts';
import type { QueryDefinition } from '../operation.ts';
import type { Table } from '../schema.ts';
import type { Draft } from './draft.ts';
import { identifier, tokensOf } from './expression.ts';
import { findColumn, findRelation, findTableIn, findView, isSystem, missing } from './find.ts';
import { Refusal } from './refusal.ts';

/** What a query stands on, resolved. */
export interface ResolvedQuery {
  readonly tables: readonly Table[];
  /** Keys of views. */
  readonly views: readonly string[];
  /** `tableId.column`; only where it is certain that the query names that column of that table. */
  readonly columns: readonly string[];
}

/** Resolves what a query names; refuses a relation that is not there, or a column that a table certainly lacks. */
export function resolveQuery(draft: Draft, query: QueryDefinition): ResolvedQuery {
  for (const relation of query.relations)
    if (!findRelation(draft, relation) && !isSystem(relation))
      throw missing(draft, 'no such table', 'relation', relation);
  const tables = new Map<number, Table>();
  for (const relation of query.relations) {
    const table = findTableIn(draft, relation);
    if (table) tables.set(table.id, table);
  }
  const views = query.relations.flatMap((relation) => findView(draft, relation)?.key ?? []);
  const sources = sourcesOf(query);
  const found = new Set<string>();
  const onlyTables = tables.size === query.relations.length && sources.opaque.size === 0;
  const having = (from: Iterable<Table>, column: string) =>
    [...from].flatMap((table) => {
      const own = findColumn(draft, table, column);
      return own ? [`${table.id}.${own.name}`] : [];
    });
  const lone = onlyTables && query.relations.length === 1 ? loneSource(draft, query, sources) : undefined;
  for (const { relation, column } of query.columns) {
    const named = relation && sources.aliases.get(relation.name);
    if (!relation && lone && !lone.says(column)) throw noColumn(column, [lone.table.name]);
    if (relation && !named) continue;
    const from = named ? named.flatMap((one) => findTableIn(draft, one) ?? []) : tables.values();
    const hits = having(from, column);
    const [only, another] = hits;
    if (only !== undefined && another === undefined && (named || onlyTables)) found.add(only);
    if (named && hits.length === 0) needAliased(draft, sources, named, relation.name, column);
  }
  if (onlyTables && tables.size === 2)
    for (const column of sources.joinedOn) for (const one of having(tables.values(), column)) found.add(one);
  for (const relation of sources.starred) {
    const table = findTableIn(draft, relation);
    for (const column of table?.columns ?? []) found.add(`${table?.id}.${column.name}`);
  }
  return { tables: [...tables.values()], views: [...new Set(views)], columns: [...found] };
}

/** `t.c` where t stands for tables alone, none of which has c. */
function needAliased(
  draft: Draft,
  sources: Sources,
  named: readonly QualifiedName[],
  alias: string,
  column: string,
): void {
  if (sources.opaque.has(alias) || column === alias || /^(tableoid|ctid|[xc]m(in|ax)|oid)$/.test(column))
    return;
  const tables = named.map((one) => findTableIn(draft, one));
  if (tables.some((table) => table === undefined || table.columns.length === 0)) return;
  throw new Refusal(
    'no such column',
    `column ${alias}.${column} does not exist`,
    named.map((one) => one.name),
  );
}

/** The table of a query that selects from it alone, with what a bare name may stand for there; undefined where that is not certain. */
function loneSource(
  draft: Draft,
  { relations: [relation], outputs, text }: QueryDefinition,
  { aliases }: Sources,
) {
  const table = relation && findTableIn(draft, relation);
  const tokens = tokensOf(text).map((token) => token.toLowerCase());
  const isPlain = tokens.filter((token) => token === 'select').length === 1;
  if (draft.dialect !== 'postgres' || !table || !outputs || !isPlain || table.columns.length === 0)
    return undefined;
  return {
    table,
    /** Its own columns, names that the query gives (ORDER BY total), and the row itself, under any word that follows it. */
    says: (column: string) =>
      findColumn(draft, table, column) !== undefined ||
      outputs.some((one) => one.name === column && one.column?.column !== column) ||
      /^(tableoid|ctid|[xc]m(in|ax)|oid)$/.test(column) ||
      tokens.some((token, at) => token === column && tokens[at + 1] === '.') ||
      aliases.has(column),
  };
}

function noColumn(column: string, names: readonly string[]): Refusal {
  return new Refusal('no such column', `column "${column}" does not exist`, names);
}

interface Sources {
  /** Relations by the name under which the query speaks of them. */
  readonly aliases: ReadonlyMap<string, readonly QualifiedName[]>;
  /** Names of common table expressions, subqueries and function results. */
  readonly opaque: ReadonlySet<string>;
  /** Relations of which every column is selected. */
  readonly starred: readonly QualifiedName[];
  /** Columns in JOIN … USING. */
  readonly joinedOn: readonly string[];
}

const NO_ALIAS =
  /^(on|using|join|inner|left|right|full|cross|natural|where|group|order|having|limit|offset|fetch|for|union|except|intersect|window|returning|set|tablesample|with|as|lateral|only|and|or|select|from|values|when|then|end)$/;

interface Scope {
  inFrom: boolean;
  star: boolean;
  readonly from: { readonly relation: QualifiedName; readonly alias: string }[];
}

/** Reads from the tokens of a query which relation stands under which alias, and what `*` covers. */
function sourcesOf(query: QueryDefinition): Sources {
  const tokens = tokensOf(query.text);
  const names = new Set(query.relations.map((relation) => relation.name));
  const aliases = new Map<string, QualifiedName[]>();
  const opaque = new Set<string>();
  const starred: QualifiedName[] = [];
  const joinedOn: string[] = [];
  const starOf: string[] = [];
  const stack: (Scope | undefined)[] = [];
  let scope: Scope | undefined;
  const close = (closed: Scope | undefined) => {
    if (closed?.star) starred.push(...closed.from.map((one) => one.relation));
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    const word = token.startsWith('"') ? undefined : identifier(token);
    if (token === '(') {
      stack.push(scope);
      if (/^(select|with|values)$/i.test(tokens[i + 1] ?? '')) scope = undefined;
      else if (tokens[i - 1]?.toLowerCase() === 'using')
        for (const name of namesUpTo(tokens, i)) joinedOn.push(name);
    } else if (token === ')') {
      const outer = stack.pop();
      if (outer !== scope) {
        close(scope);
        const alias = identifier(tokens[i + 1]?.toLowerCase() === 'as' ? tokens[i + 2] : tokens[i + 1]);
        if (alias !== undefined && !NO_ALIAS.test(alias)) opaque.add(alias);
      }
      scope = outer;
    } else if (word === 'select') {
      close(scope);
      scope = { inFrom: false, star: false, from: [] };
    } else if (scope && word === 'from' && !scope.inFrom) {
      scope.inFrom = tokens[i - 1]?.toLowerCase() !== 'distinct';
    } else if (
      scope &&
      word !== undefined &&
      /^(where|group|order|having|limit|union|except|intersect|window)$/.test(word)
    ) {
      scope.inFrom = false;
    } else if (token === '*' && scope && !scope.inFrom) {
      const before = tokens[i - 1] ?? '';
      if (/^(select|all|distinct|,)$/i.test(before)) scope.star = true;
      const owner = before === '.' ? identifier(tokens[i - 2]) : undefined;
      if (owner !== undefined) starOf.push(owner);
    } else if (
      identifier(token) !== undefined &&
      /^as$/i.test(tokens[i + 1] ?? '') &&
      tokens[i + 2] === '('
    ) {
      opaque.add(identifier(token) ?? '');
    } else if (scope?.inFrom && startsSource(tokens[i - 1])) {
      i = readSource(tokens, i, names, scope, aliases, opaque);
    }
  }
  close(scope);
  for (const one of stack) close(one);
  for (const owner of starOf) {
    const owned = aliases.get(owner) ?? [];
    if (owned.length === 1) starred.push(...owned);
  }
  return { aliases, opaque, starred, joinedOn };
}

function startsSource(before: string | undefined): boolean {
  return before !== undefined && /^(from|join|,|only|lateral|\()$/i.test(before);
}

/** Reads `schema.table [AS] alias` at `i`; returns the index of its last token. */
function readSource(
  tokens: readonly string[],
  i: number,
  names: ReadonlySet<string>,
  scope: Scope,
  aliases: Map<string, QualifiedName[]>,
  opaque: Set<string>,
): number {
  const parts = [identifier(tokens[i])];
  let end = i;
  while (tokens[end + 1] === '.' && identifier(tokens[end + 2]) !== undefined) {
    end += 2;
    parts.push(identifier(tokens[end]));
  }
  const name = parts.at(-1);
  if (name === undefined || NO_ALIAS.test(name)) return i;
  const after = tokens[end + 1];
  const aliasAt = after?.toLowerCase() === 'as' ? end + 2 : end + 1;
  const written = identifier(tokens[aliasAt]);
  const alias =
    written !== undefined && !(NO_ALIAS.test(written) && !tokens[aliasAt]?.startsWith('"'))
      ? written
      : undefined;
  if (after === '(' || !names.has(name)) {
    opaque.add(alias ?? name);
    return end;
  }
  const schema = parts.at(-2);
  const relation = schema === undefined ? { name } : { schema, name };
  scope.from.push({ relation, alias: alias ?? name });
  const under = alias ?? name;
  aliases.set(under, [...(aliases.get(under) ?? []), relation]);
  return alias === undefined ? end : aliasAt;
}

function namesUpTo(tokens: readonly string[], open: number): readonly string[] {
  const end = tokens.indexOf(')', open);
  return tokens.slice(open + 1, end < 0 ? undefined : end).flatMap((token) => identifier(token) ?? []);
}
