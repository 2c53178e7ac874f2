import { toMermaid } from '../../schema/document/mermaid.ts';
import type { Column, Schema, Table, TableId } from '../../schema/schema.ts';
import type { SchemaChange } from '../schema-change.ts';
import { code, codeBlock } from './escape.ts';

/** More than that is no picture any more. */
const MOST_TABLES = 12;
const MOST_COLUMNS = 12;
const MOST_NAMES = 20;

/**
 * The tables that a change makes or alters as a diagram, with the parents that they refer to, and what the diagram leaves
 * out in words. Undefined where no table changes.
 */
export function changedTables(change: SchemaChange): string | undefined {
  const tables = change.tables.flatMap((id) => change.schema.tables.get(id) ?? []);
  const drawn = tables.filter(({ kind, temporary }) => kind === 'table' && !temporary).slice(0, MOST_TABLES);
  if (drawn.length === 0 && change.dropped.length === 0) return undefined;
  const cut = drawn.map((table) => withFewColumns(table, change.columns));
  const parts = [
    ...(drawn.length > 0 ? [codeBlock(toMermaid({ schema: partOf(change.schema, cut) }), 'mermaid')] : []),
    ...leftOut(tables.length - drawn.length, cut, drawn),
    ...dropped(change.dropped),
  ];
  return parts.join('\n\n');
}

function dropped(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return [`Dropped: ${names.slice(0, MOST_NAMES).map(code).join(', ')}${more}.`];
}

function leftOut(tables: number, cut: readonly Table[], whole: readonly Table[]): readonly string[] {
  const columns = whole.reduce((sum, table, at) => sum + table.columns.length - cut[at]!.columns.length, 0);
  const said = [
    ...(tables > 0 ? [`${tables} more tables`] : []),
    ...(columns > 0 ? [`${columns} more columns of these`] : []),
  ];
  return said.length > 0 ? [`Not drawn: ${said.join(', ')}.`] : [];
}

/** Columns that the change concerns and keys come first where there is no room for all; they stay in their order. */
function withFewColumns(table: Table, changed: ReadonlySet<number>): Table {
  const keys = new Set(
    table.constraints.flatMap((one) =>
      one.kind === 'primary key' || one.kind === 'foreign key' ? one.columns : [],
    ),
  );
  const weight = (column: Column): number =>
    (changed.has(column.id) ? 2 : 0) + (keys.has(column.name) ? 1 : 0);
  const kept = new Set(table.columns.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_COLUMNS));
  return { ...table, columns: table.columns.filter((column) => kept.has(column)) };
}

/** Parents that are not drawn themselves stand there by name alone. */
function partOf(schema: Schema, drawn: readonly Table[]): Schema {
  const tables = new Map<TableId, Table>(drawn.map((table) => [table.id, table]));
  for (const { constraints } of drawn)
    for (const key of constraints) {
      const parent = key.kind === 'foreign key' ? schema.tables.get(key.refTableId) : undefined;
      if (parent && !tables.has(parent.id))
        tables.set(parent.id, { ...parent, columns: [], constraints: [], indexes: [] });
    }
  return { ...schema, tables };
}
