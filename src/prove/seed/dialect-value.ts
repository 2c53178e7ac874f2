import type { TypeName } from '../../schema/name.ts';
import type { Column } from '../../schema/schema.ts';
import { among, type Domain, each, FEW, numerics, texts } from './value.ts';

/** What a column of SQLite may hold, by its affinity: https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export function domainOfSqlite({ name, type }: Pick<Column, 'name' | 'type'>): Domain {
  if (/int|bool/.test(type.name)) return numbers(1001, ['0', '-1']);
  if (/char|clob|text/.test(type.name)) return texts(name, undefined);
  if (/blob/.test(type.name)) return bytes();
  if (/real|floa|doub|numeric|decimal/.test(type.name))
    return each('number', (i) => `${i + 1}.5`, ['0', '-1']);
  return /date|time/.test(type.name) ? moments() : texts(name, undefined);
}

/** Greatest values of MySQL's integers. */
const MOST: Readonly<Record<string, string>> = {
  tinyint: '127',
  smallint: '32767',
  mediumint: '8388607',
  int: '2147483647',
  bigint: '9223372036854775807',
};

/** What a column of MySQL may hold; undefined where nothing is known of its type. */
export function domainOfMysql({ name, type }: Pick<Column, 'name' | 'type'>): Domain | undefined {
  const [word = '', unsigned] = type.name.split(' ');
  const most = Object.hasOwn(MOST, word) ? MOST[word] : undefined;
  if (most !== undefined)
    return numbers(word === 'tinyint' ? 1 : 1001, ['0', most, ...(unsigned ? [] : ['-1'])]);
  switch (word) {
    case 'decimal': {
      const { awkward, ...rest } = numerics(decimalOf(type));
      const held = (value: unknown) => !unsigned || !String(value).startsWith('-');
      return { ...rest, awkward: awkward.filter(held) };
    }
    case 'float':
    case 'double':
      return each('number', (i) => `${i + 1}.5`, ['0', ...(unsigned ? [] : ['-1'])]);
    case 'year':
      return numbers(2001, []);
    case 'bit':
      return among('number', ['1', '0']);
    case 'datetime':
    case 'timestamp':
      return moments();
    case 'date':
      return each('other', (i) => `${2000 + (i % 30)}-01-01`, ['2024-02-29']);
    case 'time':
      return among('other', ['12:30:00', '00:00:00', '23:59:59']);
    case 'json':
      return among('other', FEW.json ?? []);
    case 'enum':
    case 'set':
      return among('label', type.arguments.map(unquoted));
    case 'char':
    case 'varchar':
      return texts(name, Number(type.arguments[0] ?? 1));
    default:
      if (/text$/.test(word)) return texts(name, undefined);
      return /blob$|binary$/.test(word) ? bytes() : undefined;
  }
}

function numbers(first: number, awkward: readonly string[]): Domain {
  return each('number', (i) => String(first + i), awkward);
}

function bytes(): Domain {
  return each('bytes', (i) => `ff${(i % 256).toString(16).padStart(2, '0')}`, ['']);
}

function moments(): Domain {
  return each('other', (i) => `${2000 + (i % 30)}-01-01 00:00:00`, ['2024-02-29 23:59:59']);
}

function decimalOf({ arguments: args }: TypeName): readonly number[] {
  const [precision = 10, scale = 0] = args.map(Number);
  return [precision, scale];
}

function unquoted(text: string): string {
  return text.replace(/^'(.*)'$/s, '$1').replaceAll("''", "'");
}
