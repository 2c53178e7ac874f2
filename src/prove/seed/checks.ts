import { readExpression } from '../../read/sql/postgres/expression.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import { quoted } from '../lower/type.ts';
import type { Check } from './pool.ts';
import { userType } from './value.ts';

/** The CHECKs of a table. */
export function checksOf(table: Table): readonly Check[] {
  return table.constraints.flatMap((one) =>
    one.kind === 'check'
      ? [{ name: one.name, columns: one.columns, expression: readExpression(one.expression) }]
      : [],
  );
}

/** The CHECKs of a column's domain, and of the domains under that, over the column. */
export function checksOfDomain({ name, type }: Column, schema: Schema): readonly Check[] {
  const checks: Check[] = [];
  for (let own = userType(type, schema); own; own = own.baseType && userType(own.baseType, schema))
    for (const text of own.checks ?? []) {
      const expression = readExpression(
        text.replaceAll(/'(?:[^']|'')*'|\bvalue\b/gi, (word) => (word.startsWith("'") ? word : quoted(name))),
      );
      checks.push({ name: own.name, columns: [name], expression });
    }
  return checks;
}

/**
 * What the bounds of partitions ask of a row: of a partition's own, or that some partition of a partitioned table takes it;
 * undefined where none does. Bounds by hash, and of several columns, ask nothing: the engine turns away what it does not take.
 */
export function boundsOf(table: Table, schema: Schema): readonly Check[] | undefined {
  const parent = table.parentId === undefined ? undefined : schema.tables.get(table.parentId);
  const own = parent?.partitionBy ? boundsIn(parent, [table]) : [];
  if (!table.partitionBy) return own;
  const parts = [...schema.tables.values()].filter(
    (one) => one.parentId === table.id && one.kind === 'partition',
  );
  return parts.length === 0 ? undefined : [...own, ...boundsIn(table, parts)];
}

function boundsIn({ partitionBy }: Table, parts: readonly Table[]): readonly Check[] {
  const [column, ...more] = partitionBy?.columns ?? [];
  if (column === undefined || more.length > 0) return [];
  const asked = parts.map(({ partitionBound = 'DEFAULT' }) => boundText(quoted(column), partitionBound));
  if (asked.includes(undefined)) return [];
  const expression = readExpression(asked.map((one) => `(${one})`).join(' OR '));
  return [{ name: 'its bounds', columns: [column], expression }];
}

/** `FOR VALUES FROM ('2024-01-01') TO (MAXVALUE)` as a condition; undefined where it takes whatever the others leave. */
function boundText(column: string, bound: string): string | undefined {
  const listed = /\bin\s*\((.*)\)\s*$/is.exec(bound)?.[1];
  if (listed !== undefined) return `${column} IN (${listed})`;
  const [, from = '', to = ''] = /\bfrom\s*\((.*?)\)\s*to\s*\((.*?)\)\s*$/is.exec(bound) ?? [];
  const sides = [
    /^\s*(minvalue)?\s*$/i.test(from) ? [] : [`${column} >= ${from}`],
    /^\s*(maxvalue)?\s*$/i.test(to) ? [] : [`${column} < ${to}`],
  ].flat();
  return sides.length > 0 ? sides.join(' AND ') : undefined;
}
