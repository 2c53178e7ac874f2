import type { Argument, Node } from 'oxc-parser';
import type { ColumnRole } from '../../../query.ts';
import { type Link, unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import { partsOf, spanWithin, textOf } from '../../text.ts';
import { startTrail } from '../../trail.ts';
import { columnInScope, type ScopeTable } from '../column-scope.ts';
import { type Building, placeOf } from '../knex/building.ts';
import { keysOf } from '../object-keys.ts';
import { parseSelection, type Selected } from './selection.ts';
import { optionOf } from './supabase.ts';

/** Steps that restrict the rows. */
export const FILTER =
  /^(eq|neq|gte?|lte?|i?like(?:AllOf|AnyOf)?|is|isDistinct|in|notIn|contains|containedBy|range(?:Gte?|Lte?|Adjacent)|overlaps|textSearch|match|not|or|filter|regexI?[mM]atch)$/;

const SIGNS: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
  in: 'in',
  contains: '@>',
  containedBy: '<@',
  overlaps: '&&',
};

/** Reads what follows `.from('…')`: selections first, so that filters know the tables that come along. */
export function readSteps(building: Building, links: readonly Link[]): void {
  const isWrite = links.some(({ name }) => /^(insert|upsert|update|delete)$/.test(name ?? ''));
  for (const { name, args } of links) if (name === 'select' && args) readSelect(building, args, isWrite);
  for (const { name = '', args } of links) if (args && name !== 'select') readStep(building, name, args);
}

function readStep(building: Building, name: string, args: readonly Argument[]): void {
  const [first, second] = args;
  if (/^(limit|range|single|maybeSingle)$/.test(name)) building.hasLimit = true;
  if (!first) return;
  if (name === 'match') readKeys(building, first, 'filter');
  else if (name === 'or') readConditions(building, first);
  else if (name === 'order') readColumn(ofTable(building, second), first, 'order');
  else if (FILTER.test(name)) readFilter(building, name, args);
  else if (/^(insert|upsert|update)$/.test(name)) {
    readKeys(building, first, 'write');
    const target = optionOf(second, 'onConflict');
    if (target) readList(building, target, 'conflict');
  }
}

/** The scope of `{ referencedTable: 'teams' }`. */
function ofTable(building: Building, options: Argument | undefined): Building {
  const named = optionOf(options, 'referencedTable') ?? optionOf(options, 'foreignTable');
  const text = named && textOf(building.module, named, building.modules).text;
  if (text === undefined) return building;
  return { ...building, scope: building.scope.filter((one) => (one.alias ?? one.table?.name) === text) };
}

function readFilter(building: Building, name: string, args: readonly Argument[]): void {
  const [first, second, third] = args;
  if (!first) return;
  const at = building.columns.length;
  readColumn(building, first, 'filter');
  const found = building.columns[at];
  if (!found) return;
  const [sign, value] =
    name === 'filter'
      ? [second && textOf(building.module, second, building.modules).text, third]
      : [name, second];
  const comparison =
    sign === 'is' && value?.type === 'Literal' && value.value === null ? 'is null' : SIGNS[sign ?? ''];
  const values =
    comparison && value && value.type !== 'SpreadElement'
      ? literalsOf(building.module, value, building.modules)
      : [];
  building.columns[at] = {
    ...found,
    ...(comparison === undefined ? {} : { comparison }),
    ...(values.length > 0 ? { values } : {}),
  };
}

