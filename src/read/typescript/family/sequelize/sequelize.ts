import type { Node } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import { chainOf, unwrapped } from '../../call-chain.ts';
import { classAround } from '../../declared-type.ts';
import type { Family, FoundModel } from '../../family.ts';
import { isClass } from '../../members.ts';
import { importsFrom } from '../../mentions.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import { decoratorsOf } from '../entity/decorators.ts';
import { toModel } from '../entity/entity.ts';
import type { Entities } from '../entity/repository.ts';
import { type Behind, type Method, queryOfRows, type RowsApi, type Slot } from '../entity/rows-call.ts';
import { modelNamed, registered } from './associations.ts';
import { readFinder } from './find-options.ts';
import { modelOf } from './model.ts';

/** Sequelize: models in every form that it knows, their finders and writers, and rows. */
export const sequelize: Family = {
  name: 'sequelize',
  gate: /\bsequelize\b|@Table\b|\.(?:findAll|findByPk|findOrCreate|findAndCountAll|bulkCreate|unscoped|findOrBuild)\(|\.(?=\s*(?:findOne|count|destroy|update|create|upsert|scope|increment|max|min|sum)\()(?<=\b[A-Z]\w+\s*\.)|\.(?:destroy|save|reload)\(/i,
  readsSql: false,
  read: (module, modules) => ({
    queries: module.chains.flatMap((chain) => queryOfRows(module, chain, API, modules)),
    models: [...module.classes, ...module.chains.map(({ node }) => node)].flatMap(
      (node): readonly FoundModel[] => {
        const model = modelOf({ kind: 'node', module, node, via: 'literal' }, modules);
        return model ? [toModel(model, module.span(node), modules)] : [];
      },
    ),
  }),
};

function method(op: UseKind, slots: readonly Slot[], one = false): Method {
  return { op, slots, one };
}

const METHODS = new Map<string, Method>([
  ...['findAll', 'findAndCountAll'].map((name) => [name, method('read', ['options'])] as const),
  ['count', method('read', ['options'], true)],
  ['findOne', method('read', ['options'], true)],
  ['findByPk', method('read', ['key', 'options'], true)],
  ...['max', 'min', 'sum'].map((name) => [name, method('read', ['skip', 'options'], true)] as const),
  ['aggregate', method('read', ['skip', 'skip', 'options'], true)],
  ['create', method('insert', ['rows'])],
  ['bulkCreate', method('insert', ['rows', 'conflict'])],
  ['upsert', method('insert', ['rows', 'conflict'])],
  ...['findOrCreate', 'findCreateFind'].map((name) => [name, method('insert', ['options'], true)] as const),
  ['update', method('update', ['rows', 'options'])],
  ['restore', method('update', ['options'])],
  ...['increment', 'decrement'].map((name) => [name, method('update', ['skip', 'options'])] as const),
  ['destroy', method('delete', ['options'])],
  ['truncate', method('delete', [])],
]);

const ROW_METHODS = new Map<string, Method>([
  ['save', method('update', ['skip'])],
  ['update', method('update', ['rows'])],
  ['destroy', method('delete', [])],
  ['reload', method('read', [])],
  ['restore', method('update', [])],
  ['increment', method('update', ['skip'])],
  ['decrement', method('update', ['skip'])],
]);

const ENTITIES: Entities = {
  of: modelOf,
  named: modelNamed,
};

const API: RowsApi = {
  methods: METHODS,
  rowMethods: ROW_METHODS,
  entities: ENTITIES,
  options: readFinder,
  repositories: false,
  receiver: modelBehind,
  registered: (module, receiver) => {
    const name = registered(module, receiver);
    return name === undefined ? undefined : modelNamed(module, receiver, name);
  },
  certain: (module, name, receiver) =>
    /^(findAll|findByPk|findAndCountAll|findOrCreate|findCreateFind|bulkCreate)$/.test(name) &&
    (/^[A-Z][a-z]/.test(receiver) || importsFrom(module, /^sequelize/)),
};

/**
 * The model that scopes and a model's own static methods narrow: `User.unscoped()`, `User.withTeam(id)`. What a scope asks
 * is not followed.
 */
function modelBehind(module: CodeModule, receiver: Node, modules: Modules): Behind {
  const node = unwrapped(receiver);
  const chain = node.type === 'CallExpression' ? chainOf(node) : undefined;
  const calls = chain ? chain.links.filter(({ args }) => args) : [];
  const start = chain?.links.findIndex(({ args }) => args) ?? -1;
  const base = chain ? (start > 0 ? (chain.links[start - 1]?.node ?? chain.root) : chain.root) : node;
  const target = isOwnClass(base) ? classAround(module, base) : undefined;
  const traced: Traced = target
    ? { kind: 'node', module, node: target, via: 'class' }
    : trace(module, base, startTrail(modules));
  const isNarrowed = calls.every(({ name }) => /^(scope|unscoped|schema)$/.test(name ?? ''));
  // another library's builder, where the model is not known
  if (!isNarrowed && !modelOf(traced, modules)) return { node: receiver, place: receiver, complete: false };
  const isUnscoped = calls.some(({ name }) => name === 'unscoped');
  const isScoped = calls.some(({ name }) => name !== 'unscoped' && name !== 'schema');
  return {
    node: target ?? base,
    place: node,
    complete: !isScoped && (isUnscoped || !hasDefaultScope(traced)),
  };
}

/** `this` of a static method, `this.constructor` of another. */
function isOwnClass(node: Node): boolean {
  if (node.type === 'ThisExpression') return true;
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'ThisExpression' &&
    keyName(node.property, node.computed) === 'constructor'
  );
}

function hasDefaultScope(traced: Traced): boolean {
  return (
    traced.kind === 'node' &&
    isClass(traced.node) &&
    decoratorsOf(traced.node).some(({ name }) => name === 'DefaultScope')
  );
}
