import type { Node } from 'oxc-parser';
import type { Filling, StoredColumn } from '../../../query.ts';
import { calledName, chainOf, type Link, unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { partsOf, textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { keysOf, returnsOf } from '../object-keys.ts';
import type { Declaration } from './declarations.ts';
import { sqlType } from './sql-type.ts';
import type { DrizzleTable } from './tables.ts';

type DrizzleDialect = NonNullable<DrizzleTable['dialect']>;

/** What makes a column: the function's name, its arguments, and the steps behind it. */
interface Made {
  readonly module: CodeModule;
  readonly maker: string;
  readonly root: Node;
  /** The function stands by itself, not as `t.text`. */
  readonly isBare: boolean;
  readonly args: readonly Node[];
  readonly steps: readonly (Link & { readonly module: CodeModule })[];
}

/** The column that drizzle-kit makes of a declaration; undefined where what makes it is not known. */
export function storedColumn(
  declaration: Declaration,
  dialect: DrizzleDialect,
  modules: Modules,
): StoredColumn | undefined {
  const made = madeBy(declaration, modules, 0);
  const own = made && typeOf(made, dialect, modules);
  if (!made || !own) return undefined;
  const dimensions = '[]'.repeat(made.steps.filter(({ name }) => name === 'array').length);
  const filling = isCounter(made, dialect)
    ? ({ kind: 'counter' } as const)
    : fillingOf(made, dialect, modules);
  return {
    ...(own.type === undefined ? {} : { type: own.type + dimensions }),
    ...(own.labels ? { labels: own.labels } : {}),
    ...(filling ? { filling } : {}),
  };
}

/** The call that makes a column, also where a function of the code's own returns it and more steps follow. */
function madeBy(
  { module, root, links }: Pick<Declaration, 'module' | 'root' | 'links'>,
  modules: Modules,
  depth: number,
): Made | undefined {
  const at = links.findIndex((link) => link.args !== undefined);
  const call = links[at];
  if (!call?.args || at > 1 || depth > 4) return undefined;
  const steps = links.slice(at + 1).map((link) => ({ ...link, module }));
  if (call.name !== undefined)
    return at === 0 && root.type !== 'Identifier'
      ? undefined
      : { module, maker: call.name, root, isBare: false, args: call.args, steps };
  if (root.type !== 'Identifier') return undefined;
  const traced = trace(module, root, startTrail(modules));
  if (traced.kind === 'external')
    return { module, maker: traced.path.at(-1) ?? '', root, isBare: true, args: call.args, steps };
  if (traced.kind === 'node' && isFunction(traced.node)) {
    const [returned, second] = returnsOf(traced.node);
    const inner = returned && !second ? unwrapped(returned) : undefined;
    if (inner?.type !== 'CallExpression') return undefined;
    const own = chainOf(inner);
    const base = madeBy({ module: traced.module, root: own.root, links: own.links }, modules, depth + 1);
    return base && { ...base, steps: [...base.steps, ...steps] };
  }
  return { module, maker: root.name, root, isBare: true, args: call.args, steps };
}

function typeOf(
  { module, maker, root, isBare, args }: Made,
  dialect: DrizzleDialect,
  modules: Modules,
): { readonly type?: string; readonly labels?: readonly string[] } | undefined {
  const options = optionsIn(module, args, modules);
  const known = sqlType(maker, options, dialect);
  if (known !== undefined) return { type: known };
  if (maker === 'mysqlEnum') {
    const list = args.find((one) => unwrapped(one).type === 'ArrayExpression') ?? args[1] ?? args[0];
    const labels = list ? labelsOf(module, list, modules) : undefined;
    return { type: 'enum', ...(labels ? { labels } : {}) };
  }
  if (!isBare) return undefined;
  const traced = trace(module, root, startTrail(modules));
  if (traced.kind !== 'node' || traced.node.type !== 'CallExpression') return undefined;
  return ownType(traced.module, traced.node, modules);
}

/** `const mood = pgEnum('mood', ['sad', 'ok'])`, `const tsvector = customType({ dataType() { return 'tsvector' } })`. */
function ownType(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  modules: Modules,
): { readonly type?: string; readonly labels?: readonly string[] } | undefined {
  const name = calledName(node);
  const [first, second] = node.arguments;
  if (/^(pgEnum|enum)$/.test(name) && first && second) {
    const type = textOf(module, first, modules).text;
    const labels = labelsOf(module, second, modules);
    return type === undefined ? undefined : { type: `"${type}"`, ...(labels ? { labels } : {}) };
  }
  if (name !== 'customType' || !first) return undefined;
  const makes = keysOf(module, first, modules).keys.find((key) => key.name === 'dataType');
  const [returned, further] = makes ? returnsOf(makes.value) : [];
  const type = makes && returned && !further ? textOf(makes.module, returned, modules).text : undefined;
  return type === undefined || /[{}$]/.test(type) ? {} : { type };
}

/** The labels of a list, where all of them are known. */
function labelsOf(module: CodeModule, list: Node, modules: Modules): readonly string[] | undefined {
  const traced = trace(module, list, startTrail(modules));
  const node = traced.kind === 'node' ? unwrapped(traced.node) : undefined;
  if (traced.kind !== 'node' || node?.type !== 'ArrayExpression') return undefined;
  const labels = literalsOf(traced.module, node, modules);
  return labels.length === node.elements.length ? labels : undefined;
}

/** The options of a column by name, those whose value is written. */
function optionsIn(module: CodeModule, args: readonly Node[], modules: Modules): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const arg of args) {
    const inner = unwrapped(arg);
    const traced = trace(module, inner, startTrail(modules));
    const isObject = traced.kind === 'node' && traced.node.type === 'ObjectExpression';
    if (!isObject) continue;
    for (const key of keysOf(module, inner, modules).keys) {
      const value = trace(key.module, key.value, startTrail(modules));
      const isWritten = value.kind === 'node' && value.node.type === 'Literal';
      if (key.name !== undefined)
        found.set(key.name, isWritten ? String((value.node as { value: unknown }).value) : '?'); // a literal has a value
    }
  }
  return found;
}

