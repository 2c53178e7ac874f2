import type { Node } from 'oxc-parser';
import type { QualifiedName } from '../../../../schema/name.ts';
import type { ReferentialAction } from '../../../../schema/schema.ts';
import type { ModelColumn, ModelKey } from '../../../query.ts';
import { chainOf, type Link, unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction, keyName } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { keysOf, returnsOf } from '../object-keys.ts';
import { type Declaration, type Declarations, returnedObject } from './declarations.ts';
import { type DrizzleTable, drizzleColumn } from './tables.ts';

/** The keys, references and indexes that a table declares; undefined where some of them cannot be followed. */
export function keysOfTable(
  table: DrizzleTable,
  columns: readonly ModelColumn[],
  { columns: declared }: Declarations,
  modules: Modules,
): readonly ModelKey[] | undefined {
  const ofColumns = declared.map((one, at) => {
    const column = columns[at];
    return column ? keysOfColumn(one, column, modules) : [];
  });
  const third = table.node.type === 'CallExpression' ? table.node.arguments[2] : undefined;
  const ofTable = third ? keysOfCallback(table, third, columns, modules) : [];
  if (!ofTable || ofColumns.some((one) => one === undefined)) return undefined;
  return [...ofColumns.flatMap((one) => one ?? []), ...ofTable];
}

function keysOfColumn(
  { links, module }: Declaration,
  { column, span }: ModelColumn,
  modules: Modules,
): readonly ModelKey[] | undefined {
  const keys: ModelKey[] = [];
  for (const { name, args = [] } of links) {
    if (name === 'primaryKey') keys.push({ kind: 'primary key', columns: [column], span });
    if (name === 'unique')
      keys.push({ kind: 'unique', ...nameAt(module, args[0], modules), columns: [column], span });
    if (name !== 'references') continue;
    const [target] = args[0] ? returnsOf(args[0]) : [];
    const parent = target && drizzleColumn(module, target, modules);
    if (!parent) return undefined;
    const ref = {
      table: parent.table.table,
      columns: [parent.column],
      onDelete: actionIn(module, args[1], modules),
    };
    keys.push({ kind: 'foreign key', columns: [column], ref, span });
  }
  return keys;
}

function nameAt(module: CodeModule, node: Node | undefined, modules: Modules): { readonly name?: string } {
  const name = node && textOf(module, node, modules).text;
  return name === undefined ? {} : { name };
}

const ACTION = /^(cascade|restrict|no action|set null|set default)$/;

/** Drizzle-kit writes `no action` where none is said. */
function actionIn(
  module: CodeModule,
  options: Node | undefined,
  modules: Modules,
): ReferentialAction | undefined {
  const said = options && keysOf(module, options, modules).keys.find(({ name }) => name === 'onDelete');
  return said
    ? actionOf(textOf(said.module, said.value, modules).text)
    : options && !isWritten(options)
      ? undefined
      : 'no action';
}

function actionOf(text: string | undefined): ReferentialAction | undefined {
  return text !== undefined && ACTION.test(text) ? (text as ReferentialAction) : undefined; // one of ACTION
}

function isWritten(node: Node): boolean {
  return unwrapped(node).type === 'ObjectExpression';
}

/** `(t) => [index('by_name').on(t.name)]`, `(t) => ({ pk: primaryKey({ columns: [t.a, t.b] }) })`. */
function keysOfCallback(
  { module, table }: DrizzleTable,
  callback: Node,
  columns: readonly ModelColumn[],
  modules: Modules,
): readonly ModelKey[] | undefined {
  const traced = trace(module, callback, startTrail(modules));
  if (traced.kind !== 'node') return undefined;
  const parameter = isFunction(traced.node) ? traced.node.params[0] : undefined;
  const self = parameter?.type === 'Identifier' ? parameter.name : undefined;
  const list = unwrapped(returnedObject(traced.node));
  const items =
    list.type === 'ArrayExpression'
      ? list.elements
      : list.type === 'ObjectExpression'
        ? list.properties.map((one) => (one.type === 'SpreadElement' ? one : one.value))
        : undefined;
  if (!items) return undefined;
  const scope: Scope = { table, module: traced.module, self, columns, modules };
  const keys = items.map((item) => (item && item.type !== 'SpreadElement' ? keyOf(item, scope) : undefined));
  return keys.includes(undefined) ? undefined : keys.flatMap((one) => one ?? []);
}

interface Scope {
  readonly table: QualifiedName;
  readonly module: CodeModule;
  /** What the callback calls the table. */
  readonly self: string | undefined;
  readonly columns: readonly ModelColumn[];
  readonly modules: Modules;
}

