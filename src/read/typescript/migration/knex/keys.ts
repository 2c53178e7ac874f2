import type { Dialect } from '../../../../schema/schema.ts';
import { joined, type Place, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { at, need, needText, notSaid, optionText } from '../said.ts';
import { isNothing, type Value } from '../value.ts';
import { columnsText, listOf, nameFor } from './listed.ts';
import type { ForeignSpec, TableSpec } from './table.ts';
import { columnSql, wrap } from './wrap.ts';

/** `CONSTRAINT … FOREIGN KEY`; without a table's name only a given name stands there. */
export function foreignClause(
  foreign: ForeignSpec,
  place: Place,
  dialect: Dialect,
  spec?: TableSpec,
): PlacedSql {
  const name = spec
    ? sql`constraint ${nameFor(foreign.keyName, 'foreign', foreign.column, spec, dialect)} `
    : isNothing(foreign.keyName)
      ? []
      : sql`constraint ${wrap(needText(foreign.keyName, 'a name'), dialect)} `;
  const action = (words: string, value: Value | undefined) =>
    isNothing(value) ? [] : sql` ${words} ${needText(value, 'an action')}`;
  const [onUpdate, onDelete] = [action('on update', foreign.onUpdate), action('on delete', foreign.onDelete)];
  const when = isNothing(foreign.deferrable)
    ? []
    : sql` deferrable initially ${needText(foreign.deferrable, 'an argument')}`;
  const to = wrap(needText(foreign.inTable, 'the table that it references'), dialect);
  return sql`${name}${at(place, 'foreign key ')}(${columnsText(foreign.column, dialect)}) references ${to} (${columnsText(foreign.references, dialect)})${dialect === 'sqlite' ? [...onDelete, ...onUpdate] : [...onUpdate, ...onDelete]}${dialect === 'postgres' ? when : []}`;
}

/** The table's own PRIMARY KEY clause in CREATE TABLE. */
export function primaryKeyClause(spec: TableSpec, dialect: Dialect): PlacedSql | undefined {
  const step = spec.steps.find(({ method }) => method === 'primary');
  if (!step || isNothing(step.args[0])) return undefined;
  const [columns, name] = step.args;
  const hasIncrements = spec.columns.some(({ type }) => type === 'increments');
  if (dialect === 'postgres') return sql`${at(step.place, '')}${keyOf(columns, name, spec, dialect)}`;
  const given = constraintName(name);
  const constraint = given ? sql`constraint ${wrap(given, dialect)} ` : [];
  const own = spec.columns.filter(({ type }) => type.includes('increments')).map(({ args }) => args[0]);
  const listed = listOf(columns).map((one) => columnSql(one, dialect) ?? notSaid('a column is not known'));
  const texts = new Set(listed.map(plainText));
  if (dialect === 'mysql')
    for (const one of own) {
      const column = wrap(needText(one, 'the name of a column'), dialect);
      if (!texts.has(plainText(column))) listed.unshift(column);
    }
  const kind = dialect === 'sqlite' && hasIncrements ? 'unique' : 'primary key';
  return sql`${constraint}${at(step.place, kind)} (${joined(listed, ', ')})`;
}

function constraintName(value: Value | undefined): PlacedSql | undefined {
  const known = need(value, 'a name');
  if (known?.kind === 'object') return optionText(known, 'constraintName');
  return known && needText(known, 'a name');
}

/** DEFERRABLE of an object of options. */
export function deferral(value: Value | undefined): PlacedSql {
  const known = need(value, 'an argument');
  const word = known?.kind === 'object' ? optionText(known, 'deferrable') : undefined;
  return word ? sql` deferrable initially ${word}` : [];
}

/** A PRIMARY KEY with its name. */
export function keyOf(
  columns: Value | undefined,
  name: Value | undefined,
  spec: TableSpec,
  dialect: Dialect,
): PlacedSql {
  const given = constraintName(name) ?? sql`${spec.name}_pkey`;
  const listed = columnsText(columns, dialect);
  if (dialect === 'mysql') return sql`primary key ${wrap(given, dialect)}(${listed})`;
  return sql`constraint ${wrap(given, dialect)} primary key (${listed})${deferral(name)}`;
}
