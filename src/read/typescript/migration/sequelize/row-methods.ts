import { sql } from '../placed-sql.ts';
import { insertSql, updateSql } from '../rows.ts';
import { need, notSaid, send } from '../said.ts';
import { isNothing, type Site, type Value } from '../value.ts';
import { quote, tableSql } from './attribute.ts';
import { whereOf } from './where.ts';

type Build = (args: readonly Value[], site: Site) => undefined;

/** Methods that write rows. */
export const ROWS: Readonly<Record<string, Build>> = {
  bulkInsert: ([table, rows], site) =>
    send(
      site,
      insertSql(
        tableSql(table, site.run.dialect),
        need(rows, 'the rows') ?? notSaid('the rows are left out'),
        site.run.dialect,
        (one) => quote(one, site.run.dialect),
      ),
    ),
  bulkUpdate: ([table, values, where], site) =>
    send(
      site,
      updateSql(
        tableSql(table, site.run.dialect),
        values,
        hasFields(where) ? whereOf(where, site) : undefined,
        site.run.dialect,
        (one) => quote(one, site.run.dialect),
      ),
    ),
  bulkDelete: ([table, where], site) =>
    send(
      site,
      sql`DELETE FROM ${tableSql(table, site.run.dialect)}${hasFields(where) ? sql` WHERE ${whereOf(where, site)}` : []}`,
    ),
};

function hasFields(value: Value | undefined): boolean {
  return (
    !isNothing(value) && !(value?.kind === 'object' && value.fields.size === 0 && value.open === undefined)
  );
}