function isCounter({ maker, steps }: Made, dialect: DrizzleDialect): boolean {
  if (/serial$/i.test(maker)) return true;
  if (steps.some(({ name }) => /^(generated(Always|ByDefault)AsIdentity|autoincrement)$/.test(name ?? '')))
    return true;
  // an INTEGER PRIMARY KEY of SQLite counts by itself, whatever is said of it
  const isKey = steps.some(({ name }) => name === 'primaryKey');
  return dialect === 'sqlite' && isKey && /^int(eger)?$/.test(maker);
}

function fillingOf(made: Made, dialect: DrizzleDialect, modules: Modules): Filling | undefined {
  const { steps } = made;
  if (steps.some(({ name }) => name === 'generatedAlwaysAs')) return undefined;
  const last = steps.findLast(({ name }) => /^default(Now|Random)?$/.test(name ?? ''));
  if (!last) return { kind: 'nothing' };
  if (last.name === 'defaultNow')
    return { kind: 'value', sql: dialect === 'sqlite' ? NOW_OF_SQLITE : 'now()' };
  if (last.name === 'defaultRandom') return { kind: 'value', sql: 'gen_random_uuid()' };
  const [value] = last.args ?? [];
  const sql = value && sqlOf(last.module, value, modules);
  return sql === undefined ? undefined : { kind: 'value', sql };
}

/** What drizzle-kit writes for `defaultNow()`. */
const NOW_OF_SQLITE = "(cast((julianday('now') - 2440587.5)*86400000 as integer))";

/** A default as SQL; undefined where it is not written out. */
function sqlOf(module: CodeModule, expression: Node, modules: Modules): string | undefined {
  const traced = trace(module, expression, startTrail(modules));
  if (traced.kind !== 'node') return undefined;
  const node = unwrapped(traced.node);
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'string') return quoted(node.value);
      return /^(number|boolean)$/.test(typeof node.value) ? String(node.value) : undefined;
    case 'UnaryExpression': {
      const inner = node.operator === '-' ? sqlOf(traced.module, node.argument, modules) : undefined;
      return inner === undefined ? undefined : `-${inner}`;
    }
    case 'TemplateLiteral': {
      const { text } = textOf(traced.module, node, modules);
      return text === undefined ? undefined : quoted(text);
    }
    case 'TaggedTemplateExpression': {
      const parts = partsOf(traced.module, node.quasi, startTrail(modules));
      return parts.every((part) => part.kind === 'text')
        ? parts.map((part) => part.text).join('')
        : undefined;
    }
    case 'ArrayExpression':
    case 'ObjectExpression': {
      const value = plainValue(traced.module, node, modules);
      return value === undefined ? undefined : quoted(JSON.stringify(value));
    }
    default:
      return undefined;
  }
}

/** The value of a literal, list or object that is written out. */
function plainValue(module: CodeModule, expression: Node, modules: Modules): unknown {
  const traced = trace(module, expression, startTrail(modules));
  const node = traced.kind === 'node' ? unwrapped(traced.node) : undefined;
  if (traced.kind !== 'node' || !node) return undefined;
  if (node.type === 'Literal') return node.value;
  if (node.type === 'ArrayExpression') {
    const items = node.elements.map((one) => (one ? plainValue(traced.module, one, modules) : undefined));
    return items.includes(undefined) ? undefined : items;
  }
  if (node.type !== 'ObjectExpression') return undefined;
  const { keys, complete } = keysOf(traced.module, node, modules);
  const pairs = keys.map((key) => [key.name, plainValue(key.module, key.value, modules)] as const);
  return complete && pairs.every(([name, value]) => name !== undefined && value !== undefined)
    ? Object.fromEntries(pairs)
    : undefined;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
