import type { Column, Constraint, Index, Schema, Table, TableId } from '../../schema/schema.ts';
import { expressionSql, relationName } from './table.ts';
import { literal, quoted } from './type.ts';

/** A query over the rows that finds a row where something that PostgreSQL would refuse is true. */
export interface Probe {
  /** Constraint, index or column that it stands for. */
  readonly name: string;
  /** A SELECT that finds offending rows. */
  readonly sql: string;
  /** What PostgreSQL says of one. */
  readonly message: string;
  /** It compares plain columns: over an empty table there is nothing to learn from running it. */
  readonly plain: boolean;
  /** The table whose rows it looks for, of a foreign key. */
  readonly parentId?: TableId;
}

/** The probe of a constraint; undefined for exclusion constraints. */
export function probeOfConstraint(table: Table, constraint: Constraint, schema: Schema): Probe | undefined {
  const { name, columns } = constraint;
  switch (constraint.kind) {
    case 'primary key':
    case 'unique':
      return duplicatesOf(table, name, columns.map(quoted), undefined, true);
    case 'check': {
      const sql = `SELECT 1 FROM ${relationName(table)} WHERE NOT (${expressionSql(constraint.expression, schema.dialect)})`;
      return {
        name,
        sql,
        message: `check constraint "${name}" of relation "${table.name}" is violated by some row`,
        plain: false,
      };
    }
    case 'foreign key': {
      const parent = schema.tables.get(constraint.refTableId);
      if (!parent) return undefined;
      const there = columns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(' AND ');
      const same = columns.map(
        (column, i) =>
          `CAST(p.${quoted(constraint.refColumns[i] ?? '')} AS VARCHAR) = CAST(c.${quoted(column)} AS VARCHAR)`,
      );
      const sql = `SELECT 1 FROM ${relationName(table)} AS c WHERE ${there} AND NOT EXISTS (SELECT 1 FROM ${relationName(parent)} AS p WHERE ${same.join(' AND ')})`;
      return {
        name,
        sql,
        message: `insert or update on table "${table.name}" violates foreign key constraint "${name}"`,
        plain: true,
        parentId: constraint.refTableId,
      };
    }
    case 'exclude':
      return undefined;
  }
}

/** The probe of a unique index. */
export function probeOfIndex(table: Table, index: Index, { dialect }: Schema): Probe | undefined {
  if (!index.unique) return undefined;
  let expression = 0;
  const keys = index.columns.map((column) =>
    column === undefined ? expressionSql(index.expressions[expression++] ?? 'NULL', dialect) : quoted(column),
  );
  const plain = index.predicate === undefined && index.expressions.length === 0;
  const predicate = index.predicate === undefined ? undefined : expressionSql(index.predicate, dialect);
  return duplicatesOf(table, index.name, keys, predicate, plain);
}

function duplicatesOf(
  table: Table,
  name: string,
  keys: readonly string[],
  predicate: string | undefined,
  plain: boolean,
): Probe {
  const conditions = [
    ...keys.map((key) => `(${key}) IS NOT NULL`),
    ...(predicate === undefined ? [] : [`(${predicate})`]),
  ];
  const sql = `SELECT 1 FROM ${relationName(table)} WHERE ${conditions.join(' AND ')} GROUP BY ${keys.map((key) => `(${key})`).join(', ')} HAVING count(*) > 1`;
  return { name, sql, message: `could not create unique index "${name}": some key is there twice`, plain };
}

/** Probes of the labels of every column of an enum. */
function probesOfEnums(table: Table, schema: Schema): readonly Probe[] {
  return table.columns.flatMap((column) => {
    const type = [...schema.types.values()].find(
      (one) => one.kind === 'enum' && one.name === column.type.name,
    );
    if (!type || column.type.dimensions > 0) return [];
    const labels = type.labels.map(literal).join(', ');
    const sql = `SELECT 1 FROM ${relationName(table)} WHERE ${quoted(column.name)} NOT IN (${labels || "''"})`;
    return [
      {
        name: column.name,
        sql,
        message: `invalid input value for enum ${type.name} in column "${column.name}"`,
        plain: true,
      },
    ];
  });
}

/** The probe of a column's greatest length; `value` is what is measured in its stead. */
export function probeOfLength(table: Table, column: Column, value = quoted(column.name)): Probe | undefined {
  const { name, arguments: args, dimensions } = column.type;
  const [length] = args;
  if (!/^(varchar|char|bpchar)$/.test(name) || length === undefined || dimensions > 0) return undefined;
  const shown = name === 'varchar' ? `character varying(${length})` : `character(${length})`;
  const sql = `SELECT 1 FROM ${relationName(table)} WHERE length(rtrim(${value}, ' ')) > ${Number(length)}`;
  return { name: column.name, sql, message: `value too long for type ${shown}`, plain: true };
}

/** SQLite looks after foreign keys only where the connection asks for it: the engine itself tells. */
function isHeld({ kind }: Constraint, { dialect }: Schema): boolean {
  return kind !== 'foreign key' || dialect !== 'sqlite';
}

/** Everything that must hold of a table's rows. */
export function probesOf(table: Table, schema: Schema): readonly Probe[] {
  const ofConstraints = table.constraints.flatMap((constraint) =>
    constraint.validated && isHeld(constraint, schema)
      ? (probeOfConstraint(table, constraint, schema) ?? [])
      : [],
  );
  const ofIndexes = table.indexes.flatMap((index) =>
    index.constraintName === undefined ? (probeOfIndex(table, index, schema) ?? []) : [],
  );
  const ofLengths =
    schema.dialect === 'sqlite' ? [] : table.columns.flatMap((column) => probeOfLength(table, column) ?? []);
  return [...ofConstraints, ...ofIndexes, ...probesOfEnums(table, schema), ...ofLengths];
}
