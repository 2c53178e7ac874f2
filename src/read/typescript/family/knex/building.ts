import type { Node } from 'oxc-parser';
import type { Span } from '../../../../change/span.ts';
import type { QueryColumn, QueryTable, UseKind } from '../../../query.ts';
import { chainOf, unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { spanWithin, type Text, textOf, whyUnknown } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import type { ScopeTable } from '../column-scope.ts';
import { conventionOf } from '../naming-convention.ts';
import { keysOf } from '../object-keys.ts';
import { tableText } from '../table-text.ts';

/** What a builder of Knex's form says, gathered while its steps are read. */
export interface Building {
  /** Where the expression stands that is read: a constant's may be another than the query's. */
  module: CodeModule;
  readonly modules: Modules;
  readonly tables: QueryTable[];
  readonly scope: ScopeTable[];
  readonly columns: QueryColumn[];
  /** Names of common table expressions. */
  readonly named: ReadonlySet<string>;
  complete: boolean;
  hasLimit: boolean;
}

/**
 * Adds a table that an argument names; false where it is not one. With `isCertain` a name that is not known is kept with
 * its reason.
 */
export function addTable(building: Building, argument: Node, op: UseKind, isCertain: boolean): boolean {
  const { module, modules, scope } = building;
  const node = unwrapped(argument);
  if (node.type === 'ObjectExpression') {
    const { keys } = keysOf(module, node, modules);
    for (const { name, value } of keys) addNamed(building, value, op, isCertain, name);
    return keys.length > 0;
  }
  if (isFunction(node)) {
    scope.push({});
    return isCertain;
  }
  return addNamed(building, node, op, isCertain, undefined);
}

function addNamed(
  { module, modules, tables, scope, named }: Building,
  node: Node,
  op: UseKind,
  isCertain: boolean,
  alias: string | undefined,
): boolean {
  const found = textOf(module, node, modules);
  const text = found.text === undefined ? undefined : tableText(found.text);
  if (found.text !== undefined && text) {
    if (named.has(text.table.name)) {
      scope.push({ alias: alias ?? text.alias ?? text.table.name });
      return true;
    }
    const span = placeOf(module, node, found, text.table.name);
    const others = found.others.flatMap((other) => tableText(other)?.table ?? []);
    for (const table of [text.table, ...others]) {
      tables.push({ table, ...conventionOf(table.name), op, span, resolvedBy: found.via });
      scope.push({ alias: alias ?? text.alias, table });
    }
    return true;
  }
  if (!isCertain) return false;
  const traced = trace(module, node, startTrail(modules));
  scope.push({});
  const isQuery =
    traced.kind === 'node' &&
    traced.node.type === 'CallExpression' &&
    (isSubquery(traced.node) || isRawCall(traced.node));
  if (isQuery || (traced.kind === 'node' && isFunction(traced.node))) return true;
  const why = found.text === undefined ? whyUnknown(traced) : `${found.text} is no name of a table`;
  tables.push({ whyUnresolved: why, op, span: module.span(node), resolvedBy: 'literal' });
  return true;
}

/** A name where it is written, or where the constant stands that holds it. */
export function placeOf(
  module: CodeModule,
  node: Node,
  { part, text }: Extract<Text, { text: string }>,
  name: string,
): Span {
  const at = text.indexOf(name);
  const isHere =
    part.kind === 'text' &&
    part.text === text &&
    part.module === module &&
    part.start >= node.start &&
    part.end <= node.end;
  return isHere && at >= 0 ? spanWithin(part, at, at + name.length) : module.span(node);
}

/** `knex.raw('…')`, `raw('…')`, `knex.ref('a.b')`. */
export function isRawCall(node: Extract<Node, { type: 'CallExpression' }>): boolean {
  const { root, links } = chainOf(node);
  return links.some(({ name }, index) =>
    /^(raw|ref)$/.test(name ?? (index === 0 && root.type === 'Identifier' ? root.name : '')),
  );
}

/** A builder as an argument is a query of its own. */
export function isSubquery(node: Extract<Node, { type: 'CallExpression' }>): boolean {
  return chainOf(node).links.some(({ name }) => /^(select|from|where|query|as|max|min)$/.test(name ?? ''));
}
