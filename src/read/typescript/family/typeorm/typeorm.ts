import type { Node } from 'oxc-parser';
import type { Family, FoundModel } from '../../family.ts';
import { importsFrom, mentions } from '../../mentions.ts';
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
import { conventionOf, snakeCase } from '../naming-convention.ts';

/** TypeORM: entities, repositories and managers, and its query builder. */
export const typeorm: Family = {
  name: 'typeorm',
  gate: /\btypeorm\b|@Entity\(|\bgetRepository\b|\bcreateQueryBuilder\b|\bRepository\b|\b(?:entityManager|transactionManager|manager)\s*\.\s*(?:find|save|update|insert|delete|count|remove|upsert|soft|exist|increment|decrement)/,
  readsSql: false,
  read: (module, modules) => {
    const api = apiOf(module);
    return {
      queries: ofMikro(module)
        ? []
        : module.chains
            .flatMap((chain) => {
              const built = queryOfBuilder(module, chain, ENTITIES, modules);
              if (built.length > 0) return built;
              const rows = queryOfRows(module, chain, api, modules);
              return rows.length > 0 ? rows : queryOfCall(module, chain, api, modules);
            })
            .filter(({ tables }) => !isOfAnother(module, tables[0]?.whyUnresolved)),
      models: [...module.classes, ...schemasOf(module)].flatMap((node) => modelOf(module, node, modules)),
    };
  },
};

/** MikroORM's repositories and managers look alike. */
function ofMikro(module: CodeModule): boolean {
  return importsFrom(module, /^@mikro-orm\//);
}

/** A class of another ORM, where nothing of TypeORM is imported. */
function isOfAnother(module: CodeModule, why: string | undefined): boolean {
  return (
    /its class is no entity|of the row is not known/.test(why ?? '') &&
    !importsFrom(module, /^(@nestjs\/)?typeorm/)
  );
}

const VOCABULARY: Vocabulary = {
  packages: /^typeorm$/,
  entity: /^(Entity|ViewEntity|ChildEntity)$/,
  column: /Column$|^(EntityId|Money|Generated)$/,
  relation: /^(ManyToOne|OneToMany|OneToOne|ManyToMany|TreeParent|TreeChildren)$/,
  tells: 'columns and keys',
  tableOf: snakeCase,
  columnOf: (property) => {
    const column = property.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
    return { column, ...conventionOf(column) };
  },
  foreignKeyOf: (property) => ({ column: `${property}Id`, ...conventionOf(`${property}Id`) }),
  joinTableOf: (owner, property, target) =>
    snakeCase(`${owner.table.name}_${property.replaceAll('.', '_')}_${target.table.name}`),
};

function entityOf(traced: Traced, modules: Modules): Entity | undefined {
  const decorated = decoratedEntity(traced, VOCABULARY, modules);
  if (decorated || traced.kind !== 'node' || traced.node.type !== 'NewExpression') return decorated;
  const { module, node, via } = traced;
  const object = schemaObject(node);
  if (!object || packageOf(module, node.callee, modules)?.name !== 'EntitySchema') return undefined;
  const find = (home: CodeModule, expression: Node, all: Modules) =>
    entityOf(trace(home, expression, startTrail(all)), all);
  return entityOfObject(module, node, object, via, VOCABULARY, find, modules);
}

const ENTITIES: Entities = {
  of: entityOf,
  named: (module, node, name) => entityByName(module, node, name, VOCABULARY),
};

function modelOf(module: CodeModule, node: Node, modules: Modules): readonly FoundModel[] {
  const entity = entityOf({ kind: 'node', module, node, via: 'literal' }, modules);
  if (!entity) return [];
  return [toModel(entity, module.span(node), modules)];
}

function method(op: Method['op'], slots: readonly Slot[], one = false): Method {
  return { op, slots, one };
}

const FINDERS = ['find', 'findAndCount'];
const FINDERS_BY = ['findBy', 'findAndCountBy'];
const COUNTERS = ['count', 'exist', 'exists'];
const COUNTERS_BY = ['countBy', 'existsBy'];
const METHODS = new Map<string, Method>([
  ...FINDERS.map((name) => [name, method('read', ['options'])] as const),
  ...FINDERS_BY.map((name) => [name, method('read', ['where'])] as const),
  ...COUNTERS.map((name) => [name, method('read', ['options'], true)] as const),
  ...COUNTERS_BY.map((name) => [name, method('read', ['where'], true)] as const),
  ['findOne', method('read', ['options', 'options'], true)],
  ['findOneOrFail', method('read', ['options', 'options'], true)],
  ['findOneBy', method('read', ['where'], true)],
  ['findOneByOrFail', method('read', ['where'], true)],
  ['findOneById', method('read', ['where'], true)],
  ['findByIds', method('read', ['where', 'options'])],
  ...['sum', 'average', 'minimum', 'maximum'].map(
    (name) => [name, method('read', ['skip', 'where'], true)] as const,
  ),
  ...[
    'findTrees',
    'findRoots',
    'findDescendants',
    'findAncestors',
    'findDescendantsTree',
    'findAncestorsTree',
  ].map((name) => [name, method('read', ['row'])] as const),
  ['insert', method('insert', ['rows'])],
  ['upsert', method('insert', ['rows', 'conflict'])],
  ['save', method('update', ['rows'])],
  ['preload', method('read', ['skip'], true)],
  ['update', method('update', ['where', 'rows'])],
  ['increment', method('update', ['where', 'property'])],
  ['decrement', method('update', ['where', 'property'])],
  ['restore', method('update', ['where'])],
  ['softDelete', method('update', ['where'])],
  ['recover', method('update', ['row'])],
  ['softRemove', method('update', ['row'])],
  ['delete', method('delete', ['where'])],
  ['remove', method('delete', ['row'])],
  ['clear', method('delete', [])],
]);

/** `manager` is a name of many things: it counts where TypeORM's words stand in the file. */
function apiOf(module: CodeModule): RowsApi {
  return mentions(module, /typeorm|EntityManager|queryRunner/i) ? API : { ...API, manager: undefined };
}

const API: RowsApi = {
  methods: METHODS,
  manager: /(manager|^em)$/i,
  repositories: true,
  entities: ENTITIES,
};
