import type { Dialect } from '../../../schema/schema.ts';
import { jsonOf } from './language.ts';
import { joined, type PlacedSql, sql } from './placed-sql.ts';
import { literal, notSaid, valueSql } from './said.ts';
import { isNothing, type Value, whyNotKnown } from './value.ts';

/** How a name is put in quotes. */
export type Quote = (name: PlacedSql) => PlacedSql;

/** A value as it is written into a row: an object or list as JSON. */
export function rowValue(value: Value, dialect: Dialect): PlacedSql {
  const why = whyNotKnown(value);
  if (why !== undefined) return notSaid(`a value is not known: ${why}`);
  if (value.kind === 'object' || value.kind === 'list')
    return literal(JSON.stringify(jsonOf(value)), dialect);
  if (value.kind === 'plain' && value.value === undefined) return [{ text: 'DEFAULT' }];
  return valueSql(value, dialect) ?? notSaid('a value is worked out when it runs');
}

/** INSERT of objects; a column that only some of them have gets its default in the others. */
export function insertSql(table: PlacedSql, rows: Value, dialect: Dialect, quote: Quote): PlacedSql {
  const list = rows.kind === 'list' ? rows.items : [rows];
  const names = new Set<string>();
  for (const row of list) {
    if (row.kind !== 'object' || row.open !== undefined)
      return notSaid(`the rows are not known: ${whyNotKnown(row) ?? 'they are put together at run time'}`);
    for (const name of row.fields.keys()) names.add(name);
  }
  if (names.size === 0) return notSaid('the rows are not known: they are empty');
  const columns = joined(
    [...names].map((name) => quote([{ text: name }])),
    ', ',
  );
  const absent = dialect === 'sqlite' ? 'NULL' : 'DEFAULT';
  const values = list.map((row) => {
    const fields = row.kind === 'object' ? row.fields : new Map<string, Value>();
    const cells = [...names].map((name): PlacedSql => {
      const value = fields.get(name);
      return value && !(value.kind === 'plain' && value.value === undefined)
        ? rowValue(value, dialect)
        : [{ text: absent }];
    });
    return sql`(${joined(cells, ', ')})`;
  });
  return sql`insert into ${table} (${columns}) values ${joined(values, ', ')}`;
}

/** UPDATE with an object of new values and a condition. */
export function updateSql(
  table: PlacedSql,
  values: Value | undefined,
  where: PlacedSql | undefined,
  dialect: Dialect,
  quote: Quote,
): PlacedSql {
  if (values?.kind !== 'object' || values.open !== undefined || values.fields.size === 0)
    return notSaid(
      `what is written is not known: ${(values && whyNotKnown(values)) ?? 'it is put together at run time'}`,
    );
  const set = [...values.fields].map(
    ([name, value]) => sql`${quote([{ text: name }])} = ${rowValue(value, dialect)}`,
  );
  return sql`update ${table} set ${joined(set, ', ')}${where ? sql` where ${where}` : []}`;
}

/** A condition of an object: each field equals its value, is NULL, or is one of a list. */
export function whereSql(value: Value, dialect: Dialect, quote: Quote): PlacedSql {
  if (value.kind !== 'object' || value.open !== undefined)
    return notSaid(`a condition is not known: ${whyNotKnown(value) ?? 'it is put together at run time'}`);
  const parts = [...value.fields].map(([name, field]) => equals(quote([{ text: name }]), field, dialect));
  return joined(parts, ' and ');
}

/** A column compared with a value for being the same. */
export function equals(column: PlacedSql, value: Value, dialect: Dialect): PlacedSql {
  if (isNothing(value)) return sql`${column} is null`;
  if (value.kind === 'list')
    return sql`${column} in (${joined(
      value.items.map((item) => rowValue(item, dialect)),
      ', ',
    )})`;
  return sql`${column} = ${rowValue(value, dialect)}`;
}
