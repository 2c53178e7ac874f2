import type { Node } from 'oxc-parser';
import { spanWithin, textOf } from '../../text.ts';
import { farther } from '../../trail.ts';
import { columnInScope } from '../column-scope.ts';
import type { Building } from '../knex/building.ts';
import { type Key, keysOf } from '../object-keys.ts';
import { tableText } from '../table-text.ts';
import { type ObjectionModel, type Relation, relationOf } from './model.ts';

/** A relation in an expression of a graph, with where its name stands in it. */
interface GraphNode {
  readonly name: string;
  readonly at: number;
  readonly below: readonly GraphNode[];
}

/** Adds the tables that `'[posts.comments, pets(named)]'` or `{ posts: { comments: true } }` brings along. */
export function addGraph(building: Building, model: ObjectionModel, expression: Node): void {
  const { module, modules } = building;
  const found = textOf(module, expression, modules);
  if (found.text === undefined) {
    const { keys, complete } = keysOf(module, expression, modules);
    building.complete &&= complete;
    for (const key of keys) addRelation(building, model, key.name, key.value, module.span(expression));
    return;
  }
  const { part, text } = found;
  const isHere =
    part.kind === 'text' && part.text === text && part.module === module && part.start >= expression.start;
  const add = (owner: ObjectionModel | undefined, nodes: readonly GraphNode[]): void => {
    for (const { name, at, below } of nodes) {
      const span = isHere ? spanWithin(part, at, at + name.length) : module.span(expression);
      add(addOne(building, owner, name, span), below);
    }
  };
  add(model, parseGraph(text));
}

function addRelation(
  building: Building,
  model: ObjectionModel,
  name: string | undefined,
  below: Node,
  span: ReturnType<typeof spanWithin>,
): void {
  if (name === undefined || name.startsWith('$')) return;
  const target = addOne(building, model, name, span);
  if (!target || below.type !== 'ObjectExpression') return;
  for (const key of keysOf(building.module, below, building.modules).keys)
    addRelation(building, target, key.name, key.value, span);
}

function addOne(
  building: Building,
  owner: ObjectionModel | undefined,
  name: string,
  span: ReturnType<typeof spanWithin>,
): ObjectionModel | undefined {
  if (!owner) return undefined;
  const relation = relationOf(owner, name, building.modules);
  const target = relation?.target;
  if (!target) {
    building.tables.push({
      whyUnresolved: `the relation ${name} is not known`,
      op: 'read',
      span,
      resolvedBy: 'literal',
    });
    return undefined;
  }
  const { table, via, module } = target;
  building.tables.push({
    table,
    op: 'read',
    span,
    resolvedBy: farther(via, 'class'),
    declaredIn: module.path,
  });
  building.scope.push({ alias: name, table });
  addJoins(building, relation, span);
  return target;
}

/** The columns that a relation joins by, and the table between. */
function addJoins(
  building: Building,
  { joins, through }: Relation,
  span: ReturnType<typeof spanWithin>,
): void {
  for (const key of [...joins, ...through]) {
    const text = joinText(building, key);
    const names = text?.split('.') ?? [];
    const column = names.pop();
    const table = tableText(names.join('.'))?.table;
    if (column === undefined || !table) continue;
    if (key === through[0]) building.tables.push({ table, op: 'read', span, resolvedBy: 'class' });
    const named = columnInScope(column, [{ table }], 'join', span);
    if (named) building.columns.push(named);
  }
}

function joinText({ modules }: Building, { module, value }: Key): string | undefined {
  return textOf(module, value, modules).text;
}

/** `a.[b, c(mod) as d].e` as a tree; what is no expression of that form gives what can be read of it. */
function parseGraph(text: string): readonly GraphNode[] {
  let at = 0;
  const skip = (): void => {
    while (/[\s,]/.test(text.charAt(at))) at++;
  };
  const list = (): readonly GraphNode[] => {
    const nodes: GraphNode[] = [];
    for (skip(); at < text.length && text.charAt(at) !== ']'; skip()) {
      const before = at;
      const one = single();
      if (one) nodes.push(one);
      if (at === before) at++;
    }
    return nodes;
  };
  const below = (): readonly GraphNode[] => {
    if (text.charAt(at) === '[') {
      at++;
      const nodes = list();
      at++;
      return nodes;
    }
    const one = single();
    return one ? [one] : [];
  };
  const single = (): GraphNode | undefined => {
    const name = /^[A-Za-z_$][\w$]*/.exec(text.slice(at))?.[0];
    if (name === undefined) return undefined;
    const start = at;
    at += name.length;
    const rest = /^(\s*\([^)]*\))?(\s+as\s+\w+)?/.exec(text.slice(at))?.[0] ?? '';
    at += rest.length;
    if (text.charAt(at) !== '.') return { name, at: start, below: [] };
    at++;
    return { name, at: start, below: below() };
  };
  skip();
  return text.charAt(at) === '[' ? below() : list();
}
