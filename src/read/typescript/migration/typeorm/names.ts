import { createHash } from 'node:crypto';
import { type PlacedSql, plainText } from '../placed-sql.ts';

const LENGTHS = { PK: 27, UQ: 27, FK: 27, IDX: 26, CHK: 26 } as const;

/** The name that TypeORM gives to a key or index without one. https://github.com/typeorm/typeorm, `DefaultNamingStrategy.ts` */
export function hashedName(
  kind: keyof typeof LENGTHS,
  table: PlacedSql,
  columns: readonly PlacedSql[],
  where?: string,
): string {
  const own = plainText(table).split('.').pop() ?? '';
  const names = columns.map(plainText).sort();
  const key = `${own}_${names.join('_')}${where ? `_${where}` : ''}`;
  return `${kind}_${createHash('sha1').update(key).digest('hex').slice(0, LENGTHS[kind])}`;
}
