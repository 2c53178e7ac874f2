import type { TypeName } from '../../../schema/name.ts';
import type { ColumnDefinition } from '../../../schema/operation.ts';
import { takeColumn as takeAny } from '../token/column.ts';
import type { Cursor } from '../token/cursor.ts';

/** Other spellings of a type, as SHOW CREATE TABLE writes it. */
const CANONICAL: Readonly<Record<string, string>> = {
  integer: 'int',
  int1: 'tinyint',
  int2: 'smallint',
  int3: 'mediumint',
  int4: 'int',
  int8: 'bigint',
  middleint: 'mediumint',
  dec: 'decimal',
  numeric: 'decimal',
  fixed: 'decimal',
  'double precision': 'double',
  real: 'double',
  float4: 'float',
  float8: 'double',
  character: 'char',
  'character varying': 'varchar',
  'char varying': 'varchar',
  nvarchar: 'varchar',
  'national varchar': 'varchar',
  'national char': 'char',
  nchar: 'char',
  'char byte': 'binary',
  'long varchar': 'mediumtext',
  'long varbinary': 'mediumblob',
  long: 'mediumtext',
};

/** A type of MySQL or MariaDB in one spelling: `int unsigned`, `tinyint(1)`, `enum('a','b')`. */
function takeType(cursor: Cursor): TypeName {
  const words = [cursor.name().toLowerCase()];
  if (/^(double|character|char|national|long)$/.test(words[0] ?? ''))
    while (cursor.isOneOf('precision', 'varying', 'varchar', 'char', 'character', 'varbinary', 'byte'))
      words.push(cursor.name().toLowerCase());
  const written = words.join(' ');
  let args = cursor.sign() === '(' ? [...cursor.brackets().parts()].map((part) => part.rest()) : [];
  let name = Object.hasOwn(CANONICAL, written) ? (CANONICAL[written] ?? written) : written;
  if (/^bool(ean)?$/.test(name)) {
    name = 'tinyint';
    args = ['1'];
  }
  let unsigned = false;
  for (;;) {
    const mark = cursor.takeOneOf('unsigned', 'signed', 'zerofill', 'binary', 'ascii', 'unicode');
    if (!mark) break;
    unsigned ||= mark === 'unsigned' || mark === 'zerofill';
  }
  return { name: unsigned ? `${name} unsigned` : name, arguments: args, dimensions: 0 };
}

/** A column definition; `SERIAL` is what it stands for. */
export function takeColumn(cursor: Cursor): ColumnDefinition {
  const column = takeAny(cursor, takeType);
  if (column.type.name !== 'serial') return column;
  const { name, span, constraints } = column;
  const type = { name: 'bigint unsigned', arguments: [], dimensions: 0 };
  const unique = { kind: 'unique', columns: [name], span } as const;
  return { ...column, type, notNull: true, identity: 'by default', constraints: [...constraints, unique] };
}
