import type { Node } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import type { Family, FoundModel } from '../../family.ts';
import { isClass } from '../../members.ts';
import { importsFrom } from '../../mentions.ts';
import type { CodeModule } from '../../module.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import { queryOfBuilder } from '../entity/builder-call.ts';
import { entityOf as decoratedEntity } from '../entity/decorated.ts';
import { type Entity, entityByName, toModel } from '../entity/entity.ts';
import { queryOfCall } from '../entity/handed-over.ts';
import type { Entities } from '../entity/repository.ts';
import { type Method, queryOfRows, type RowsApi, type Slot } from '../entity/rows-call.ts';
import { entityOfObject, packageOf, schemaObject, schemasOf } from '../entity/schema-object.ts';
import type { Vocabulary } from '../entity/vocabulary.ts';
import { snakeCase } from '../naming-convention.ts';

/** MikroORM: entities, the entity manager, repositories, and its query builder. */
export const mikroOrm: Family = {
  name: 'mikro-orm',
  gate: /@mikro-orm\/|\b(?:em|entityManager)\s*\.\s*(?:find|count|insert|upsert|native|persist|remove|create|qb)|\.\s*(?:nativeUpdate|nativeDelete|nativeInsert|persistAndFlush|removeAndFlush|upsertMany|insertMany)\(|\b(?:Entity)?Repository\b/,
  readsSql: false,
  read: (module, modules) => {
    const isOurs = importsFrom(module, /^@mikro-orm\//);
    const queries = module.chains.flatMap((chain) => {
      const built = queryOfBuilder(module, chain, ENTITIES, modules);
      if (built.length > 0) return built;
      const rows = queryOfRows(module, chain, API, modules);
      return rows.length > 0 ? rows : queryOfCall(module, chain, API, modules);
    });
    return {
      // what is not known may be another ORM's where nothing of this one is imported
      queries: queries.filter(({ tables }) => isOurs || tables.every((use) => use.table !== undefined)),
      models: [...module.classes, ...schemasOf(module)].flatMap((node) => modelOf(module, node, modules)),
    };
  },
};

const VOCABULARY: Vocabulary = {
  packages: /^@mikro-orm\//,
  entity: /^Entity$/,
  column: /^(Property|PrimaryKey|SerializedPrimaryKey|Enum|Embedded|Formula)$/,
  relation: /^(ManyToOne|OneToMany|OneToOne|ManyToMany)$/,
  tells: 'columns',
  tableOf: snakeCase,
  columnOf: (property) => ({ column: snakeCase(property.replaceAll('.', '_')) }),
  foreignKeyOf: (property) => ({ column: `${snakeCase(property)}_id` }),
  joinTableOf: (owner, property) => `${owner.table.name}_${snakeCase(property)}`,
};

function entityOf(traced: Traced, modules: Modules): Entity | undefined {
  const decorated = decoratedEntity(traced, VOCABULARY, modules);
  if (decorated || traced.kind !== 'node') return decorated;
  const { module, node, via } = traced;
  const find = (home: CodeModule, expression: Node, all: Modules) =>
    entityOf(trace(home, expression, startTrail(all)), all);
  // `class User extends UserSchema.class {}`
  if (isClass(node)) {
    const parent = node.superClass;
    const isOfSchema =
      parent?.type === 'MemberExpression' &&
      parent.property.type === 'Identifier' &&
      parent.property.name === 'class';
    return isOfSchema ? find(module, parent.object, modules) : undefined;
  }
  const object = schemaObject(node);
  if (!object || (node.type !== 'NewExpression' && node.type !== 'CallExpression')) return undefined;
  const named = packageOf(module, node.callee, modules);
  if (!named || !VOCABULARY.packages.test(named.source) || !/^(EntitySchema|defineEntity)$/.test(named.name))
    return undefined;
  return entityOfObject(module, node, object, via, VOCABULARY, find, modules);
}

function modelOf(module: CodeModule, node: Node, modules: Modules): readonly FoundModel[] {
  const entity = entityOf({ kind: 'node', module, node, via: 'literal' }, modules);
  if (!entity || entity.node !== node) return [];
  return [toModel(entity, module.span(node), modules)];
}

function method(op: UseKind, slots: readonly Slot[], rest: Partial<Method> = {}): Method {
  return { op, slots, ...rest };
}

const METHODS = new Map<string, Method>([
  ...['find', 'findAndCount', 'findByCursor'].map(
    (name) => [name, method('read', ['where', 'options'])] as const,
  ),
  ...['findOne', 'findOneOrFail'].map(
    (name) => [name, method('read', ['where', 'options'], { one: true })] as const,
  ),
  ['findAll', method('read', ['options'])],
  ['count', method('read', ['where'], { one: true })],
  ...['insert', 'insertMany', 'nativeInsert'].map((name) => [name, method('insert', ['rows'])] as const),
  ...['upsert', 'upsertMany'].map((name) => [name, method('insert', ['rows', 'conflict'])] as const),
  // what is created, persisted or removed goes to the database together, with the next flush
  ['create', method('insert', ['rows'], { managerOnly: true, deferred: true })],
  ['persist', method('insert', ['row'], { managerOnly: true, deferred: true })],
  ['persistAndFlush', method('insert', ['row'], { managerOnly: true })],
  ['nativeUpdate', method('update', ['where', 'rows'])],
  ['nativeDelete', method('delete', ['where'])],
  ['remove', method('delete', ['row'], { managerOnly: true, deferred: true })],
  ['removeAndFlush', method('delete', ['row'], { managerOnly: true })],
]);

const ENTITIES: Entities = {
  of: entityOf,
  named: (module, node, name) => entityByName(module, node, name, VOCABULARY),
};

const API: RowsApi = {
  methods: METHODS,
  manager: /^em$|entityManager$|^manager$/i,
  repositories: true,
  entities: ENTITIES,
};