/** One entry; a CHECK or a policy is no key, and empty. */
function keyOf(item: Node, scope: Scope): readonly ModelKey[] | undefined {
  const { module, modules } = scope;
  const node = unwrapped(item);
  if (node.type !== 'CallExpression') return undefined;
  const { root, links } = chainOf(node);
  const at = links.findIndex((link) => link.args !== undefined);
  const call = links[at];
  const maker = call?.name ?? (root.type === 'Identifier' ? root.name : '');
  const span = module.span(item);
  const later = (pattern: RegExp) => links.slice(at + 1).find(({ name }) => pattern.test(name ?? ''));
  switch (maker) {
    case 'check':
    case 'pgPolicy':
      return [];
    case 'index':
    case 'uniqueIndex': {
      const on = later(/^(on|onOnly|using)$/);
      if (!on?.args) return undefined;
      const keys = on.name === 'using' ? on.args.slice(1) : on.args;
      const name = nameAt(module, call?.args?.[0], modules);
      const isPartial = later(/^where$/) !== undefined;
      return [
        {
          kind: maker === 'index' ? 'index' : 'unique',
          ...name,
          columns: keys.map((one) => columnAt(one, scope) ?? null),
          ...(isPartial ? { partial: true } : {}),
          span,
        },
      ];
    }
    case 'unique': {
      const on = later(/^on$/);
      return (
        on?.args && [
          {
            kind: 'unique',
            ...nameAt(module, call?.args?.[0], modules),
            columns: on.args.map((one) => columnAt(one, scope) ?? null),
            span,
          },
        ]
      );
    }
    case 'primaryKey': {
      const keys = listAt(call, 'columns', scope) ?? call?.args;
      return (
        keys && [{ kind: 'primary key', columns: keys.map((one) => columnAt(one, scope) ?? null), span }]
      );
    }
    case 'foreignKey':
      return foreignKey(call, later(/^onDelete$/), span, scope);
    default:
      return undefined;
  }
}

function foreignKey(
  call: Link | undefined,
  onDelete: Link | undefined,
  span: ModelKey['span'],
  scope: Scope,
): readonly ModelKey[] | undefined {
  const { module, modules } = scope;
  const own = listAt(call, 'columns', scope);
  const theirs = listAt(call, 'foreignColumns', scope);
  const parents = theirs?.map((one) => drizzleColumn(module, one, modules));
  // a table that refers to itself does so by what its callback calls it
  const selves = theirs?.flatMap((one) => columnAt(one, scope) ?? []);
  const table = parents?.[0]?.table.table ?? scope.table;
  const columns = parents?.[0] ? parents.flatMap((one) => one?.column ?? []) : selves;
  if (!own || !theirs || columns?.length !== theirs.length) return undefined;
  const [said] = onDelete?.args ?? [];
  const action = said ? actionOf(textOf(module, said, modules).text) : ('no action' as const);
  const ref = { table, columns, ...(action ? { onDelete: action } : {}) };
  return [{ kind: 'foreign key', columns: own.map((one) => columnAt(one, scope) ?? null), ref, span }];
}

/** The elements of a list among a call's options. */
function listAt(
  call: Link | undefined,
  name: string,
  { module, modules }: Scope,
): readonly Node[] | undefined {
  const [first] = call?.args ?? [];
  if (!first || unwrapped(first).type !== 'ObjectExpression') return undefined;
  const value = keysOf(module, first, modules).keys.find((key) => key.name === name)?.value;
  const list = value && unwrapped(value);
  return list?.type === 'ArrayExpression' ? list.elements.flatMap((one) => one ?? []) : undefined;
}

/** The column that `t.name`, `t.name.desc()` or `users.name` is; undefined for an expression. */
function columnAt(node: Node, scope: Scope): string | undefined {
  const { module, self, columns, modules } = scope;
  const inner = unwrapped(node);
  if (inner.type === 'CallExpression') {
    const callee = unwrapped(inner.callee);
    return callee.type === 'MemberExpression' && STEP.test(keyName(callee.property, callee.computed) ?? '')
      ? columnAt(callee.object, scope)
      : undefined;
  }
  if (inner.type !== 'MemberExpression') return undefined;
  if (inner.object.type === 'Identifier' && inner.object.name === self) {
    const key = keyName(inner.property, inner.computed);
    return columns.find(({ name }) => name === key)?.column;
  }
  return drizzleColumn(module, inner, modules)?.column;
}

/** What orders a key without being an expression. */
const STEP = /^(asc|desc|nullsFirst|nullsLast|op)$/;
