import type { Argument } from 'oxc-parser';
import type { QueryTable } from '../../query.ts';
import type { Wrapper } from '../../wrapper.ts';
import { type CallChain, type Link, unwrapped } from '../call-chain.ts';
import { readEmbeddedSql } from '../embedded-sql.ts';
import type { Family, FoundQuery } from '../family.ts';
import type { CodeModule } from '../module.ts';
import { partsOf, textOf } from '../text.ts';
import { trace } from '../trace.ts';
import { type Modules, startTrail } from '../trail.ts';
import { drizzleTable } from './drizzle/tables.ts';
import { conventionOf } from './naming-convention.ts';
import { fillSql } from './sql-values.ts';

/** The functions that `wrappers` of the configuration names; undefined where it names none. */
export function wrapperFamily(wrappers: readonly Wrapper[]): Family | undefined {
  if (wrappers.length === 0) return undefined;
  const names = wrappers.map((one) => one.function.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return {
    name: 'wrapper',
    gate: new RegExp(`(?<![\\w$])(?:${names.join('|')})\\s*[(<]`),
    readsSql: wrappers.some((one) => one.sql !== undefined),
    read: (module, modules) => ({
      queries: module.chains.flatMap((chain) => queriesOfChain(module, modules, chain, wrappers)),
      models: [],
    }),
  };
}

function queriesOfChain(
  module: CodeModule,
  modules: Modules,
  chain: CallChain,
  wrappers: readonly Wrapper[],
): readonly FoundQuery[] {
  return chain.links.flatMap((link, index): readonly FoundQuery[] => {
    const name = link.name ?? (index === 0 && chain.root.type === 'Identifier' ? chain.root.name : '');
    const wrapper = wrappers.find(
      (one) => one.function === name && (one.from === undefined || isFrom(module, modules, chain, one.from)),
    );
    return wrapper && link.args ? queryOf(module, modules, link, wrapper) : [];
  });
}

/** Whether what a chain starts with is imported from a module of that name, or from the file where that leads. */
function isFrom(module: CodeModule, modules: Modules, { root }: CallChain, from: string): boolean {
  if (root.type !== 'Identifier') return false;
  const binding = module.bindingOf(root.name, root);
  if (binding?.kind !== 'import') return false;
  if (binding.source === from) return true;
  const target = modules.resolve(module.path, binding.source);
  return target.kind === 'file' && target.path === from.replace(/^\.\//, '');
}

function queryOf(
  module: CodeModule,
  modules: Modules,
  link: Link,
  { sql: sqlAt, table: tableAt, op = 'read' }: Wrapper,
): readonly FoundQuery[] {
  const text = argumentAt(link, sqlAt);
  if (text) {
    const parts = partsOf(module, text, startTrail(modules));
    const sql = readEmbeddedSql(parts, module.span(link.node), fillSql(modules));
    if (!sql) return [];
    const { isParsed, ...said } = sql;
    return [{ node: link.node, ...said }];
  }
  const named = argumentAt(link, tableAt);
  if (!named) return [];
  const table = tableNamed(module, modules, named, op);
  return [{ node: link.node, tables: [table], columns: [], columnsComplete: false, hasLimit: false }];
}

function argumentAt({ args }: Link, at: number | undefined): Argument | undefined {
  const found = at === undefined ? undefined : args?.[at];
  return found?.type === 'SpreadElement' ? undefined : found;
}

/** The table that an argument names: a text, a declared table, or a class or model whose name a schema has in snake case. */
function tableNamed(
  module: CodeModule,
  modules: Modules,
  argument: Argument,
  op: QueryTable['op'],
): QueryTable {
  const span = module.span(argument);
  const declared = drizzleTable(module, argument, modules);
  if (declared)
    return { table: declared.table, op, span, resolvedBy: declared.via, declaredIn: declared.module.path };
  const text = textOf(module, argument, modules);
  if (text.text !== undefined) {
    const [name = '', schema] = text.text.split('.').reverse();
    return { table: schema === undefined ? { name } : { schema, name }, op, span, resolvedBy: text.via };
  }
  const node = unwrapped(argument);
  if (node.type !== 'Identifier' || trace(module, node, startTrail(modules)).kind === 'parameter')
    return { whyUnresolved: text.why, op, span, resolvedBy: 'literal' };
  return {
    table: { name: conventionOf(node.name).convention ?? node.name },
    op,
    span,
    resolvedBy: 'convention',
  };
}
