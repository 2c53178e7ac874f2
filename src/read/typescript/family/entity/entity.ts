import type { Node } from 'oxc-parser';
import type { Span } from '../../../../change/span.ts';
import type { QualifiedName } from '../../../../schema/name.ts';
import type { ModelColumn, ModelKey, QueryColumn, QueryTable, UseKind } from '../../../query.ts';
import type { FoundModel } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { farther, type Modules, type Via } from '../../trail.ts';
import type { NamedColumn, ScopeTable } from '../column-scope.ts';

/** A table as a class or a schema object of an ORM declares it. */
export interface Entity {
  readonly table: QualifiedName;
  /** What code calls it. */
  readonly name: string;
  readonly module: CodeModule;
  readonly node: Node;
  readonly via: Via;
  /** Its own and inherited ones; those of an embedded object as `address.street`. */
  readonly columns: readonly ModelColumn[];
  readonly relations: readonly Relation[];
  /** Properties that hold an embedded object. */
  readonly embedded: readonly string[];
  readonly isView?: boolean;
  /** Its table may have more columns than those. */
  readonly hasMore?: boolean;
  /** Its keys, references and indexes, where all of them can be told. */
  keys?(modules: Modules): readonly ModelKey[] | undefined;
  /** The column that an undeclared property would be. */
  guess(property: string): NamedColumn;
}

/** A property that leads to another entity. */
export interface Relation {
  readonly name: string;
  /** The foreign key, where this side holds it. */
  readonly column?: NamedColumn;
  /** The key of the other side that refers to this one. */
  readonly inverse?: string;
  /** The foreign key as a property of the other side, where this side says it. */
  readonly foreign?: string;
  readonly kind: 'one' | 'many' | 'many-to-many';
  target(modules: Modules): Entity | undefined;
  /** The table between the two, where this side declares it. */
  joinTable?(target: Entity, modules: Modules): QualifiedName;
}

/** What a query of entities says, gathered while it is read. */
export interface EntityReading {
  readonly modules: Modules;
  readonly tables: QueryTable[];
  readonly columns: QueryColumn[];
  readonly scope: ScopeTable[];
  complete: boolean;
  hasLimit: boolean;
  /** Whether a condition restricts it; undefined where that cannot be told. */
  hasFilter: boolean | undefined;
}

/** An entity of which only the class's name is known: a convention gives the rest. */
export function entityByName(
  module: CodeModule,
  node: Node,
  name: string,
  { tableOf, columnOf }: { tableOf(className: string): string; columnOf(property: string): NamedColumn },
): Entity {
  return {
    table: { name: tableOf(name) },
    name,
    module,
    node,
    via: 'convention',
    columns: [],
    relations: [],
    embedded: [],
    guess: columnOf,
  };
}

/** A reading of nothing yet. */
export function startReading(modules: Modules): EntityReading {
  return { modules, tables: [], columns: [], scope: [], complete: true, hasLimit: false, hasFilter: false };
}

/** The column behind a property: its own, or a relation's foreign key. */
function columnOfProperty(entity: Entity, property: string): NamedColumn {
  const own = entity.columns.find((column) => column.name === property);
  if (own) return { column: own.column, convention: own.convention };
  const relation = entity.relations.find((one) => one.name === property);
  return relation?.column ?? entity.guess(property);
}

/** A relation by its name. */
export function relationNamed(entity: Entity, name: string): Relation | undefined {
  return entity.relations.find((one) => one.name === name);
}

/** An entity as a table of a query. */
export function scopeOf(entity: Entity, alias: string | undefined): ScopeTable {
  return { alias, table: entity.table, columnOf: (property) => columnOfProperty(entity, property) };
}

/** An entity as the table that it declares. */
export function toModel(entity: Entity, span: Span, modules: Modules): FoundModel {
  const { name, table, columns, isView, hasMore, relations } = entity;
  const keys = entity.keys?.(modules);
  const between = relations.flatMap((relation) => {
    const target = relation.joinTable && relation.target(modules);
    return target ? (relation.joinTable?.(target, modules) ?? []) : [];
  });
  return {
    name,
    table,
    columns,
    ...(keys ? { keys } : {}),
    ...(isView ? { isView } : {}),
    // an entity that is not read from a class is told by its names alone
    ...(hasMore || !entity.keys ? { hasMore: true } : {}),
    ...(between.length > 0 ? { alongside: between } : {}),
    span,
  };
}

/** A use of an entity's table. */
export function useOf(entity: Entity, op: UseKind, span: Span): QueryTable {
  const { table, via, module } = entity;
  return { table, op, span, resolvedBy: farther(via, 'class'), declaredIn: module.path };
}

/** A column of an entity as a query uses it. */
export function toColumn(
  entity: Entity,
  property: string,
  role: QueryColumn['role'],
  span: Span,
): QueryColumn {
  return { tables: [entity.table], ...columnOfProperty(entity, property), role, span };
}

/** Adds the tables and join columns that a relation brings along; undefined where its other side is not known. */
export function addRelation(
  reading: EntityReading,
  entity: Entity,
  name: string,
  span: Span,
): Entity | undefined {
  const relation = relationNamed(entity, name);
  const target = relation?.target(reading.modules);
  if (!relation || !target) {
    reading.tables.push({
      whyUnresolved: `the relation ${name} is not known`,
      op: 'read',
      span,
      resolvedBy: 'literal',
    });
    return undefined;
  }
  reading.tables.push(useOf(target, 'read', span));
  const between = tableBetween(entity, relation, target, reading.modules);
  if (between)
    reading.tables.push({
      table: between,
      op: 'read',
      span,
      resolvedBy: 'convention',
      declaredIn: entity.module.path,
    });
  addJoin(reading, entity, relation, target, span);
  return target;
}

/** The table between two entities, which either side may declare. */
export function tableBetween(
  entity: Entity,
  relation: Relation,
  target: Entity,
  modules: Modules,
): QualifiedName | undefined {
  const back = relation.inverse === undefined ? undefined : relationNamed(target, relation.inverse);
  return relation.joinTable?.(target, modules) ?? back?.joinTable?.(entity, modules);
}

/** The columns that a relation joins by, as far as either side says them. */
export function addJoin(
  reading: EntityReading,
  entity: Entity,
  relation: Relation,
  target: Entity,
  span: Span,
): void {
  const { column, foreign, inverse } = relation;
  const back = inverse === undefined ? undefined : relationNamed(target, inverse);
  if (column) reading.columns.push({ tables: [entity.table], ...column, role: 'join', span });
  else if (foreign !== undefined) reading.columns.push(toColumn(target, foreign, 'join', span));
  else if (back?.column) reading.columns.push({ tables: [target.table], ...back.column, role: 'join', span });
}
