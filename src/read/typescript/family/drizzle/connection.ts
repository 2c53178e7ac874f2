import type { Node } from 'oxc-parser';
import { type CallChain, calledName, chainOf } from '../../call-chain.ts';
import { type Property, propertiesOf } from '../../contents.ts';
import { type CodeModule, nodesBelow } from '../../module.ts';
import { isFunction, keyName } from '../../scope.ts';
import { trace, traceExport } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import { type DrizzleTable, tableOf } from './tables.ts';

/** What a connection knows of tables: `drizzle(client, { schema })`, or `drizzle(client, { relations })`. */
export interface Connection {
  /** The tables by the keys of the code. */
  readonly schema: Traced;
  /** The builder that `defineRelations(schema, (r) => ({ … }))` is given, each part of it. */
  readonly relations: readonly Relations[];
}

interface Relations {
  readonly module: CodeModule;
  /** What the builder returns: the relations of each table, by its key. */
  readonly object: Node;
}

/** What the connection was opened with that a chain's link, or its root, is. */
export function connectionOf(
  module: CodeModule,
  chain: CallChain,
  queryAt: number,
  modules: Modules,
): Connection | undefined {
  const connection = chain.links[queryAt - 1]?.node ?? chain.root;
  const traced = trace(module, connection, startTrail(modules));
  if (traced.kind !== 'node' || traced.node.type !== 'CallExpression') return undefined;
  for (const argument of traced.node.arguments) {
    if (argument.type === 'SpreadElement') continue;
    const { properties } = propertiesOf({ module: traced.module, node: argument }, modules);
    const given = (key: string) => properties.find((one) => one.key === key);
    const relations = given('relations');
    const parts = relations ? partsOf(relations.module, relations.value, modules) : [];
    const schema = given('schema');
    const own = schema ? trace(schema.module, schema.value, startTrail(modules)) : parts[0]?.schema;
    if (own) return { schema: own, relations: parts };
  }
  return undefined;
}

interface Part extends Relations {
  readonly schema: Traced;
}

/** The calls of `defineRelations` and `defineRelationsPart` that an expression joins. */
function partsOf(module: CodeModule, expression: Node, modules: Modules, depth = 0): readonly Part[] {
  const traced = trace(module, expression, startTrail(modules));
  if (traced.kind !== 'node' || depth > 4) return [];
  const { module: home, node } = traced;
  if (node.type === 'ObjectExpression')
    return node.properties.flatMap((property) =>
      property.type === 'SpreadElement' ? partsOf(home, property.argument, modules, depth + 1) : [],
    );
  if (node.type !== 'CallExpression') return [];
  const name = calledName(node);
  const [schema, build] = node.arguments;
  if (!/^defineRelations(Part)?$/.test(name) || !schema || !build) return [];
  const builder = trace(home, build, startTrail(modules));
  if (builder.kind !== 'node' || !isFunction(builder.node)) return [];
  const { body } = builder.node;
  const last = body?.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  const object = last?.type === 'ReturnStatement' ? last.argument : body;
  if (!object) return [];
  return [{ module: builder.module, object, schema: trace(home, schema, startTrail(modules)) }];
}

/** The table that a schema has under a key. */
export function exportedTable(schema: Traced, key: string, modules: Modules): DrizzleTable | undefined {
  const found =
    schema.kind === 'module'
      ? traceExport(schema.module, key, startTrail(modules))
      : memberOf(schema, key, modules);
  return found?.kind === 'node' ? tableOf(found, modules) : undefined;
}

/** A member of `{ users, ...auth }`. */
function memberOf(schema: Traced, key: string, modules: Modules): Traced | undefined {
  if (schema.kind !== 'node' || schema.node.type !== 'ObjectExpression') return undefined;
  for (const property of schema.node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = trace(schema.module, property.argument, startTrail(modules));
      const found =
        spread.kind === 'module'
          ? traceExport(spread.module, key, startTrail(modules))
          : memberOf(spread, key, modules);
      if (found && found.kind !== 'unknown') return found;
    } else if (keyName(property.key, property.computed) === key)
      return trace(schema.module, property.value, startTrail(modules));
  }
  return undefined;
}

/** Where a relation leads: the key of its table, and of the table between the two. */
export interface Lead {
  readonly key: string;
  readonly through?: string;
}

/** The relation of that name of the table under a key: `posts: r.many.posts({ from: r.users.id.through(…), … })`. */
export function definedRelation(
  { relations }: Connection,
  key: string,
  name: string,
  modules: Modules,
): Lead | undefined {
  for (const { module, object } of relations)
    for (const own of named(propertiesOf({ module, node: object }, modules).properties, key)) {
      const inner = propertiesOf({ module: own.module, node: own.value }, modules);
      for (const { value } of named(inner.properties, name)) {
        const lead = value.type === 'CallExpression' ? leadOf(value) : undefined;
        if (lead) return lead;
      }
    }
  return undefined;
}

function named(properties: readonly Property[], key: string): readonly Property[] {
  return properties.filter((one) => one.key === key);
}

/** `r.one.users(…)`. */
function leadOf(call: Extract<Node, { type: 'CallExpression' }>): Lead | undefined {
  const [kind, target] = chainOf(call).links;
  if (!/^(one|many)$/.test(kind?.name ?? '') || target?.name === undefined || !target.args) return undefined;
  const through = [...nodesBelow(call)].flatMap((node) => throughKey(node) ?? [])[0];
  return { key: target.name, ...(through === undefined ? {} : { through }) };
}

/** `usersToGroups` of `r.users.id.through(r.usersToGroups.userId)`. */
function throughKey(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || chainOf(node).links.at(-1)?.name !== 'through') return undefined;
  const [column] = node.arguments;
  if (column?.type !== 'MemberExpression' || column.object.type !== 'MemberExpression') return undefined;
  return keyName(column.object.property, column.object.computed);
}
