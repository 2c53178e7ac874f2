import type { Node } from 'oxc-parser';
import { chainOf, unwrapped } from '../call-chain.ts';
import type { CodeModule } from '../module.ts';
import type { Fill, Filled } from '../sql-pieces.ts';
import { partsOf, templateParts, textOf } from '../text.ts';
import { trace } from '../trace.ts';
import { farther, type Modules, startTrail } from '../trail.ts';
import { drizzleColumn, drizzleTable } from './drizzle/tables.ts';
import { nameByConvention } from './naming-convention.ts';

/** Whether a template's tag is one of those that stand for SQL: `sql`, `Prisma.sql`, `db.$queryRaw`, `sql<User>`. */
export function isSqlTag(tag: Node): boolean {
  const node = unwrapped(tag);
  const name =
    node.type === 'Identifier'
      ? node.name
      : node.type === 'MemberExpression' && node.property.type === 'Identifier'
        ? node.property.name
        : node.type === 'CallExpression'
          ? nameOfCallee(node)
          : '';
  return /^(sql|SQL|pgsql|\$?queryRaw|\$?executeRaw|raw|unsafe|type|typeAlias|fragment)$/.test(name);
}

/** Whether a tag of SQL sends values as parameters: `String.raw` and tags of its name put them into the text. */
export function bindsValues(tag: Node): boolean {
  const node = unwrapped(tag);
  const isRaw =
    node.type === 'MemberExpression' && node.property.type === 'Identifier' && node.property.name === 'raw';
  return isSqlTag(tag) && !isRaw;
}

function nameOfCallee(node: Extract<Node, { type: 'CallExpression' }>): string {
  const links = chainOf(node).links;
  return links.findLast((link) => link.name !== undefined)?.name ?? '';
}

/** Makes of values inside SQL what the libraries make of them: fragments, identifiers, tables and columns of models. */
export function fillSql(modules: Modules): Fill {
  return ({ module, node, traced }) => {
    const written = unwrapped(node);
    const target = traced.kind === 'node' ? traced : { module, node: written, via: 'literal' as const };
    const found =
      fragmentOf(target.module, target.node, modules) ??
      modelOf(module, written, modules) ??
      (target.node === written ? undefined : modelOf(target.module, target.node, modules)) ??
      nameByConvention(module, written, modules);
    return found?.kind === 'name' ? { ...found, via: farther(found.via, target.via) } : found;
  };
}

function fragmentOf(module: CodeModule, node: Node, modules: Modules): Filled {
  if (node.type === 'TaggedTemplateExpression' && isSqlTag(node.tag))
    return {
      kind: 'parts',
      parts: templateParts(
        module,
        node.quasi.quasis,
        node.quasi.expressions,
        startTrail(modules),
        bindsValues(node.tag),
      ),
    };
  if (node.type === 'ConditionalExpression')
    return choice(module, [node.consequent, node.alternate], modules);
  if (node.type === 'LogicalExpression') return choice(module, [node.right, node.left], modules);
  if (
    node.type === 'MemberExpression' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'empty'
  )
    return { kind: 'parts', parts: [] };
  return node.type === 'CallExpression' ? builtValue(module, node, modules) : undefined;
}

/** The first of several that says something. */
function choice(module: CodeModule, nodes: readonly Node[], modules: Modules): Filled {
  for (const node of nodes) {
    const traced = trace(module, node, startTrail(modules));
    const found = traced.kind === 'node' ? fragmentOf(traced.module, traced.node, modules) : undefined;
    if (found?.kind === 'parts' && found.parts.length > 0) return found;
    if (found?.kind === 'name') return found;
  }
  return undefined;
}

/** `sql.raw('…')`, `sql.identifier(['s', 't'])`, `sql.table('t')`, `sql.ref('t.c')`, `sql('t')`. */
function builtValue(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  modules: Modules,
): Filled {
  const { root, links } = chainOf(node);
  const [first] = node.arguments;
  if (root.type !== 'Identifier' || !first || first.type === 'SpreadElement' || links.length === 0)
    return undefined;
  const name = links.at(-1)?.name;
  if (name === 'raw' || name === 'lit')
    return { kind: 'parts', parts: partsOf(module, first, startTrail(modules)) };
  const names =
    /^(identifier|id|table|ref|join)$/.test(name ?? '') ||
    (name === undefined && /^(sql|pg|db)$/i.test(root.name));
  if (!names || name === 'join') return undefined;
  const elements = unwrapped(first);
  const texts = (elements.type === 'ArrayExpression' ? elements.elements : [elements]).map((one) =>
    one ? textOf(module, one, modules) : undefined,
  );
  if (texts.length === 0 || !texts.every((one) => one?.text !== undefined)) return undefined;
  const parts = texts.flatMap((one) => (one?.text ?? '').split('.'));
  return {
    kind: 'name',
    text: parts.map(quoted).join('.'),
    via: texts[0]?.text === undefined ? 'literal' : texts[0].via,
  };
}

/** A table or column of a model. */
function modelOf(module: CodeModule, node: Node, modules: Modules): Filled {
  const column = drizzleColumn(module, node, modules);
  if (column) {
    const owner = column.table.alias ?? column.table.table;
    const text = `${nameSql(typeof owner === 'string' ? { name: owner } : owner)}.${quoted(column.column)}`;
    return { kind: 'name', text, via: column.table.via };
  }
  const table = drizzleTable(module, node, modules);
  if (!table) return undefined;
  const declaredIn = table.module.path;
  return { kind: 'name', text: nameSql(table.table), via: table.via, declaredIn };
}

function nameSql({ schema, name }: { readonly schema?: string; readonly name: string }): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
