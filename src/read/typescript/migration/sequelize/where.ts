import { joined, type PlacedSql, sql } from '../placed-sql.ts';
import { equals, rowValue } from '../rows.ts';
import { need, notSaid } from '../said.ts';
import { isNothing, type Site, type Value } from '../value.ts';
import { quote } from './attribute.ts';

/** A condition of plain fields; operators are symbols, whose names are not seen here. */
export function whereOf(value: Value | undefined, { run: { dialect } }: Site): PlacedSql {
  const known = need(value, 'a condition');
  if (known?.kind === 'host' && known.expression) return known.expression;
  if (known?.kind !== 'object' || known.open !== undefined) throw notSaid('a condition is not known');
  const parts = [...known.fields].map(([name, field]) => condition(quote(name, dialect), field, dialect));
  return joined(parts, ' AND ');
}

function condition(column: PlacedSql, field: Value, dialect: Site['run']['dialect']): PlacedSql {
  if (field.kind !== 'object') return equals(column, field, dialect);
  const parts = [...field.fields].map(([operator, value]) => {
    if (operator === '$ne' || operator === '$not')
      return isNothing(value) ? sql`${column} IS NOT NULL` : sql`${column} != ${rowValue(value, dialect)}`;
    if (operator === '$eq' || operator === '$is') return equals(column, value, dialect);
    if (operator === '$in') return equals(column, value, dialect);
    const sign = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=', $like: 'LIKE' }[operator];
    return sign ? sql`${column} ${sign} ${rowValue(value, dialect)}` : notSaid('a condition is not followed');
  });
  return joined(parts, ' AND ');
}
