import type { FactRows } from './fact-rows.ts';
import type { FactRow } from './schema-rows.ts';
import { vocabulary } from './vocabulary.ts';

/** Names of the tables, without schema, whose rows differ between base and head when positions are left out. */
export function differingTables(
  { rows }: FactRows,
  pathKey: (path: string, side: 'base' | 'head') => string,
): ReadonlySet<string> {
  const differing = new Set<string>();
  for (const { name, columns } of vocabulary().tables.values()) {
    if (!name.startsWith('head.')) continue;
    const table = name.slice('head.'.length);
    const base = rows.get(`base.${table}`) ?? [];
    const head = rows.get(name) ?? [];
    const at = columns.findIndex((column) => column.name === 'path');
    const keyOf = (row: FactRow, side: 'base' | 'head') => {
      const path = row[at];
      return JSON.stringify([
        row.slice(0, at < 0 ? undefined : at),
        typeof path === 'string' ? pathKey(path, side) : null,
      ]);
    };
    if (
      base.length !== head.length ||
      !sameBag(
        base.map((row) => keyOf(row, 'base')),
        head.map((row) => keyOf(row, 'head')),
      )
    )
      differing.add(table);
  }
  return differing;
}

function sameBag(left: readonly string[], right: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const key of left) counts.set(key, (counts.get(key) ?? 0) + 1);
  return right.every((key) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count > 0;
  });
}
