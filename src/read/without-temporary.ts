import { nameText, type QualifiedName } from '../schema/name.ts';
import type { Query, SqlReading } from './query.ts';
import type { Statement, TableUse } from './source.ts';

/** The schema that temporary tables are in, as Postgres calls it; SQLite's `temp` is read as it. */
const TEMPORARY = 'pg_temp';

/** A temporary table as the statement that makes it uses it. */
export function temporaryMade({ name }: QualifiedName, span: TableUse['span']): TableUse {
  return { table: { schema: TEMPORARY, name }, op: 'ddl', span };
}

type Read = SqlReading & Pick<Query, 'inDialect'>;

/** The queries of one file without the temporary tables that it makes itself, in them or in statements beside them: no schema has those. */
export function withoutTemporary<T extends Read>(
  queries: readonly T[],
  beside: readonly Statement[] = [],
): readonly T[] {
  const uses = queries.flatMap((query) => readingsOf(query).flatMap(({ tables }) => tables));
  const operations = beside.flatMap((statement) => statement.operations);
  const made = new Set([
    ...uses.flatMap(({ table, op }) => (op === 'ddl' && table?.schema === TEMPORARY ? names(table) : [])),
    ...operations.flatMap((one) => (one.kind === 'create-table' && one.temporary ? names(one.table) : [])),
  ]);
  if (made.size === 0) return queries;
  return queries.flatMap((query) => {
    const { mysql, sqlite } = query.inDialect ?? {};
    const inDialect = {
      ...(mysql && { mysql: mysql === 'refused' ? mysql : without(mysql, made) }),
      ...(sqlite && { sqlite: sqlite === 'refused' ? sqlite : without(sqlite, made) }),
    };
    const rest = { ...without(query, made), ...(query.inDialect ? { inDialect } : {}) };
    const isOfThem = readingsOf(query).some(({ tables }) => tables.length > 0);
    return isOfThem && readingsOf(rest).every(({ tables }) => tables.length === 0) ? [] : [rest];
  });
}

function readingsOf({ inDialect, ...first }: Read): readonly SqlReading[] {
  return [first, ...Object.values(inDialect ?? {}).filter((one) => one !== 'refused')];
}

function names({ name }: QualifiedName): readonly string[] {
  return [name, `${TEMPORARY}.${name}`];
}

function without<T extends SqlReading>(reading: T, made: ReadonlySet<string>): T {
  const isMade = (table: QualifiedName) => made.has(nameText(table));
  // what may be a column of such a table cannot be told from one of another
  const columns = reading.columns.filter(({ tables }) => !tables.some(isMade));
  return {
    ...reading,
    tables: reading.tables.filter(({ table }) => !table || !isMade(table)),
    columns,
    columnsComplete: reading.columnsComplete && columns.length === reading.columns.length,
  };
}
