import type { Dialect } from '../../../../schema/schema.ts';
import { joined, type PlacedSql, plainText } from '../placed-sql.ts';
import { need, needText, notSaid } from '../said.ts';
import { isNothing, type Value } from '../value.ts';
import type { TableSpec } from './table.ts';
import { columnSql, wrap } from './wrap.ts';

/** A name made of the table's and the columns', where none is given. */
export function nameFor(
  given: Value | undefined,
  kind: string,
  columns: Value | undefined,
  spec: TableSpec,
  dialect: Dialect,
): PlacedSql {
  if (!isNothing(given)) return wrap(needText(given, 'a name'), dialect);
  const table = plainText(spec.name).replace(/[.-]/g, '_');
  const parts = listOf(columns).map((one) =>
    plainText(one.kind === 'host' ? (one.expression ?? []) : needText(one, 'the name of a column')),
  );
  return wrap([{ text: `${table}_${parts.join('_')}_${kind}`.toLowerCase() }], dialect);
}

/** One value, or those of a list; none where it is left out. */
export function listOf(value: Value | undefined): readonly Value[] {
  const known = need(value, 'the columns');
  if (known?.kind === 'list') return known.items;
  return known ? [known] : [];
}

/** Columns in quotes, with commas between them. */
export function columnsText(value: Value | undefined, dialect: Dialect): PlacedSql {
  return joined(
    listOf(value).map((one) => columnSql(one, dialect) ?? notSaid('a column is not known')),
    ', ',
  );
}

/** Names as they are given. */
export function namesOf(value: Value | undefined): readonly PlacedSql[] {
  return listOf(value).map((one) => needText(one, 'a name'));
}
