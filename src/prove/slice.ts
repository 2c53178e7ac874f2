import type { SqlSource } from '../read/source.ts';
import { findTable } from '../schema/lookup.ts';
import type { Schema, Table, TableId, View } from '../schema/schema.ts';
import { create, type Lowering, probeAll } from './lower/state.ts';
import { expressionSql, relationName } from './lower/table.ts';
import { quoted } from './lower/type.ts';
import { duckdbInsert } from './seed/insert.ts';
import type { Seed } from './seed.ts';

/** The part of a schema that migrations can touch: the tables and views that they name, and what those stand on. */
export interface Slice {
  readonly tables: readonly Table[];
  readonly views: readonly View[];
}

/** Cuts the slice for migrations out of a finished schema. Names in their text count, whatever they stand for. */
export function sliceFor(schema: Schema, sources: readonly SqlSource[]): Slice {
  const words = new Set<string>();
  const wanted = new Set<TableId>();
  for (const source of sources)
    for (const statement of source.statements) {
      for (const use of statement.uses) add(findTable(schema, use.table));
      for (const operation of statement.operations)
        if ('table' in operation) add(findTable(schema, operation.table));
      for (const [word] of statement.text.matchAll(/[A-Za-z_][\w$]*/g)) words.add(word.toLowerCase());
    }
  const views = [...schema.views.values()].filter((view) => words.has(view.name.toLowerCase()));
  for (const view of views) for (const id of view.dependsOn) wanted.add(id);
  for (const table of [...schema.tables.values()])
    for (const constraint of table.constraints)
      if (constraint.kind === 'foreign key' && (wanted.has(table.id) || wanted.has(constraint.refTableId))) {
        wanted.add(table.id);
        wanted.add(constraint.refTableId);
      }
  const tables = [...wanted].flatMap((id) => schema.tables.get(id) ?? []);
  return { tables: tables.sort((a, b) => a.id - b.id), views };

  function add(table: Table | undefined): void {
    if (table) wanted.add(table.id);
  }
}

/** Builds a slice in the empty scratch database. */
export async function buildSlice(lowering: Lowering, slice: Slice): Promise<void> {
  const { schema, scratch } = lowering;
  for (const type of schema.types.values())
    if (isNamed(slice, type.name)) await scratch.run([`CREATE TYPE ${quoted(type.name)} AS VARCHAR`]);
  for (const table of schema.tables.values())
    if (!slice.tables.includes(table)) lowering.absent.set(table.id, 'it is not part of the slice');
  for (const table of slice.tables) {
    await create(lowering, table);
    lowering.sliced.add(table.id);
  }
  for (const view of slice.views)
    await scratch.run([
      `CREATE OR REPLACE VIEW ${relationName(view)} AS ${expressionSql(view.query, schema.dialect)}`,
    ]);
}

/** Puts seeded rows into the tables of a slice. Where DuckDB or one of the checks does not take them, a table stays empty. */
export async function plant(lowering: Lowering, slice: Slice, seed: Seed): Promise<void> {
  for (const seeded of seed.tables) {
    const { table } = seeded;
    if (!slice.tables.includes(table) || lowering.absent.has(table.id) || seeded.rows.length === 0) continue;
    const { failed } = await lowering.scratch.run([duckdbInsert(seeded, lowering.schema)]);
    if (failed) continue;
    lowering.filled.add(table.id);
    if (!seeded.sure && (await probeAll(lowering, table))?.word === 'failed')
      await lowering.scratch.run([`DELETE FROM ${relationName(table)}`]);
  }
}

function isNamed(slice: Slice, type: string): boolean {
  return slice.tables.some((table) =>
    table.columns.some((column) => column.type.name === type || column.default?.includes(type)),
  );
}
