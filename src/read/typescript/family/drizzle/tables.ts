import type { Node } from 'oxc-parser';
import type { QualifiedName } from '../../../../schema/name.ts';
import type { ModelColumn } from '../../../query.ts';
import { type CallChain, calledName, chainOf, unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction, keyName } from '../../scope.ts';
import { partsOf, textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced, type Via } from '../../trail.ts';
import { isSnakeCased } from './casing.ts';
import { type Declaration, declarationsOf, givenName } from './declarations.ts';
import { storedColumn } from './stored.ts';

/** A table as `pgTable` and its like declare it. */
export interface DrizzleTable {
  readonly table: QualifiedName;
  /** The name that `alias(table, 'x')` gives it within a query. */
  readonly alias?: string;
  readonly dialect?: 'postgres' | 'mysql' | 'sqlite';
  /** Where it is declared, and the call that does it. */
  readonly module: CodeModule;
  readonly node: Node;
  readonly via: Via;
}

/** A column of such a table. */
export interface DrizzleColumn {
  readonly table: DrizzleTable;
  readonly column: string;
  /** What snake case makes of it, where only its key in code is written. */
  readonly convention?: string;
}

const MAKER = /^(pg|mysql|sqlite|singlestore|cockroach|gel|mssql)(Table|View|MaterializedView)$/;
const CREATOR = /^(pg|mysql|sqlite|singlestore|cockroach|gel|mssql)TableCreator$/;
const SCHEMA = /^(pg|mysql|singlestore|cockroach|gel|mssql)Schema$/;
const OF_SCHEMA = /^(table|view|materializedView)$/;

/** The table that an expression stands for; undefined for everything else. */
export function drizzleTable(
  module: CodeModule,
  expression: Node,
  modules: Modules,
): DrizzleTable | undefined {
  const traced = trace(module, expression, startTrail(modules));
  return traced.kind === 'node' ? tableOf(traced, modules) : undefined;
}

/** The table that a traced call declares. */
export function tableOf(
  traced: Extract<Traced, { kind: 'node' }>,
  modules: Modules,
): DrizzleTable | undefined {
  const { module, node, via } = traced;
  if (node.type !== 'CallExpression') return undefined;
  const chain = chainOf(node);
  if (!mayDeclare(chain)) return undefined;
  const ofSchema = chain.links.findIndex((link) => OF_SCHEMA.test(link.name ?? '') && link.args);
  const made = ofSchema < 0 ? chain.links.findIndex((link) => link.args !== undefined) : ofSchema;
  const call = chain.links[made];
  if (!call?.args || call.node.type !== 'CallExpression') return undefined;
  if (isAlias(chain)) {
    const [table, name] = call.args;
    const inner = table && drizzleTable(module, table, modules);
    const alias = name && textOf(module, name, modules);
    return inner && { ...inner, alias: alias?.text };
  }
  const maker = makerOf(module, chain, made, modules);
  if (!maker) return undefined;
  const [first] = call.args;
  const name = first && textOf(module, first, modules);
  if (name?.text === undefined) return undefined;
  const table = {
    ...(maker.schema === undefined ? {} : { schema: maker.schema }),
    name: maker.rename(name.text),
  };
  return { table, dialect: dialectOf(maker.prefix), module, node: call.node, via };
}

/** Whether a chain has the shape of a declaration: a name and columns, given to a function or to `schema.table`. */
export function mayDeclare({ links }: CallChain): boolean {
  return links.some(
    ({ name, args }) =>
      (name === undefined || OF_SCHEMA.test(name) || MAKER.test(name)) &&
      args !== undefined &&
      args.length >= 2 &&
      args[0]?.type !== 'ObjectExpression',
  );
}

/** Whether it is a view that is declared. */
export function isView({ node }: DrizzleTable): boolean {
  if (node.type !== 'CallExpression') return false;
  const { root, links } = chainOf(node);
  return /view$/i.test(
    links.findLast(({ args }) => args)?.name ?? (root.type === 'Identifier' ? root.name : ''),
  );
}

function isAlias({ root, links }: CallChain): boolean {
  return root.type === 'Identifier' && /^(alias|aliasedTable)$/.test(root.name) && links.length === 1;
}

interface Maker {
  readonly prefix: string;
  readonly schema?: string;
  rename(name: string): string;
}

