import type { Node } from 'oxc-parser';
import type { PrismaModel } from '../../../prisma/schema.ts';
import type { UseKind } from '../../../query.ts';
import type { CallChain, Link } from '../../call-chain.ts';
import { type Placed, propertiesOf } from '../../contents.ts';
import type { FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import type { Modules } from '../../trail.ts';
import { readData } from './data.ts';
import { readLookup, readWhere } from './filter.ts';
import { type ModelCall, modelCallsIn } from './model-calls.ts';
import { addJoin, addTable, propertiesRead, type Reading, valueIn } from './reading.ts';
import { readOption, readOptions } from './selection.ts';

/** The queries of a chain: `prisma.user.findMany({ where })`, with the relations that are read and written along with it. */
export function queriesOfChain(
  module: CodeModule,
  chain: CallChain,
  modules: Modules,
): readonly FoundQuery[] {
  return modelCallsIn(module, chain, modules).map((call): FoundQuery => {
    const { link, method } = call;
    if (call.kind === 'unknown') {
      const span = module.span(call.nameNode);
      const use = { whyUnresolved: call.why, op: opOf(method), span, resolvedBy: 'literal' } as const;
      return { node: link.node, tables: [use], columns: [], columnsComplete: false, hasLimit: false };
    }
    const { schema, model } = call;
    const reading: Reading = { modules, schema, tables: [], columns: [], seen: new Set(), complete: true };
    addTable(reading, model, opOf(method), { module, node: call.nameNode });
    const { hasLimit, hasFilter } = readArguments(reading, module, call);
    const node = readFluent(reading, module, chain, call) ?? link.node;
    const { tables, columns, complete } = reading;
    return {
      node,
      tables,
      columns,
      columnsComplete: complete,
      hasLimit: hasLimit || isOneRow(method),
      hasFilter,
      database: schema.database,
    };
  });
}

function opOf(method: string): UseKind {
  if (/^(create|upsert)/.test(method)) return 'insert';
  if (method.startsWith('update')) return 'update';
  return method.startsWith('delete') ? 'delete' : 'read';
}

function isOneRow(method: string): boolean {
  return /^(findUnique|findFirst|count|aggregate)/.test(method);
}

/** Whether the arguments limit the rows, and whether they restrict them at all; undefined where that cannot be seen. */
function readArguments(
  reading: Reading,
  module: CodeModule,
  { link, method, model }: Extract<ModelCall, { kind: 'model' }>,
): { readonly hasLimit: boolean; readonly hasFilter: boolean | undefined } {
  const [first] = link.args ?? [];
  if (!first) return { hasLimit: false, hasFilter: false };
  if (first.type === 'SpreadElement') {
    reading.complete = false;
    return { hasLimit: false, hasFilter: undefined };
  }
  let hasLimit = false;
  let hasFilter = propertiesOf({ module, node: first }, reading.modules).complete ? false : undefined;
  const isLookup = /^(findUnique|update$|upsert$|delete$)/.test(method);
  for (const property of propertiesRead(reading, { module, node: first })) {
    const value = valueIn(property);
    switch (property.key) {
      case 'where':
        hasFilter = restricts(reading, value, hasFilter);
        if (isLookup) readLookup(reading, value, model);
        else readWhere(reading, value, model);
        break;
      case 'data':
      case 'create':
      case 'update':
        readData(reading, value, model);
        break;
      case 'take':
      case 'limit':
        hasLimit = true;
        break;
      default:
        readOption(reading, property, model);
    }
  }
  return { hasLimit, hasFilter };
}

/** `where: {}` restricts nothing. */
function restricts({ modules }: Reading, where: Placed, otherwise: boolean | undefined): boolean | undefined {
  const { properties, complete } = propertiesOf(where, modules);
  if (properties.length > 0) return true;
  return complete ? otherwise : undefined;
}

/** `prisma.user.findUnique(…).posts({ where })`: the relations that are asked for after it, and the last link of them. */
function readFluent(
  reading: Reading,
  module: CodeModule,
  { links }: CallChain,
  { link, model }: Extract<ModelCall, { kind: 'model' }>,
): Node | undefined {
  let from: PrismaModel | undefined = model;
  let last: Link | undefined;
  for (const next of links.slice(links.indexOf(link) + 1)) {
    const relation: ReturnType<PrismaModel['relations']['get']> = from?.relations.get(next.name ?? '');
    if (!from || !relation || !next.args || !next.nameNode) break;
    from = addJoin(reading, from, relation, { module, node: next.nameNode });
    const [options] = next.args;
    if (from && options && options.type !== 'SpreadElement')
      readOptions(reading, { module, node: options }, from);
    last = next;
  }
  return last?.node;
}