/** `'id'`, `'teams.id'`, `'data->>city'`. */
function readColumn(building: Building, argument: Node, role: ColumnRole): void {
  const { module, modules, scope } = building;
  const found = textOf(module, argument, modules);
  const written = found.text === undefined ? undefined : /^[\w$."]+/.exec(found.text.trim())?.[0];
  if (found.text === undefined || written === undefined) {
    building.complete = false;
    return;
  }
  const among = written.includes('.') ? scope : scope.slice(0, 1);
  const column = columnInScope(written, among, role, placeOf(module, argument, found, written));
  if (column) building.columns.push(column);
}

function readList(building: Building, argument: Node, role: ColumnRole): void {
  const { module, modules, scope } = building;
  const { text } = textOf(module, argument, modules);
  if (text === undefined) building.complete = false;
  for (const name of text?.split(',') ?? []) {
    const column = columnInScope(name.trim(), scope.slice(0, 1), role, module.span(argument));
    if (column) building.columns.push(column);
  }
}

const CONDITION =
  /(?:^|[,(])\s*(?!not\.(?:and|or)\b)([\w$]+(?:\.(?!not\.)[\w$]+)?)(?:->>?[\w$]+)*\.(?:not\.)?(?:eq|neq|gte?|lte?|i?like|match|imatch|is|isdistinct|in|cs|cd|ov|sl|sr|nxl|nxr|adj|fts|plfts|phfts|wfts)[.(]/g;

/** `or('a.eq.1,and(b.gt.2,c.is.null)')`. */
function readConditions(building: Building, argument: Node): void {
  const { module, modules, scope } = building;
  const parts = partsOf(module, argument, startTrail(modules));
  const text = parts.map((part) => (part.kind === 'text' ? part.text : '?')).join('');
  const [part] = parts;
  let found = 0;
  for (const match of text.matchAll(CONDITION)) {
    const name = match[1] ?? '';
    const at = match.index + match[0].indexOf(name);
    const isWritten = parts.length === 1 && part?.kind === 'text' && part.module === module;
    const span = isWritten ? spanWithin(part, at, at + name.length) : module.span(argument);
    const among = name.includes('.') ? scope : scope.slice(0, 1);
    const column = columnInScope(name, among, 'filter', span);
    if (column) building.columns.push(column);
    found++;
  }
  if (found === 0 || /(?:^|[,(])\s*\?/.test(text)) building.complete = false;
}

function readKeys(building: Building, object: Node, role: ColumnRole): void {
  const { module, modules, scope } = building;
  const { keys, complete } = keysOf(module, object, modules);
  building.complete &&= complete;
  for (const { name, node, value, module: home } of keys) {
    const column =
      name === undefined ? undefined : columnInScope(name, scope.slice(0, 1), role, home.span(node));
    if (!column) {
      building.complete = false;
      continue;
    }
    const values = literalsOf(home, value, modules);
    building.columns.push({
      ...column,
      ...(role === 'filter' ? { comparison: '=' } : {}),
      ...(values.length > 0 ? { values } : {}),
    });
  }
}

/** `select('id, author:users(name)', { count: 'exact', head: true })`. */
function readSelect(building: Building, args: readonly Argument[], isWrite: boolean): void {
  const { module, modules } = building;
  const [first, second] = args;
  const head = optionOf(second, 'head');
  if (head?.type === 'Literal' && head.value === true && !isWrite) building.hasLimit = true;
  if (!first) return;
  const found = textOf(module, first, modules);
  if (found.text === undefined) {
    building.complete = false;
    return;
  }
  const { part, text } = found;
  const isWritten = part.kind === 'text' && part.text === text && part.module === module;
  const span = ({ start, end }: Selected) =>
    isWritten && part.kind === 'text' ? spanWithin(part, start, end) : module.span(unwrapped(first));
  const [own] = building.scope;
  if (own) readSelected(building, parseSelection(text), own, span);
}

function readSelected(
  building: Building,
  entries: readonly Selected[],
  owner: ScopeTable,
  spanOf: (entry: Selected) => ReturnType<typeof spanWithin>,
): void {
  for (const entry of entries) {
    const { name, alias, hint, inner } = entry;
    const span = spanOf(entry);
    if (!inner) {
      const column =
        name === '*' || name === 'count' ? undefined : columnInScope(name, [owner], 'select', span);
      if (column) building.columns.push(column);
      continue;
    }
    // `count()`, `sum()`
    if (inner.length === 0 && /^(count|sum|avg|min|max)$/.test(name)) continue;
    building.complete = false;
    const byColumn = /(_id|Id)$/.test(name) && hint === undefined;
    if (byColumn) {
      const column = columnInScope(name, [owner], 'join', span);
      if (column) building.columns.push(column);
      const whyUnresolved = `the relation goes by the foreign key ${name}`;
      building.tables.push({ whyUnresolved, op: 'read', span, resolvedBy: 'literal' });
    }
    const schema = owner.table?.schema;
    const table = schema === undefined ? { name } : { schema, name };
    const joined: ScopeTable = byColumn ? { alias: alias ?? name } : { alias: alias ?? name, table };
    // https://docs.postgrest.org/en/stable/references/api/resource_embedding.html: a foreign key or its column may stand for the table
    const otherwise = hint === undefined ? { otherwise: `the relation goes by the foreign key ${name}` } : {};
    if (!byColumn) building.tables.push({ table, ...otherwise, op: 'read', span, resolvedBy: 'literal' });
    building.scope.push(joined);
    readSelected(building, inner, joined, spanOf);
  }
}
