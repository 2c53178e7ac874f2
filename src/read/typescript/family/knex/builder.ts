import type { Argument, Node } from 'oxc-parser';
import type { ColumnRole, QueryColumn } from '../../../query.ts';
import { type Link, unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { startTrail } from '../../trail.ts';
import { columnInScope } from '../column-scope.ts';
import { type Keys, keysOf } from '../object-keys.ts';
import { columnsOfCondition } from '../sql-condition.ts';
import { tableText } from '../table-text.ts';
import { addTable, type Building, isRawCall, isSubquery, placeOf } from './building.ts';
import { comparedBy } from './condition.ts';

/** Steps that join a table. */
export const JOIN = /^(?:(?:left|right|inner|full|cross)?(?:Outer)?Join|(?:left|right|full)OuterJoin)$/i;
const CONDITION =
  /^(?:and|or)?(?:where|having)(?:Not)?(?:In|Null|Between|Like|ILike|Column|JsonPath|JsonObject|JsonSupersetOf|Composite|InComposite)?$/i;
const ON = /^(?:and|or)?on(?:Val|In|NotIn|Null|NotNull|Between|Exists)?$/i;
const COUNTS = /^(count|countDistinct|sum|sumDistinct|min|max|avg|avgDistinct)$/;
const SELECTS = /^(select|column|columns|first|pluck|distinct|distinctOn|returning|addSelect)$/;

/** Reads the steps of a builder after its tables are known, joins among them. */
export function readLinks(building: Building, links: readonly Link[]): void {
  for (const link of links)
    if (JOIN.test(link.name ?? '')) readJoinedTable(building, link);
    else if (link.name === 'joinRaw') readJoinedText(building, link);
  for (const link of links) readLink(building, link);
  const isCounted = links.some(({ name, args }) => args && COUNTS.test(name ?? ''));
  if (isCounted && !links.some(({ name }) => /^groupBy/.test(name ?? ''))) building.hasLimit = true;
}

function readLink(building: Building, { name, args }: Link): void {
  if (name === undefined || !args) return;
  const [first] = args;
  if (/^(limit|first|findOne|findById)$/.test(name)) building.hasLimit = true;
  if (JOIN.test(name)) readJoin(building, args);
  else if (CONDITION.test(name)) readCondition(building, name, args, /column$/i.test(name));
  else if (ON.test(name)) readOn(building, args, /^(?:and|or)?onVal$|in$|null$|between$/i.test(name));
  else if (SELECTS.test(name)) for (const one of args) readColumns(building, one, 'select');
  else if (COUNTS.test(name)) for (const one of args) readColumns(building, one, 'select');
  else if (/^(increment|decrement)$/.test(name)) readWritten(building, first);
  else if (/^(groupBy|partitionBy)$/.test(name)) for (const one of args) readColumns(building, one, 'group');
  else if (name === 'orderBy') readOrder(building, first);
  else if (/^(insert|update|patch)$/.test(name)) {
    readWritten(building, first);
    if (first && !isText(building, first))
      for (const one of args.slice(1)) if (isList(one)) readColumns(building, one, 'select');
  } else if (name === 'onConflict') for (const one of args) readColumns(building, one, 'conflict');
  else if (name === 'merge') readWritten(building, first);
  else if (/Raw$/.test(name)) readRaw(building, name, first);
  else if (/^(modify|modifiers)$/.test(name)) building.complete = false;
}

function isText({ module, modules }: Building, node: Node): boolean {
  return textOf(module, node, modules).text !== undefined;
}

function isList(node: Argument): boolean {
  return unwrapped(node).type === 'ArrayExpression' || unwrapped(node).type === 'Literal';
}

function readRaw(building: Building, name: string, first: Argument | undefined): void {
  const role = /^(?:and|or)?(where|having)/i.test(name)
    ? 'filter'
    : name === 'joinRaw'
      ? 'join'
      : /^order/.test(name)
        ? 'order'
        : /^group/.test(name)
          ? 'group'
          : undefined;
  if (!first || !role) {
    building.complete = false;
    return;
  }
  const { module, scope, modules } = building;
  const { columns, complete } = columnsOfCondition(module, first, scope, role, modules);
  // the tables stand in the text as well
  const isTable = ({ column }: QueryColumn) =>
    role === 'join' && scope.some(({ alias, table }) => column === alias || column === table?.name);
  keep(building, { columns: columns.filter((one) => !isTable(one)), complete });
}

function keep(
  building: Building,
  { columns, complete }: { columns: readonly QueryColumn[]; complete: boolean },
): void {
  building.columns.push(...columns);
  building.complete &&= complete;
}

/** `where('a', 1)`, `where('a', '>', 1)`, `where({ a: 1 })`, `where((qb) => …)`, `whereIn(['a', 'b'], …)`. */
function readCondition(
  building: Building,
  name: string,
  args: readonly Argument[],
  isColumns: boolean,
): void {
  const [first] = args;
  if (!first) return;
  const at = building.columns.length;
  readColumns(building, first, 'filter');
  const last = args.at(-1);
  if (isColumns && last && last !== first) readColumns(building, last, 'filter');
  const found = building.columns[at];
  if (!isColumns && found && building.columns.length === at + 1)
    building.columns[at] = { ...found, ...comparedBy(building, name, args) };
}

function readOn(building: Building, args: readonly Argument[], isValue: boolean): void {
  const [first] = args;
  if (!first) return;
  readColumns(building, first, 'join');
  const last = args.at(-1);
  if (!isValue && last && last !== first) readColumns(building, last, 'join');
  if (unwrapped(first).type === 'ObjectExpression') readValues(building, first);
}

function readJoin(building: Building, [, second, third, fourth]: readonly Argument[]): void {
  if (!second) return;
  if (unwrapped(second).type === 'ObjectExpression') {
    readColumns(building, second, 'join');
    readValues(building, second);
    return;
  }
  readColumns(building, second, 'join');
  const right = fourth ?? third;
  if (right) readColumns(building, right, 'join');
}

/** `{ 'a.id': 'b.a_id' }`: its values are columns as well. */
function readValues(building: Building, object: Node): void {
  for (const { value } of keysOf(building.module, object, building.modules).keys)
    readColumns(building, value, 'join');
}

function readOrder(building: Building, first: Argument | undefined): void {
  if (!first) return;
  const node = unwrapped(first);
  for (const element of node.type === 'ArrayExpression' ? node.elements : [node]) {
    if (!element || element.type === 'SpreadElement') {
      building.complete = false;
      continue;
    }
    const column =
      element.type === 'ObjectExpression'
        ? keysOf(building.module, element, building.modules).keys.find((key) => key.name === 'column')?.value
        : element;
    if (column) readColumns(building, column, 'order');
  }
}

/** Written columns: the keys of rows, or a column and its value. */
function readWritten(building: Building, first: Argument | undefined): void {
  if (!first) return;
  if (first.type === 'SpreadElement') {
    building.complete = false;
    return;
  }
  const node = unwrapped(first);
  const isColumns =
    isText(building, first) ||
    (node.type === 'ArrayExpression' && node.elements.every((one) => one?.type === 'Literal'));
  if (isColumns) readColumns(building, first, 'write');
  else readKeys(building, keysOf(building.module, first, building.modules), 'write');
}

function readKeys(building: Building, { keys, complete }: Keys, role: ColumnRole): void {
  building.complete &&= complete;
  for (const { name, node, module } of keys) {
    const column =
      name === undefined ? undefined : columnInScope(name, building.scope, role, module.span(node));
    if (column) building.columns.push(column);
    else if (name === undefined) building.complete = false;
  }
}

/** The columns of one argument: a name, a list of them, an object by its keys. */
function readColumns(building: Building, argument: Node, role: ColumnRole): void {
  const { module, modules, scope } = building;
  const node = unwrapped(argument);
  if (node.type === 'SpreadElement') {
    const list = trace(module, node.argument, startTrail(modules));
    if (list.kind === 'node' && list.node.type === 'ArrayExpression' && list.module === module)
      readColumns(building, list.node, role);
    else building.complete = false;
    return;
  }
  if (node.type === 'ArrayExpression') {
    for (const element of node.elements) if (element) readColumns(building, element, role);
    return;
  }
  if (isFunction(node)) {
    readCallback(building, node);
    return;
  }
  const found = textOf(module, node, modules);
  if (found.text !== undefined) {
    const column = /^\s*(\S+)/.exec(found.text)?.[1] ?? '';
    if (column === '*' || column.endsWith('.*') || column === '?') return;
    const named = columnInScope(column, scope, role, placeOf(module, node, found, column));
    if (named) building.columns.push(named);
    return;
  }
  if (node.type === 'CallExpression' && isRawCall(node)) {
    const [first] = node.arguments;
    if (first) keep(building, columnsOfCondition(module, first, scope, role, modules));
    return;
  }
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind === 'node' && traced.node.type === 'ArrayExpression') {
    building.module = traced.module;
    for (const element of traced.node.elements) if (element) readColumns(building, element, role);
    building.module = module;
    return;
  }
  if (traced.kind === 'node' && traced.node.type === 'CallExpression' && isSubquery(traced.node)) return;
  if (role === 'select' && traced.kind !== 'node') {
    building.complete = false;
    return;
  }
  const keys = keysOf(module, node, modules);
  if (role === 'select') readSelected(building, keys);
  else readKeys(building, keys, role);
}

