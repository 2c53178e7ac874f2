import type { Node } from 'oxc-parser';
import type { PrismaModel, PrismaRelation, PrismaSchema } from '../../../prisma/schema.ts';
import type { ColumnRole, QueryColumn, QueryTable, UseKind } from '../../../query.ts';
import { type Placed, type Property, propertiesOf } from '../../contents.ts';
import type { CodeModule } from '../../module.ts';
import type { Modules } from '../../trail.ts';
import { conventionOf } from '../naming-convention.ts';

/** A query under way: what was found of it so far. */
export interface Reading {
  readonly modules: Modules;
  readonly schema: PrismaSchema;
  readonly tables: QueryTable[];
  readonly columns: QueryColumn[];
  readonly seen: Set<string>;
  complete: boolean;
}

/** Where something is written. */
interface Place {
  readonly module: CodeModule;
  readonly node: Node;
}

/** Notes a table. */
export function addTable(reading: Reading, model: Pick<PrismaModel, 'table'>, op: UseKind, at: Place): void {
  const span = at.module.span(at.node);
  reading.tables.push({
    table: model.table,
    op,
    span,
    resolvedBy: 'import',
    declaredIn: reading.schema.path,
  });
}

/** Notes columns of a table by their names in the database. */
export function addColumns(
  reading: Reading,
  { table }: Pick<PrismaModel, 'table'>,
  columns: readonly string[],
  role: ColumnRole,
  { module, node }: Place,
): void {
  const span = module.span(node);
  for (const column of columns) add(reading, { tables: [table], column, role, span });
}

/** Notes the column of a field; a field that the schema lacks keeps its name, which a table may still have. */
export function addField(
  reading: Reading,
  model: PrismaModel,
  field: string,
  role: ColumnRole,
  { module, node }: Place,
  compared: Pick<QueryColumn, 'comparison' | 'values'> = {},
): void {
  const found = model.columns.get(field);
  const span = module.span(node);
  const tables = [model.table];
  if (found) add(reading, { tables, column: found.column, role, ...compared, span });
  else add(reading, { tables, column: field, ...conventionOf(field), role, ...compared, span });
}

/** A value that several spreads lead to is told once. */
function add({ columns, seen }: Reading, column: QueryColumn): void {
  const { span, role, tables } = column;
  const key = [span.path, span.line, span.column, role, column.column, tables[0]?.name].join('\0');
  if (seen.has(key)) return;
  seen.add(key);
  columns.push(column);
}

/** Notes that a relation is gone through, and returns the model that it leads to. */
export function addJoin(
  reading: Reading,
  model: PrismaModel,
  relation: PrismaRelation,
  at: Place,
  op: UseKind = 'read',
): PrismaModel | undefined {
  const target = reading.schema.models.get(relation.target);
  if (!target) return undefined;
  addTable(reading, target, op, at);
  const { join } = relation;
  if (join.kind === 'own') {
    addColumns(reading, model, join.columns, 'join', at);
    addColumns(reading, target, join.references, 'join', at);
  } else if (join.kind === 'theirs') {
    addColumns(reading, model, join.references, 'join', at);
    addColumns(reading, target, join.columns, 'join', at);
  } else if (join.kind === 'table') {
    addTable(reading, join, 'read', at);
    addColumns(reading, join, [join.own, join.theirs], 'join', at);
  }
  return target;
}

/** Whether an object is read for the first time in this query as a part of a model: `where = { AND: [where, more] }` holds itself. */
export function isFirstRead(
  { seen }: Reading,
  { module, node }: Place,
  part: string,
  model: PrismaModel,
): boolean {
  const key = [module.path, node.start, node.end, part, model.table.name].join('\0');
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** The properties of an object; what may hide one is noted. */
export function propertiesRead(reading: Reading, placed: Placed): readonly Property[] {
  const { properties, complete } = propertiesOf(placed, reading.modules);
  reading.complete &&= complete;
  return properties;
}

/** The value of a property, in its module. */
export function valueIn({ module, value }: Property): Placed {
  return { module, node: value };
}

/** Where the key of a property stands. */
export function keyIn({ module, keyNode }: Property): Place {
  return { module, node: keyNode };
}