function makerOf(module: CodeModule, chain: CallChain, made: number, modules: Modules): Maker | undefined {
  const link = chain.links[made];
  const rename = (name: string) => name;
  const own = link?.name ?? (chain.root.type === 'Identifier' ? chain.root.name : '');
  if (link?.name !== undefined && OF_SCHEMA.test(link.name)) {
    const schema = schemaOf(module, link.node, modules);
    return schema && { ...schema, rename };
  }
  const direct = MAKER.exec(own);
  if (direct) return { prefix: direct[1] ?? '', rename };
  if (link?.name !== undefined || chain.root.type !== 'Identifier') return undefined;
  const traced = trace(module, chain.root, startTrail(modules));
  if (traced.kind === 'external') {
    const named = MAKER.exec(traced.path.at(-1) ?? '');
    return named ? { prefix: named[1] ?? '', rename } : undefined;
  }
  return traced.kind === 'node' ? creatorOf(traced, modules) : undefined;
}

/** `pgSchema('app').table(…)`. */
function schemaOf(
  module: CodeModule,
  node: Node,
  modules: Modules,
): { prefix: string; schema?: string } | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const callee = unwrapped(node.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const traced = trace(module, callee.object, startTrail(modules));
  if (traced.kind !== 'node' || traced.node.type !== 'CallExpression') return undefined;
  const named = SCHEMA.exec(calledName(traced.node));
  const [first] = traced.node.arguments;
  if (!named || !first) return undefined;
  const name = textOf(traced.module, first, modules);
  return name.text === undefined ? undefined : { prefix: named[1] ?? '', schema: name.text };
}

/** `const createTable = pgTableCreator((name) => `app_${name}`)`. */
function creatorOf({ module, node }: Extract<Traced, { kind: 'node' }>, modules: Modules): Maker | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const named = CREATOR.exec(calledName(node));
  const [first] = node.arguments;
  if (!named || !first || !isFunction(first)) return undefined;
  const { body } = first;
  const only = body?.type === 'BlockStatement' ? body.body[0] : undefined;
  const returned = only?.type === 'ReturnStatement' ? only.argument : body;
  if (!returned) return undefined;
  const parts = partsOf(module, returned, startTrail(modules));
  return {
    prefix: named[1] ?? '',
    rename: (name) => parts.map((part) => (part.kind === 'text' ? part.text : name)).join(''),
  };
}

function dialectOf(prefix: string): DrizzleTable['dialect'] {
  if (prefix === 'pg') return 'postgres';
  return prefix === 'mysql' || prefix === 'sqlite' ? prefix : undefined;
}

/** The column that an expression stands for: `users.id`. */
export function drizzleColumn(
  module: CodeModule,
  expression: Node,
  modules: Modules,
): DrizzleColumn | undefined {
  const node = unwrapped(expression);
  if (node.type !== 'MemberExpression') return columnOfName(module, node, modules);
  const key = keyName(node.property, node.computed);
  if (key === undefined) return undefined;
  const table = drizzleTable(module, node.object, modules);
  return table && columnNamed(table, key, modules);
}

/** `const { id } = users`, `const column = users.id`. */
function columnOfName(module: CodeModule, node: Node, modules: Modules): DrizzleColumn | undefined {
  if (node.type !== 'Identifier') return undefined;
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind !== 'node' || traced.node === node || traced.node.type !== 'MemberExpression')
    return undefined;
  return drizzleColumn(traced.module, traced.node, modules);
}

/** The column that a table has under a key of code. */
export function columnNamed(table: DrizzleTable, key: string, modules: Modules): DrizzleColumn | undefined {
  const found = columnsOf(table, modules).find((column) => column.name === key);
  return found && { table, column: found.column, convention: found.convention };
}

/** The columns that a table declares. */
export function columnsOf(table: DrizzleTable, modules: Modules): readonly ModelColumn[] {
  return modules.once(table.node, () =>
    declarationsOf(table, modules).columns.map((one) => toColumn(one, table.dialect, modules)),
  );
}

function toColumn(one: Declaration, dialect: DrizzleTable['dialect'], modules: Modules): ModelColumn {
  const { name, links, root, home, property } = one;
  const given = givenName(one, modules);
  const made = links.find((link) => link.args !== undefined);
  const steps = links.map((link) => link.name);
  // as Drizzle itself parts words
  const snake = (name.match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [name]).join('_').toLowerCase();
  const byKey = isSnakeCased(home.path, modules)
    ? { column: snake }
    : { column: name, ...(snake === name ? {} : { convention: snake }) };
  return {
    name,
    ...(given === undefined ? byKey : { column: given }),
    type: made?.name ?? (root.type === 'Identifier' ? root.name : undefined),
    nullable: !steps.includes('notNull') && !steps.includes('primaryKey'),
    ...(dialect ? { stored: storedColumn(one, dialect, modules) } : {}),
    span: home.span(property),
  };
}
