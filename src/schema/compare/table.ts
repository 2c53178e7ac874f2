import type { Applied } from '../applied.ts';
import type { Schema, Table } from '../schema.ts';
import { compareColumns } from './column.ts';
import { tableDefinition } from './definition.ts';
import { compareParts } from './part.ts';
import { about, nameOf } from './said.ts';

/** Tables with everything that is theirs. */
export function compareTables(base: Schema, head: Schema, lost: Applied[], made: Applied[]): void {
  for (const table of base.tables.values())
    if (!head.tables.has(table.id)) {
      const { span, columns } = table;
      lost.push(
        about(table, { kind: 'drop-table', table: nameOf(table), cascade: false }, span, { columns }),
      );
    }
  for (const table of head.tables.values()) {
    const former = base.tables.get(table.id);
    if (!former || !isSameKind(former, table)) {
      const { span, columns } = table;
      made.push(about(table, tableDefinition(head, table), span, { columns }));
    }
    if (!former) continue;
    compareTable(head, former, table, lost, made);
    compareTriggers(base, head, table, lost, made);
  }
}

/** Columns, constraints and indexes of a table that both sides have. */
export function compareTable(
  head: Schema,
  base: Table,
  table: Table,
  lost: Applied[],
  made: Applied[],
): void {
  compareColumns(base, table, lost, made);
  compareParts(head, base, table, lost, made);
}

/** Whether both are the same kind of table: partitioned alike, and below the same parent. */
function isSameKind(a: Table, b: Table): boolean {
  const kind = ({ kind, parentId, partitionBy, temporary }: Table) =>
    JSON.stringify([kind, parentId, partitionBy, temporary === true]);
  return kind(a) === kind(b);
}

function compareTriggers(base: Schema, head: Schema, table: Table, lost: Applied[], made: Applied[]): void {
  const before = base.triggers.get(table.id) ?? [];
  const after = head.triggers.get(table.id) ?? [];
  for (const { name, span } of before)
    if (!after.some((one) => one.name === name))
      lost.push(
        about(table, { kind: 'drop-trigger', table: nameOf(table), name, cascade: false }, span, {
          objectName: name,
        }),
      );
  for (const { name, events, function: called, span } of after) {
    const former = before.find((one) => one.name === name);
    if (former?.function === called && former.events.join() === events.join()) continue;
    const body = {
      kind: 'create-trigger',
      table: nameOf(table),
      name,
      replace: former !== undefined,
      events,
    } as const;
    made.push(about(table, { ...body, function: { name: called } }, span, { objectName: name }));
  }
}
