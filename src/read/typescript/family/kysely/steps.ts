import type { Argument, Node } from 'oxc-parser';
import type { ColumnRole, QueryColumn } from '../../../query.ts';
import { type CallChain, type Link, unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import { isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { columnInScope } from '../column-scope.ts';
import { type Building, placeOf } from '../knex/building.ts';
import { keysOf, returnsOf } from '../object-keys.ts';

/** A stretch of code in a query, and what columns in it are for. */
export interface Context {
  readonly argument: Node;
  readonly role: ColumnRole;
}

/** The arguments of steps. */
export function contextOf(links: readonly Link[]): readonly Context[] {
  return links.flatMap(({ name, args }) =>
    (args ?? []).map((argument) => ({ argument, role: roleOf(name ?? '') ?? 'select' })),
  );
}

function roleOf(step: string): ColumnRole | undefined {
  if (/^(where|having)/.test(step)) return 'filter';
  if (/Join|^on(Ref|True)?$|^using$/.test(step)) return 'join';
  if (/^(select|returning|distinctOn|output)/.test(step)) return 'select';
  if (step === 'orderBy' || step === 'groupBy') return step === 'orderBy' ? 'order' : 'group';
  return undefined;
}

/** Reads what the steps of a builder say of columns by themselves. */
export function readSteps(building: Building, links: readonly Link[]): void {
  for (const { name = '', args } of links) if (args) readStep(building, name, args);
}

function readStep(building: Building, name: string, args: readonly Argument[]): void {
  const [first, second, third] = args;
  switch (name) {
    case 'where':
    case 'having':
    case 'on':
      readComparison(building, args, name === 'on' ? 'join' : 'filter');
      return;
    case 'whereRef':
    case 'havingRef':
    case 'onRef':
      for (const one of [first, third])
        if (one) readNamed(building, one, name === 'onRef' ? 'join' : 'filter');
      return;
    case 'select':
    case 'returning':
    case 'distinctOn':
    case 'groupBy':
      for (const one of args) readNamed(building, one, roleOf(name) ?? 'select');
      return;
    case 'orderBy':
      if (first) readNamed(building, first, 'order');
      return;
    case 'set':
    case 'values':
    case 'doUpdateSet':
    case 'thenUpdateSet':
    case 'thenInsertValues':
      if (first) readWritten(building, first, second);
      return;
    case 'columns':
    case 'column':
      // of INSERT, or of ON CONFLICT, where it stands on the callback's own builder
      if (first) readNamed(building, first, isConflict(building, first) ? 'conflict' : 'write');
      return;
    case 'limit':
    case 'top':
    case 'fetch':
      building.hasLimit = true;
      return;
    case '$call':
      building.complete = false;
      return;
    default:
      if (/Join(Lateral)?$|^using$/.test(name))
        for (const one of [second, third]) if (one && !isFunction(one)) readNamed(building, one, 'join');
  }
}

function isConflict({ module }: Building, node: Node): boolean {
  for (let above = module.parentOf(node); above; above = module.parentOf(above))
    if (isFunction(above)) {
      const call = module.parentOf(above);
      return (
        call?.type === 'CallExpression' &&
        call.callee.type === 'MemberExpression' &&
        call.callee.property.type === 'Identifier' &&
        call.callee.property.name === 'onConflict'
      );
    }
  return false;
}

/** Reads what stands in callbacks and expressions of a query: `eb('a', '=', 1)`, `ref('b.c')`, `fn.max('d')`, `qb.where(…)`. */
export function readInner(building: Building, within: readonly Context[], queries: readonly Node[]): void {
  const { module } = building;
  for (const chain of module.chains) {
    const { node } = chain;
    const context = within.find(({ argument }) => argument.start <= node.start && node.end <= argument.end);
    if (!context || queries.some((query) => query.start <= node.start && node.end <= query.end)) continue;
    if (isParameter(building, chain.root)) readSteps(building, chain.links);
    readExpression(building, chain, context.role);
  }
  for (const { quasi, start, end } of module.tags)
    if (
      quasi.expressions.length + quasi.quasis.length > 0 &&
      within.some(
        ({ argument, role }) => role !== 'select' && argument.start <= start && end <= argument.end,
      ) &&
      !queries.some((query) => query.start <= start && end <= query.end)
    )
      building.complete = false;
}

function isParameter({ module }: Building, root: Node): boolean {
  return root.type === 'Identifier' && module.bindingOf(root.name, root)?.kind === 'parameter';
}

const FUNCTIONS = /^(count|sum|max|min|avg|coalesce)$/;

function readExpression(building: Building, chain: CallChain, role: ColumnRole): void {
  const { root, links } = chain;
  const first = root.type === 'Identifier' ? root.name : '';
  links.forEach(({ name: member, args }, index) => {
    if (!args) return;
    const called = member ?? (index === 0 ? first : '');
    const before = links[index - 1]?.name ?? (index === 0 ? '' : first);
    const [one, two] = args;
    if (called === 'ref' || called === 'refTuple') {
      for (const argument of args) if (isWritten(argument)) readNamed(building, argument, role);
    } else if (FUNCTIONS.test(called) && (before === 'fn' || (index === 0 && member === undefined))) {
      for (const argument of args) if (isWritten(argument)) readNamed(building, argument, role);
    } else if (called === 'fn' && two) readNamed(building, two, role);
    else if (/^(between|betweenSymmetric)$/.test(called) && one) readNamed(building, one, role);
    else if (called === 'when' && args.length > 2) readComparison(building, args, role);
    else if ((called === 'and' || called === 'or') && one?.type === 'ObjectExpression')
      readKeys(building, one, role);
    else if (member === undefined && index === 0 && args.length > 2 && isParameter(building, root))
      readComparison(building, args, role);
  });
}

function isWritten(argument: Argument): boolean {
  return /^(Literal|TemplateLiteral)$/.test(unwrapped(argument).type);
}

/** `('a.id', '=', id)`; with one argument an expression or a callback, which is read by itself. */
function readComparison(building: Building, args: readonly Argument[], role: ColumnRole): void {
  const [column, operator, value] = args;
  if (!column) return;
  if (!operator) {
    if (!isFunction(column) && unwrapped(column).type !== 'CallExpression') building.complete = false;
    return;
  }
  const { module, modules } = building;
  const at = building.columns.length;
  readNamed(building, column, role);
  const sign = textOf(module, operator, modules).text;
  if (sign === undefined || value === undefined || building.columns.length !== at + 1) return;
  const values = value.type === 'SpreadElement' ? [] : literalsOf(module, value, modules);
  const found = building.columns.pop();
  if (found) building.columns.push({ ...found, ...comparisonOf(sign, value, values) });
}

function comparisonOf(
  sign: string,
  value: Node,
  values: readonly string[],
): Pick<QueryColumn, 'comparison' | 'values'> {
  const isNull = value.type === 'Literal' && value.value === null;
  const word = sign === '!=' ? '<>' : sign === '==' ? '=' : sign.toLowerCase();
  const comparison = isNull && /^is( not)?$/.test(word) ? `${word} null` : word;
  return { comparison, ...(values.length > 0 ? { values } : {}) };
}

/** Columns by their names: one, a list, what a callback returns; `'a.b as c'`, `'a desc'`. */
function readNamed(building: Building, argument: Node, role: ColumnRole): void {
  const { module, modules, scope } = building;
  const node = unwrapped(argument);
  if (node.type === 'ArrayExpression') {
    for (const one of node.elements) if (one) readNamed(building, one, role);
    return;
  }
  if (isFunction(node)) {
    for (const one of returnsOf(node)) {
      const inner = unwrapped(one);
      if (inner.type === 'ArrayExpression' || inner.type === 'Literal') readNamed(building, inner, role);
    }
    return;
  }
  const found = textOf(module, node, modules);
  if (found.text === undefined) {
    // other expressions are read where they stand
    if (node.type !== 'CallExpression' && node.type !== 'TaggedTemplateExpression') building.complete = false;
    return;
  }
  const written = /^\s*(\S+)/.exec(found.text)?.[1] ?? '';
  if (scope.some(({ alias, table }) => (alias ?? table?.name) === written)) return;
  const column = columnInScope(written, scope, role, placeOf(module, node, found, written));
  if (column) building.columns.push(column);
}

/** `set({ a: 1 })`, `set('a', 1)`, `values(rows)`, `doUpdateSet((eb) => ({ a: eb.ref('excluded.a') }))`. */
function readWritten(building: Building, first: Argument, second: Argument | undefined): void {
  const [target] = building.scope;
  const into = { ...building, scope: target ? [target] : [] };
  if (second) {
    readNamed(into, first, 'write');
    return;
  }
  for (const one of isFunction(first) ? returnsOf(first) : [first]) readKeys(into, one, 'write');
  building.complete = into.complete;
}

function readKeys(building: Building, object: Node, role: ColumnRole): void {
  const { module, modules, scope } = building;
  const { keys, complete } = keysOf(module, object, modules);
  building.complete &&= complete;
  for (const { name, node, value, module: home } of keys) {
    const column = name === undefined ? undefined : columnInScope(name, scope, role, home.span(node));
    if (!column) {
      building.complete &&= name !== undefined;
      continue;
    }
    const values = literalsOf(home, value, modules);
    building.columns.push({ ...column, ...(values.length > 0 ? { values } : {}) });
  }
}
