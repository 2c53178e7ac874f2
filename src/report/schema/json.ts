import { doubtOf } from '../../schema/lookup.ts';
import { typeText } from '../../schema/name.ts';
import type { Constraint, Index, Schema, Table } from '../../schema/schema.ts';
import type { ShownSchema } from './shown-schema.ts';

/** A schema as JSON, as `schema.schema.json` describes it. */
export function toJson({ at, tool, schema }: ShownSchema): string {
  const document = {
    at,
    chain: schema.chain,
    tool,
    dialect: schema.dialect,
    tables: [...schema.tables.values()]
      .filter((table) => !table.temporary)
      .map((table) => tableOf(schema, table)),
    enums: [...schema.types.values()].flatMap((type) =>
      type.kind === 'enum'
        ? [
            {
              name: type.name,
              schema: type.schema,
              labels: type.labels,
              path: type.span.path,
              line: type.span.line,
            },
          ]
        : [],
    ),
    views: [...schema.views.values()].map((view) => ({
      name: view.name,
      schema: view.schema,
      materialized: view.materialized,
      query: view.query,
      indexes: view.indexes.map(indexOf),
      path: view.span.path,
      line: view.span.line,
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function tableOf(schema: Schema, table: Table) {
  const parent = table.parentId === undefined ? undefined : schema.tables.get(table.parentId);
  const doubt = doubtOf(schema, table.name)?.why;
  return {
    name: table.name,
    schema: table.schema,
    ...(parent ? { [table.kind === 'partition' ? 'partitionOf' : 'inherits']: reference(parent) } : {}),
    ...(table.partitionBy ? { partitionBy: table.partitionBy } : {}),
    columns: table.columns.map((column) => ({
      name: column.name,
      type: typeText(column.type),
      nullable: column.nullable,
      ...(column.default === undefined ? {} : { default: column.default }),
      ...(column.generated === undefined ? {} : { generated: column.generated }),
      ...(column.identity === undefined ? {} : { identity: column.identity }),
      path: column.span.path,
      line: column.span.line,
    })),
    constraints: table.constraints.map((constraint) => constraintOf(schema, constraint)),
    indexes: table.indexes.map(indexOf),
    ...(doubt === undefined ? {} : { uncertain: doubt }),
    path: table.span.path,
    line: table.span.line,
  };
}

function reference(table: Table) {
  return { name: table.name, schema: table.schema };
}

function constraintOf(schema: Schema, constraint: Constraint) {
  const { name, kind, columns, validated, span } = constraint;
  const parent = constraint.kind === 'foreign key' ? schema.tables.get(constraint.refTableId) : undefined;
  return {
    name,
    kind,
    columns,
    validated,
    ...(constraint.kind === 'foreign key'
      ? {
          references: {
            ...(parent ? reference(parent) : { name: '', schema: '' }),
            columns: constraint.refColumns,
          },
          onDelete: constraint.onDelete,
          onUpdate: constraint.onUpdate,
        }
      : {}),
    ...('expression' in constraint ? { expression: constraint.expression } : {}),
    path: span.path,
    line: span.line,
  };
}

function indexOf(index: Index) {
  return {
    name: index.name,
    columns: index.columns.map((column) => column ?? null),
    ...(index.expressions.length > 0 ? { expressions: index.expressions } : {}),
    ...(index.include.length > 0 ? { include: index.include } : {}),
    unique: index.unique,
    method: index.method,
    ...(index.predicate === undefined ? {} : { predicate: index.predicate }),
    ...(index.constraintName === undefined ? {} : { constraint: index.constraintName }),
    valid: index.valid,
    path: index.span.path,
    line: index.span.line,
  };
}
