import { look } from './guard.ts';
import { type PlacedSql, plainText } from './placed-sql.ts';
import { plainValue, type Site, textOfValue, textValue, unknown, type Value } from './value.ts';

/**
 * What a query of the database's own catalog gives, as the schema stands by now: of information_schema the tables or columns
 * that are named, and SQLite's table_info. Undefined for any other query.
 */
export function catalogRows(text: PlacedSql, given: Value | undefined, site: Site): Value | undefined {
  const query = withTexts(plainText(text), given);
  const info = /\bpragma\s+(?:\w+\.)?table_(?:x?info)\s*\(\s*['"`[]?(\w+)/i.exec(query)?.[1];
  if (info !== undefined) return columnsOf(info, undefined, site);
  const source = /\bfrom\s+"?information_schema"?\s*\.\s*"?(tables|columns)\b/i
    .exec(query)?.[1]
    ?.toLowerCase();
  const table = equalTo(query, 'table_name');
  if (source === undefined || table === undefined || /\bor\b|\blike\b|\bjoin\b/i.test(query))
    return undefined;
  const column = source === 'columns' ? equalTo(query, 'column_name') : undefined;
  if (/\bcolumn_name\s+in\b/i.test(query)) return undefined;
  const rows = source === 'columns' ? columnsOf(table, column, site) : tablesOf(table, site);
  if (!/^\s*select\s+exists\s*\(/i.test(query)) return rows;
  if (rows.kind !== 'list') return rows;
  return { kind: 'list', items: [row('exists', plainValue(rows.items.length > 0))] };
}

/** The query with texts in the place of its placeholders; what is not known stays empty. */
function withTexts(query: string, given: Value | undefined): string {
  const items = given?.kind === 'list' ? given.items : [];
  let next = 0;
  const text = (value: Value | undefined) => `'${(value && textOfValue(value)) ?? ''}'`;
  return query
    .replace(/\$(\d+)/g, (_, index) => text(items[Number(index) - 1]))
    .replace(/\?/g, () => text(items[next++]));
}

function equalTo(query: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\b["\`]?\\s*=\\s*'(\\w+)'`, 'i').exec(query)?.[1];
}

function tablesOf(table: string, site: Site): Value {
  const found = look(site, [{ text: table }]);
  if ('why' in found) return unknown(found.why);
  return { kind: 'list', items: found.table ? [row('table_name', textValue(table))] : [] };
}

function columnsOf(table: string, column: string | undefined, site: Site): Value {
  const found = look(site, [{ text: table }]);
  if ('why' in found) return unknown(found.why);
  const columns = found.table?.columns.filter(
    ({ name }) => column === undefined || name.toLowerCase() === column.toLowerCase(),
  );
  return { kind: 'list', items: (columns ?? []).map(({ name }) => row('column_name', textValue(name))) };
}

/** A row by the names that servers may give its column. */
function row(name: string, value: Value): Value {
  const fields = new Map([
    [name, value],
    [name.toUpperCase(), value],
    ['name', value],
  ]);
  return { kind: 'object', fields, open: 'it is read from the database' };
}
