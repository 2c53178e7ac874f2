import type { Class, Node } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import { type CallChain, type Link, unwrapped } from '../../call-chain.ts';
import { type Callee, calleeOf } from '../../callee.ts';
import { classAround, declaredType } from '../../declared-type.ts';
import type { FoundQuery } from '../../family.ts';
import { type CodeModule, nodesBelow } from '../../module.ts';
import { endName, keyName } from '../../scope.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import { builderLinks } from '../builder-variable.ts';
import { opOf } from './builder-call.ts';
import { type Entity, useOf } from './entity.ts';
import { repositoryOf } from './repository.ts';
import { lastName, type RowsApi } from './rows-call.ts';

/** An entity among the arguments of a call: which one, and the keys that lead to it where it stands in an object. */
interface Given {
  readonly entity: Entity;
  readonly index: number;
  readonly path: readonly string[];
  readonly node: Node;
}

/** What asks for the entity that it is given. */
const MANAGER = /manager$|^em$/i;

/** Functions that hand an entity on to another are followed so far. */
const HOPS = 3;

/**
 * What a call asks of the entities that it hands to a function of the tree: `getEntityOrThrow(ctx, Product, id)`,
 * `saver.create({ entityType: Product })`; or of the one whose repository has the method: `users.softRemove(row)`.
 */
export function queryOfCall(
  module: CodeModule,
  chain: CallChain,
  api: RowsApi,
  modules: Modules,
): readonly FoundQuery[] {
  return chain.links.flatMap((link): readonly FoundQuery[] => {
    if (!link.args || link.node.type !== 'CallExpression') return [];
    const given = givenIn(module, link, api, modules);
    const owner = given.length === 0 ? ownerOf(module, link, api, modules) : undefined;
    const callee = given.length > 0 || owner ? calleeOf(module, link.node, modules) : undefined;
    if (!callee) return [];
    const uses = given.flatMap(({ entity, index, path, node }) =>
      [...opsOfParameter(callee, index, path, api, modules, 1)].map((op) =>
        useOf(entity, op, module.span(node)),
      ),
    );
    const tables = owner
      ? [...opsOfMethod(callee, api, modules)].map((op) => useOf(owner.entity, op, module.span(owner.node)))
      : uses;
    if (tables.length === 0) return [];
    return [{ node: link.node, tables, columns: [], columnsComplete: false, hasLimit: false }];
  });
}

function givenIn(module: CodeModule, { args = [] }: Link, api: RowsApi, modules: Modules): readonly Given[] {
  return args.flatMap((argument, index): readonly Given[] => {
    const inner = unwrapped(argument);
    if (inner.type !== 'ObjectExpression') {
      const entity = classNamed(module, inner, api, modules);
      return entity ? [{ entity, index, path: [], node: inner }] : [];
    }
    return inner.properties.flatMap((property): readonly Given[] => {
      if (property.type === 'SpreadElement') return [];
      const key = keyName(property.key, property.computed);
      const entity = key === undefined ? undefined : classNamed(module, property.value, api, modules);
      return entity && key !== undefined ? [{ entity, index, path: [key], node: property.value }] : [];
    });
  });
}

/** The entity that a name written with a capital stands for. */
function classNamed(
  module: CodeModule,
  argument: Node,
  { entities }: RowsApi,
  modules: Modules,
): Entity | undefined {
  const node = unwrapped(argument);
  const name = endName(node);
  return name !== undefined && /^[A-Z]/.test(name)
    ? entities.of(trace(module, node, startTrail(modules)), modules)
    : undefined;
}

/** The entity whose repository a method is called on. */
function ownerOf(module: CodeModule, { node }: Link, { entities, repositories }: RowsApi, modules: Modules) {
  if (!repositories || node.type !== 'CallExpression') return undefined;
  const callee = unwrapped(node.callee);
  if (callee.type !== 'MemberExpression' || /^(ThisExpression|Super)$/.test(callee.object.type))
    return undefined;
  const entity = repositoryOf(module, callee.object, entities, modules)?.entity;
  return entity && { entity, node: callee.object };
}

/** What a function does to the table of the entity that it is handed. */
function opsOfParameter(
  { module, node }: Callee,
  index: number,
  path: readonly string[],
  api: RowsApi,
  modules: Modules,
  hop: number,
): ReadonlySet<UseKind> {
  const found = new Set<UseKind>();
  const isIt = (traced: Traced) =>
    traced.kind === 'parameter' &&
    traced.of === node &&
    traced.index === index &&
    traced.path?.join('.') === path.join('.');
  for (const chain of within(module, node))
    chain.links.forEach((link, at) => {
      const place = (link.args ?? []).findIndex((one) => isIt(trace(module, one, startTrail(modules))));
      if (place < 0) return;
      const method = api.methods.get(link.name ?? '');
      const receiver = at > 0 ? (chain.links[at - 1]?.node ?? chain.root) : chain.root;
      if (/^get\w*Repository$/.test(link.name ?? '')) {
        const { links } = builderLinks(module, chain);
        const op = opAfter(links.slice(links.indexOf(link) + 1), api);
        if (op) found.add(op);
      } else if (method && place === 0 && MANAGER.test(lastName(receiver))) found.add(method.op);
      else if (hop < HOPS) {
        const next = calleeOf(module, link.node, modules);
        if (next && next.node !== node)
          for (const op of opsOfParameter(next, place, [], api, modules, hop + 1)) found.add(op);
      }
    });
  return found;
}

/** What follows on a repository. */
function opAfter(links: readonly Link[], { methods }: RowsApi): UseKind | undefined {
  for (const { name, args } of links) {
    if (!args || name === undefined) continue;
    if (/^(createQueryBuilder|qb)$/.test(name)) return opOf(links);
    const method = methods.get(name);
    if (method) return method.op;
  }
  return undefined;
}

/** What a method of a repository of the tree's own does to the table that it is the repository of. */
function opsOfMethod({ module, node }: Callee, api: RowsApi, modules: Modules): ReadonlySet<UseKind> {
  const found = new Set<UseKind>();
  const around = classAround(module, node);
  if (!around) return found;
  for (const chain of within(module, node)) {
    const [first] = chain.links;
    if (chain.root.type !== 'ThisExpression') continue;
    if (first?.args) {
      const op = opAfter(chain.links, api);
      if (op) found.add(op);
      continue;
    }
    const link = chain.links.find(({ name, args }) => args && api.methods.has(name ?? ''));
    const [row] = link?.args ?? [];
    const method = api.methods.get(link?.name ?? '');
    if (row && method && isOfTypeParameter(module, row, around, modules)) found.add(method.op);
  }
  return found;
}

function within(module: CodeModule, node: Node): readonly CallChain[] {
  return module.chains.filter((chain) => chain.node.start >= node.start && chain.node.end <= node.end);
}

/** A row that is declared as `T` of `class Base<T>`. */
function isOfTypeParameter(
  module: CodeModule,
  row: Node,
  { typeParameters }: Class,
  modules: Modules,
): boolean {
  const names = new Set(typeParameters?.params.map(({ name }) => name.name));
  const declared = declaredType(module, row, modules);
  if (!declared) return false;
  for (const node of nodesBelow(declared.type))
    if (
      node.type === 'TSTypeReference' &&
      node.typeName.type === 'Identifier' &&
      names.has(node.typeName.name)
    )
      return true;
  return false;
}