/** `{ total: 'amount' }`: what is selected is the value, and the key only what the answer calls it. */
function readSelected(building: Building, { keys, complete }: Keys): void {
  building.complete &&= complete;
  for (const { value, module } of keys) {
    if (module === building.module) readColumns(building, value, 'select');
    else building.complete = false;
  }
}

/** A condition in a callback speaks of the same tables: `where((qb) => qb.where('a', 1))`, `function () { this.on(…) }`. */
function readCallback(building: Building, callback: Node): void {
  const { module } = building;
  for (const chain of module.chains) {
    if (chain.node.start < callback.start || chain.node.end > callback.end) continue;
    const isOwn =
      chain.root.type === 'ThisExpression'
        ? functionOfThis(module, chain.root) === callback
        : chain.root.type === 'Identifier' && isParameterOf(module, chain.root, callback);
    const isQuery = chain.links.some(({ name }) => /^(from|into|table)$/.test(name ?? ''));
    if (isOwn && !isQuery) readLinks(building, chain.links);
  }
}

function isParameterOf(
  module: CodeModule,
  node: Extract<Node, { type: 'Identifier' }>,
  callback: Node,
): boolean {
  const binding = module.bindingOf(node.name, node);
  return binding?.kind === 'parameter' && binding.of === callback;
}

