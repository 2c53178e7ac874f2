import { posix } from 'node:path';
import type { Tree } from '../../change/change-set.ts';
import type { Chain } from '../chain.ts';
import type { Difference } from './difference.ts';

/** What drizzle-kit believes to be there: it compares the models with its last snapshot, and not with the migrations. */
export interface Snapshot {
  /** Whether it knows what only the migrations have; what it does not was written by hand, and no next migration takes it away. */
  knows(table: string, difference: Difference): boolean;
}

/** The last snapshots of chains of Drizzle, by chain. */
export type Snapshots = ReadonlyMap<string, Snapshot>;

/** Reads the last snapshot of each chain of Drizzle that has one. */
export async function readSnapshots(chains: readonly Chain[], tree: Tree): Promise<Snapshots> {
  const drizzle = chains.filter(({ tool }) => tool === 'drizzle');
  if (drizzle.length === 0) return new Map();
  const entries = await tree.entries();
  const paths = new Map(
    drizzle.flatMap((chain) => {
      const path = pathOf(chain, entries);
      return path === undefined ? [] : [[chain.id, path] as const];
    }),
  );
  const texts = await tree.read([...paths.values()]);
  return new Map(
    [...paths].flatMap(([id, path]) => {
      const snapshot = parseSnapshot(texts.get(path)?.text);
      return snapshot ? [[id, snapshot] as const] : [];
    }),
  );
}

function pathOf({ migrations }: Chain, entries: ReadonlyMap<string, unknown>): string | undefined {
  const last = migrations.at(-1);
  if (!last) return undefined;
  const folder = posix.dirname(last.path);
  const number = /^(\d+)_/.exec(last.name)?.[1];
  return [posix.join(folder, 'snapshot.json'), posix.join(folder, 'meta', `${number}_snapshot.json`)].find(
    (path) => entries.has(path),
  );
}

/** A table as a snapshot has it: the names of its columns, and of its indexes and constraints. */
interface KnownTable {
  readonly columns: Set<string>;
  readonly objects: Set<string>;
}

/** Versions up to 7 nest tables, version 8 lists every entity. */
function parseSnapshot(text: string | undefined): Snapshot | undefined {
  const value = parsed(text);
  const tables = new Map<string, KnownTable>();
  const tableNamed = (name: unknown): KnownTable => {
    const known = tables.get(String(name)) ?? { columns: new Set<string>(), objects: new Set<string>() };
    tables.set(String(name), known);
    return known;
  };
  if (Array.isArray(value.ddl))
    for (const entity of value.ddl.map(recordOf)) {
      if (entity.entityType === 'tables') tableNamed(entity.name);
      else if (entity.entityType === 'columns') tableNamed(entity.table).columns.add(String(entity.name));
      else if (entity.table !== undefined) tableNamed(entity.table).objects.add(String(entity.name));
    }
  else if (isRecord(value.tables))
    for (const table of Object.values(value.tables).map(recordOf)) {
      const known = tableNamed(table.name);
      for (const column of Object.values(recordOf(table.columns)).map(recordOf)) {
        known.columns.add(String(column.name));
        // some versions keep a column's own unique key with the column
        if (column.isUnique === true && column.uniqueName !== undefined)
          known.objects.add(String(column.uniqueName));
      }
      for (const kind of ['indexes', 'foreignKeys', 'uniqueConstraints', 'compositePrimaryKeys'])
        for (const one of Object.values(recordOf(table[kind])).map(recordOf))
          known.objects.add(String(one.name));
    }
  else return undefined;
  return {
    knows: (name, { kind, columns, object }) => {
      const table = tables.get(name.slice(name.indexOf('.') + 1));
      if (!table || kind === 'table') return table !== undefined;
      return kind === 'column'
        ? columns.every((one) => table.columns.has(one))
        : object === undefined || table.objects.has(object);
    },
  };
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
