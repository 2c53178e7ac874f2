import type { Dialect } from '../../../../schema/schema.ts';
import { jsonOf } from '../language.ts';
import { joined, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { at, literal, need, needText, needTexts, notSaid } from '../said.ts';
import { isNothing, textOfValue, type Value, whyNotKnown } from '../value.ts';
import { type Around, columnType } from './column-type.ts';
import type { ColumnSpec } from './table.ts';
import { wrap } from './wrap.ts';

/** A column as it stands in CREATE TABLE or ADD COLUMN: name, type and what the dialect takes of the rest. */
export function columnDefinition(column: ColumnSpec, around: Around): PlacedSql {
  const name = wrap(columnName(column), around.dialect);
  return sql`${name} ${columnType(column, around)}${modifiersOf(column, around.dialect)}`;
}

/** A column's name; an increments column is `id` where none is given. */
export function columnName(column: ColumnSpec): PlacedSql {
  const [first] = column.args;
  if (isNothing(first) && column.type.includes('increments')) return at(column.place, 'id');
  return needText(first, 'the name of a column');
}

const ORDER: Readonly<Record<Dialect, readonly string[]>> = {
  postgres: ['nullable', 'defaultTo'],
  mysql: ['unsigned', 'nullable', 'defaultTo', 'comment', 'collate', 'first', 'after'],
  sqlite: ['nullable', 'defaultTo'],
  duckdb: ['nullable', 'defaultTo'],
};

function modifiersOf(column: ColumnSpec, dialect: Dialect): PlacedSql {
  const isIncrements = column.type.includes('increments');
  const made = ORDER[dialect].flatMap((name) => {
    const modifier = column.modifiers.get(name);
    if (!modifier || (isIncrements && name !== 'comment')) return [];
    const [value] = modifier.args;
    const text = modifierSql(name, value, column, dialect);
    return text ? [[...at(modifier.place, ' '), ...text]] : [];
  });
  return [...made.flat(), ...checksOf(column, dialect)];
}

function modifierSql(
  name: string,
  value: Value | undefined,
  column: ColumnSpec,
  dialect: Dialect,
): PlacedSql | undefined {
  switch (name) {
    case 'nullable':
      return [{ text: need(value, 'an argument')?.kind === 'plain' && isFalse(value) ? 'not null' : 'null' }];
    case 'defaultTo': {
      const isText = column.type === 'blob' || column.type.includes('text');
      if (dialect === 'mysql' && (isNothing(value) || isText)) return undefined;
      const text = defaultText(value, column.type, dialect);
      return text && sql`default ${text}`;
    }
    case 'comment':
      return isNothing(value) ? undefined : sql`comment ${literal(needText(value, 'the comment'), dialect)}`;
    case 'collate':
      return isNothing(value)
        ? undefined
        : sql`collate ${literal(needText(value, 'the collation'), dialect)}`;
    case 'after':
      return sql`after ${wrap(needText(value, 'the column before'), dialect)}`;
    default:
      return [{ text: name }];
  }
}

function isFalse(value: Value | undefined): boolean {
  return value?.kind === 'plain' && value.value === false;
}

/** What DEFAULT says; undefined where nothing is given. `lib/formatter/formatterUtils.js`, formatDefault */
export function defaultText(value: Value | undefined, type: string, dialect: Dialect): PlacedSql | undefined {
  if (!value || (value.kind === 'plain' && value.value === undefined)) return undefined;
  if (value.kind === 'plain' && value.value === null) return [{ text: 'null' }];
  if (value.kind === 'host') return value.expression ?? notSaid('the default is worked out when it runs');
  const why = whyNotKnown(value);
  if (why !== undefined) return notSaid(`the default is not known: ${why}`);
  if (type === 'bool') {
    const text = textOfValue(value);
    const isOff = value.kind === 'plain' ? !value.value : text === 'false' || text === '';
    return [{ text: `'${isOff ? 0 : 1}'` }];
  }
  if (value.kind === 'object' || value.kind === 'list') {
    const text =
      /^jsonb?$/.test(type) || value.kind === 'object'
        ? JSON.stringify(jsonOf(value))
        : value.items.map((item) => textOfValue(item) ?? '').join(',');
    if (/^jsonb?$/.test(type) && dialect === 'mysql') return [{ text: `('${text}')` }];
    return /^jsonb?$/.test(type) ? [{ text: `'${text}'` }] : literal(text, dialect);
  }
  return literal(needText(value, 'the default'), dialect);
}

/** `checkIn` and its like. */
function checksOf(column: ColumnSpec, dialect: Dialect): PlacedSql {
  const name = () => wrap(columnName(column), dialect);
  return [...column.modifiers].flatMap(([key, { args, place }]): PlacedSql => {
    const [first, second, third] = args;
    const check = (predicate: PlacedSql, constraint: Value | undefined): PlacedSql => {
      const named = isNothing(constraint)
        ? []
        : sql`constraint ${needText(constraint, 'the name of a constraint')} `;
      return sql`${at(place, ' ')}${named}check (${predicate})`;
    };
    const list = (value: Value | undefined) =>
      joined(
        needTexts(value, 'a value').map((one) => literal(one, dialect)),
        ',',
      );
    switch (key) {
      case 'checkPositive':
        return check(sql`${name()} > 0`, first);
      case 'checkNegative':
        return check(sql`${name()} < 0`, first);
      case 'checkIn':
        return check(sql`${name()} in (${list(first)})`, second);
      case 'checkNotIn':
        return check(sql`${name()} not in (${list(first)})`, second);
      case 'checkLength':
        return check(
          sql`length(${name()}) ${needText(first, 'an operator')} ${needText(second, 'a length')}`,
          third,
        );
      case 'checkRegex':
        return check(
          sql`${name()} ${dialect === 'postgres' ? '~' : 'REGEXP'} ${literal(needText(first, 'a pattern'), dialect)}`,
          second,
        );
      case 'checkBetween': {
        const known = need(first, 'the bounds');
        const pairs = known?.kind === 'list' ? known.items : [];
        const each = pairs[0]?.kind === 'list' ? pairs : known ? [known] : [];
        const parts = each.map((pair) => {
          const [low, high] = needTexts(pair, 'a bound');
          if (!low || !high) return notSaid('a bound is left out');
          return sql`${name()} between ${bound(low)} and ${bound(high)}`;
        });
        return check(joined(parts, ' or '), second);
      }
      case 'check':
        return notSaid('its check is built by code');
      default:
        return [];
    }
  });
  function bound(text: PlacedSql): PlacedSql {
    return /^-?\d+(\.\d+)?$/.test(plainText(text)) ? text : literal(text, dialect);
  }
}