/** The function whose `this` is meant. */
function functionOfThis(module: CodeModule, node: Node): Node | undefined {
  let above = module.parentOf(node);
  while (above && !(isFunction(above) && above.type !== 'ArrowFunctionExpression'))
    above = module.parentOf(above);
  return above;
}

function readJoinedTable(building: Building, { args }: Link): void {
  const [first] = args ?? [];
  if (!first || first.type === 'SpreadElement') return;
  addTable(building, first, 'read', true);
}

/** `joinRaw('LEFT JOIN tags AS t ON t.id = p.tag_id')`. */
function readJoinedText(building: Building, { args }: Link): void {
  const [first] = args ?? [];
  if (!first || first.type === 'SpreadElement') return;
  const { module, modules, tables, scope } = building;
  const said = textOf(module, first, modules);
  if (said.text === undefined) return;
  const JOINED =
    /\bjoin\s+(?:lateral\s+)?([\w.$"`]+|\()(?:\s+(?:as\s+)?(?!on\b|using\b|cross\b|left\b|inner\b|join\b)(\w+))?/gi;
  for (const [, written = '', alias] of said.text.matchAll(JOINED)) {
    const named = written === '(' ? undefined : tableText(written);
    if (!named || building.named.has(named.table.name)) {
      scope.push(alias === undefined ? {} : { alias });
      continue;
    }
    const span = placeOf(module, first, said, named.table.name);
    tables.push({ table: named.table, op: 'read', span, resolvedBy: said.via });
    scope.push({ alias, table: named.table });
  }
}
