import type { TableId } from '../../schema/schema.ts';
import type { History, HistoryEntry } from './history.ts';

/** What a chain's history tells of the object that was asked for. */
export interface Selected {
  /** The chain's place in the history. */
  readonly chain: number;
  /** The tables that ever had the name; empty where it is that of a view, a type or another object by itself. */
  readonly tables: readonly TableId[];
  /** What was asked for of a table: a column, an index, a constraint or a trigger. */
  readonly part?: string;
  readonly entries: readonly HistoryEntry[];
}

/**
 * The entries that a name stands for, by chain: a table with all that is its own, a part of one (`users.email`), a view, a type.
 * Names that it ever had count, so that a rename is followed both ways.
 */
export function selectEntries(history: History, word: string): readonly Selected[] {
  return history.chains.flatMap((_, chain) => {
    const entries = history.entries.filter((one) => one.chain === chain);
    for (const [name, part] of readings(word)) {
      const found = part === undefined ? ofObject(entries, name) : ofPart(entries, name, part);
      if (found.entries.length > 0) return [{ chain, ...found, ...(part === undefined ? {} : { part }) }];
    }
    return [];
  });
}

/** `a.b` may be the table b of schema a, or the column b of table a. */
function readings(word: string): readonly (readonly [string, string | undefined])[] {
  const parts = word.split('.');
  const homeless = parts.length > 1 && /^(public|main)$/i.test(parts[0] ?? '') ? parts.slice(1) : parts;
  const split = (at: number) => [homeless.slice(0, at).join('.'), homeless.slice(at).join('.')] as const;
  return [
    [homeless.join('.'), undefined],
    ...homeless.slice(1).map((__, at) => split(homeless.length - 1 - at)),
  ];
}

function ofObject(entries: readonly HistoryEntry[], name: string): Omit<Selected, 'chain'> {
  const tables = tablesNamed(entries, name);
  if (tables.length > 0) {
    const ids = new Set(tables);
    return { tables, entries: entries.filter(({ tableId }) => tableId !== undefined && ids.has(tableId)) };
  }
  return {
    tables,
    entries: withFormerNames(
      entries.filter(({ tableId }) => tableId === undefined),
      name,
    ),
  };
}

function ofPart(entries: readonly HistoryEntry[], table: string, part: string): Omit<Selected, 'chain'> {
  const tables = tablesNamed(entries, table);
  const ids = new Set(tables);
  const own = entries.filter(
    ({ object, tableId }) => object !== 'table' && tableId !== undefined && ids.has(tableId),
  );
  const columns = named(
    own.filter(({ object }) => object === 'column'),
    part,
  );
  const columnIds = new Set(columns.map(({ columnId }) => columnId));
  const others = new Set(
    withFormerNames(
      own.filter(({ object }) => object !== 'column'),
      part,
    ),
  );
  return {
    tables,
    entries: own.filter((one) => (one.object === 'column' ? columnIds.has(one.columnId) : others.has(one))),
  };
}

function tablesNamed(entries: readonly HistoryEntry[], name: string): readonly TableId[] {
  const found = named(
    entries.filter(({ object }) => object === 'table'),
    name,
  );
  return [...new Set(found.flatMap(({ tableId }) => tableId ?? []))];
}

/** Those that have, or had, the name; in another case only where none is written so. */
function named(entries: readonly HistoryEntry[], name: string): readonly HistoryEntry[] {
  const exact = entries.filter((one) => one.name === name || one.formerName === name);
  if (exact.length > 0) return exact;
  const lower = name.toLowerCase();
  return entries.filter((one) => one.name.toLowerCase() === lower || one.formerName?.toLowerCase() === lower);
}

/** Objects that are known by their names only: with those that they had before and after. */
function withFormerNames(entries: readonly HistoryEntry[], name: string): readonly HistoryEntry[] {
  const names = new Set(named(entries, name).map((one) => one.name));
  for (let size = -1; size !== names.size; ) {
    size = names.size;
    for (const { name: now, formerName } of entries)
      if (formerName !== undefined && (names.has(now) || names.has(formerName)))
        names.add(now).add(formerName);
  }
  return entries.filter(
    (one) => names.has(one.name) || (one.formerName !== undefined && names.has(one.formerName)),
  );
}
