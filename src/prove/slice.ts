import type { SqlSource } from '../read/source.ts';
import { findTable } from '../schema/lookup.ts';
import type { Schema, Table, TableId, View } from '../schema/schema.ts';
import { create, type Lowering, probeAll } from './lower/state.ts';
import { createTableSql, expressionSql, relationName } from './lower/table.ts';
import { quoted } from './lower/type.ts';
import { duckdbInsert } from './seed/insert.ts';
import type { Seed } from './seed.ts';

/** The part of a schema that migrations can touch: the tables and views that they name, and what those stand on. */
export interface Slice {
  readonly tables: readonly Table[];
  readonly views: readonly View[];
}

/**
 * Cuts the slice for migrations out of a finished schema: what they name, whatever the name stands for, the tables that
 * hold made-up rows, and the parents of both, at which a probe of their rows looks.
 */
export function sliceFor(schema: Schema, sources: readonly SqlSource[], seed?: Seed): Slice {
  const words = new Set<string>();
  const wanted = new Set<TableId>(seed?.tables.map(({ table }) => table.id));
  for (const source of sources)
    for (const statement of source.statements) {
      for (const use of statement.uses) add(findTable(schema, use.table));
      for (const operation of statement.operations)
        if ('table' in operation) add(findTable(schema, operation.table));
      for (const [word] of statement.text.matchAll(/[A-Za-z_][\w$]*/g)) words.add(word.toLowerCase());
    }
  const views = [...schema.views.values()].filter((view) => words.has(view.name.toLowerCase()));
  for (const view of views) for (const id of view.dependsOn) wanted.add(id);
  for (const table of schema.tables.values()) if (words.has(table.name.toLowerCase())) add(table);
  for (const id of [...wanted])
    for (const constraint of schema.tables.get(id)?.constraints ?? [])
      if (constraint.kind === 'foreign key') wanted.add(constraint.refTableId);
  const tables = [...wanted].flatMap((id) => schema.tables.get(id) ?? []);
  return { tables: tables.sort((a, b) => a.id - b.id), views };

  function add(table: Table | undefined): void {
    if (table) wanted.add(table.id);
  }
}

/** Builds a slice in the empty scratch database. */
export async function buildSlice(lowering: Lowering, slice: Slice): Promise<void> {
  const { schema, scratch } = lowering;
  const types = [...schema.types.values()].filter((type) => isNamed(slice, type.name));
  await scratch.runEach(types.map((type) => `CREATE TYPE ${quoted(type.name)} AS VARCHAR`));
  const inSlice = new Set(slice.tables);
  for (const table of schema.tables.values())
    if (!inSlice.has(table)) lowering.absent.set(table.id, 'it is not part of the slice');
  const statements = slice.tables.map((table) => createTableSql(table, schema));
  const refused = await scratch.runEach(statements.flat());
  let first = 0;
  for (const [index, table] of slice.tables.entries()) {
    const next = first + (statements[index]?.length ?? 0);
    if (refused.some((at) => at >= first && at < next)) await create(lowering, table);
    lowering.sliced.add(table.id);
    first = next;
  }
  await scratch.runEach(
    slice.views.map(
      (view) =>
        `CREATE OR REPLACE VIEW ${relationName(view)} AS ${expressionSql(view.query, schema.dialect)}`,
    ),
  );
}

/** Puts seeded rows into the tables of a slice. Where DuckDB or one of the checks does not take them, a table stays empty. */
export async function plant(lowering: Lowering, slice: Slice, seed: Seed): Promise<void> {
  for (const seeded of seed.tables) {
    const { table } = seeded;
    const routed = table.partitionBy !== undefined || table.parentId !== undefined;
    if (routed || !slice.tables.includes(table) || lowering.absent.has(table.id) || seeded.rows.length === 0)
      continue;
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
