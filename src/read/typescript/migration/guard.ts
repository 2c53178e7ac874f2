import { doubtOf, findTable } from '../../../schema/lookup.ts';
import type { Table } from '../../../schema/schema.ts';
import { type PlacedSql, plainText } from './placed-sql.ts';
import { plainValue, type Site, unknown, type Value } from './value.ts';

/** Whether a table stands there by now, as the migrations before and this one have made it. */
export function hasTable(site: Site, name: PlacedSql, schema?: PlacedSql): Value {
  const found = look(site, name, schema);
  return 'why' in found ? unknown(found.why) : plainValue(found.table !== undefined);
}

/** Whether a table has a column by now. */
export function hasColumn(site: Site, name: PlacedSql, column: PlacedSql, schema?: PlacedSql): Value {
  const found = look(site, name, schema);
  if ('why' in found) return unknown(found.why);
  const wanted = plainText(column).toLowerCase();
  return plainValue(found.table?.columns.some((one) => one.name.toLowerCase() === wanted) ?? false);
}

/** The table of a name by now; or why it cannot be told. */
export function look(
  { run }: Site,
  name: PlacedSql,
  schema?: PlacedSql,
): { readonly table: Table | undefined } | { readonly why: string } {
  const now = run.schema();
  if (!now) return { why: 'the schema before it is not at hand' };
  const parts = plainText(name).split('.');
  const own = parts.pop() ?? '';
  const home = schema ? plainText(schema) : parts.pop();
  const table = findTable(now, { name: own, ...(home === undefined ? {} : { schema: home }) });
  const known = doubtOf(now, own) === undefined;
  return known ? { table } : { why: 'what stands in the schema by then is not known' };
}
