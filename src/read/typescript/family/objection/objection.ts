import type { Argument, Node } from 'oxc-parser';
import type { QueryTable, UseKind } from '../../../query.ts';
import { type CallChain, type Link, queryNode, unwrapped } from '../../call-chain.ts';
import type { Family, FoundModel, FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { textOf, whyUnknown } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { builderLinks } from '../builder-variable.ts';
import { columnInScope } from '../column-scope.ts';
import { readLinks } from '../knex/builder.ts';
import type { Building } from '../knex/building.ts';
import { hasCondition } from '../knex/condition.ts';
import { conventionOf } from '../naming-convention.ts';
import { addGraph } from './graph.ts';
import { modelOf, modelOfClass, modelOfRow, type ObjectionModel, relationOf } from './model.ts';

/** Objection: `User.query().where(…).withGraphFetched('posts')`, `user.$relatedQuery('posts')`. */
export const objection: Family = {
  name: 'objection',
  gate: /\bobjection\b|\.query\(\s*(?:\w+(?:\.\w+)*)?\s*\)\s*(?:\.|$|;|\n)|\.\$(?:query|relatedQuery|fetchGraph)\(|\brelatedQuery\(|\brelationMappings\b/m,
  readsSql: false,
  read: (module, modules) => ({
    queries: module.chains.flatMap((chain) => queryOfChain(module, chain, modules)),
    models: module.classes.flatMap((node): readonly FoundModel[] => {
      const model = modelOfClass({ kind: 'node', module, node, via: 'literal' }, modules);
      return model
        ? [
            {
              name: node.id?.name ?? model.table.name,
              table: model.table,
              columns: [],
              span: module.span(node),
            },
          ]
        : [];
    }),
  }),
};

const GRAPH =
  /^(withGraphFetched|withGraphJoined|(?:left|right|inner|full)?(?:Outer)?joinRelated|joinEager|eager|fetchGraph|\$fetchGraph)$/i;

/** Steps that only Objection's builder has after `query()`. */
const STEP =
  /^((and|or)?where\w*|select|column|columns|first|pluck|insert\w*|upsertGraph\w*|update\w*|patch\w*|delete|deleteById|del|truncate|find\w*|(left|right|inner|full|outer)?join\w*|count|sum|min|max|avg|orderBy\w*|groupBy\w*|with\w*|modify|modifiers|onBuild|onError|throwIfNotFound|page|range|limit|offset|returning|distinct|resultSize|relate|unrelate|context|for|alias|as|skipUndefined|allowGraph|modifyGraph)$/;

function queryOfChain(module: CodeModule, chain: CallChain, modules: Modules): readonly FoundQuery[] {
  const at = chain.links.findIndex(
    ({ name, args }) => args && /^(\$?query|\$?relatedQuery|\$fetchGraph)$/.test(name ?? ''),
  );
  const start = chain.links[at];
  if (!start?.args || start.args.length > 2 || start.args.some(isSql)) return [];
  const { links, complete } = builderLinks(module, chain);
  const steps = links.slice(at + 1);
  const receiver = at > 0 ? (chain.links[at - 1]?.node ?? chain.root) : chain.root;
  const isRow = start.name?.startsWith('$') ?? false;
  const owner = isRow ? modelOfRow(module, receiver, modules) : modelOf(module, receiver, modules);
  const building: Building = {
    module,
    modules,
    named: new Set(),
    tables: [],
    scope: [],
    columns: [],
    complete,
    hasLimit: isRow,
  };
  const op = opOf(steps);
  const [first] = start.args;
  if (/relatedQuery$/i.test(start.name ?? '')) {
    if (!addRelated(building, owner, first, op)) return [];
  } else if (start.name === '$fetchGraph') {
    if (!owner || !first) return [];
    addGraph(building, owner, first);
  } else {
    const use = owner
      ? useOf(module, receiver, owner, op)
      : unresolved(module, receiver, steps, op, isRow, modules);
    if (!use) return [];
    building.tables.push(use);
    building.scope.push({ table: use.table, alias: aliasOf(module, steps, modules) });
    if (isRow && use.table)
      building.columns.push({
        tables: [use.table],
        column: 'id',
        role: 'filter',
        span: module.span(receiver),
      });
  }
  for (const { name, args } of steps) {
    const [graph] = args ?? [];
    if (owner && graph && GRAPH.test(name ?? '')) addGraph(building, owner, graph);
  }
  readLinks(building, steps.flatMap(asKnex));
  if (
    steps.some(({ name }) =>
      /^(findById|deleteById|patchAndFetchById|updateAndFetchById)$/.test(name ?? ''),
    ) &&
    building.tables[0]?.table
  )
    addKey(building, building.tables[0].table, steps);
  const { tables, hasLimit } = building;
  // graphs are written with the rows of their relations
  const columns = building.columns.filter(
    ({ role, column }) => role !== 'write' || !owner || !relationOf(owner, column, modules),
  );
  const isOfRow = isRow || /relatedQuery$/i.test(start.name ?? '');
  const hasFilter = isOfRow || hasCondition({ ...building, complete }, chain, steps);
  return [
    { node: queryNode(chain), tables, columns, columnsComplete: building.complete, hasLimit, hasFilter },
  ];
}

/** SQL, or an object of options: another library's `query`. */
function isSql(argument: Argument): boolean {
  const node = unwrapped(argument);
  return /^(TemplateLiteral|TaggedTemplateExpression|ObjectExpression|BinaryExpression|ArrayExpression)$/.test(
    node.type,
  );
}

function useOf(module: CodeModule, at: Node, model: ObjectionModel, op: UseKind): QueryTable {
  const { table, via, module: home } = model;
  return {
    ...{ table, ...conventionOf(table.name), op },
    ...{ span: module.span(at), resolvedBy: via, declaredIn: home.path },
  };
}

/** A model that is not known; undefined where `query()` may be of anything. */
function unresolved(
  module: CodeModule,
  receiver: Node,
  steps: readonly Link[],
  op: UseKind,
  isRow: boolean,
  modules: Modules,
): QueryTable | undefined {
  if (!isRow && !steps.some(({ name, args }) => args && STEP.test(name ?? ''))) return undefined;
  const node = unwrapped(receiver);
  const span = module.span(receiver);
  const name =
    node.type === 'MemberExpression' && node.property.type === 'Identifier' ? node.property.name : undefined;
  // models that are gathered at run time go by their names: `app.models.users`
  const isGathered =
    node.type === 'MemberExpression' &&
    /(^|\.)models$/.test(module.text.slice(node.object.start, node.object.end));
  if (name !== undefined && isGathered) return { table: { name }, op, span, resolvedBy: 'convention' };
  return {
    whyUnresolved: whyUnknown(trace(module, node, startTrail(modules))),
    op,
    span,
    resolvedBy: 'literal',
  };
}

/** `User.relatedQuery('posts')`: the table that the relation leads to. */
function addRelated(
  building: Building,
  owner: ObjectionModel | undefined,
  first: Argument | undefined,
  op: UseKind,
): boolean {
  const { module, modules } = building;
  const name = first ? textOf(module, first, modules).text : undefined;
  if (!first) return false;
  if (name === undefined) {
    const why = whyUnknown(trace(module, first, startTrail(modules)));
    building.tables.push({ whyUnresolved: why, op, span: module.span(first), resolvedBy: 'literal' });
    return true;
  }
  const relation = owner && relationOf(owner, name, modules);
  const target = relation?.target;
  const span = module.span(first);
  if (target) building.tables.push(useOf(module, first, target, op));
  else if (owner)
    building.tables.push({
      whyUnresolved: `the relation ${name} is not known`,
      op,
      span,
      resolvedBy: 'class',
    });
  // where the row's model is not known: relations are mostly called as the table that they lead to
  else building.tables.push({ table: { name }, op, span, resolvedBy: 'convention' });
  building.scope.push({ table: target?.table });
  return true;
}

/** The rest of Objection's steps as those of Knex that they stand for. */
function asKnex(link: Link): readonly Link[] {
  const { name, args } = link;
  if (name === undefined || !args) return [link];
  if (GRAPH.test(name) || /^(findById|findByIds|deleteById|withSchema|alias)$/.test(name)) return [];
  if (/^(findOne|find)$/.test(name))
    return [
      { ...link, name: 'where' },
      { ...link, name: 'limit', args: [] },
    ];
  if (/^(patch|update)AndFetchById$/.test(name)) return [{ ...link, name: 'update', args: args.slice(1, 2) }];
  if (/^(insertAndFetch|insertGraph\w*|upsertGraph\w*|patchAndFetch|updateAndFetch)$/.test(name))
    return [{ ...link, name: 'insert', args: args.slice(0, 1) }];
  return [link];
}

function opOf(links: readonly Link[]): UseKind {
  for (const { name, args } of links) {
    if (!args || name === undefined) continue;
    if (/^(insert|upsertGraph|relate)/.test(name)) return 'insert';
    if (/^(update|patch|increment|decrement)/.test(name)) return 'update';
    if (/^(del|delete|truncate|unrelate)/.test(name)) return 'delete';
  }
  return 'read';
}

function aliasOf(module: CodeModule, links: readonly Link[], modules: Modules): string | undefined {
  const [first] = links.find(({ name }) => name === 'alias')?.args ?? [];
  return first && textOf(module, first, modules).text;
}

/** `findById(id)` asks by the key, `id` where a model does not say another. */
function addKey(building: Building, table: NonNullable<QueryTable['table']>, links: readonly Link[]): void {
  const at = links.find(({ name }) => /ById$/.test(name ?? ''));
  if (!at) return;
  const column = columnInScope('id', [{ table }], 'filter', building.module.span(at.nameNode ?? at.node));
  if (column) building.columns.push(column);
  building.hasLimit = true;
}
