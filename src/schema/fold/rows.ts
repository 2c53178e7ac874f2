import type { Operation } from '../operation.ts';
import type { Column, Table } from '../schema.ts';
import type { Draft } from './draft.ts';
import { current, findColumn, findRelation, findTableIn, isSystem, needTable } from './find.ts';
import { checkLiteral } from './literal.ts';
import { Refusal } from './refusal.ts';

type Write = Extract<Operation, { kind: 'write-rows' }>;

/** The table and columns that INSERT, UPDATE, DELETE, MERGE, TRUNCATE or COPY write; undefined for a view or a catalog. */
export function needWritable(
  draft: Draft,
  operation: Write,
): { readonly table: Table; readonly columns: readonly Column[] } | undefined {
  const found = findRelation(draft, operation.table);
  if (!found && isSystem(operation.table)) return undefined;
  if (found?.relation.kind === 'view' && operation.verb !== 'truncate') {
    const view = draft.views.get(found.key);
    if (view?.materialized)
      throw new Refusal('wrong kind', `cannot change materialized view "${view.name}"`, [view.name]);
    return undefined;
  }
  const table = needTable(draft, operation.table, 'table');
  needTruncatable(draft, table, operation);
  const unknown = table.columns.length === 0 && draft.tainted.has(table.name.toLowerCase());
  const columns = operation.columns.flatMap((name) => {
    const column = findColumn(draft, table, name);
    if (column || unknown) return column ?? [];
    const message = `column "${name}" of relation "${table.name}" does not exist`;
    throw new Refusal('no such column', message, [table.name]);
  });
  for (const { column: name, value } of operation.literals ?? []) {
    const column = findColumn(draft, table, name);
    if (column) checkLiteral(draft, column.type, value);
  }
  return { table, columns };
}

/** TRUNCATE leaves out the checks of foreign keys, so the children must go along, whether they have rows or not. */
function needTruncatable(draft: Draft, table: Table, { verb, cascade, alongWith = [] }: Write): void {
  if (verb !== 'truncate' || cascade || draft.dialect !== 'postgres') return;
  const along = new Set(alongWith.map((name) => findTableIn(draft, name)?.id));
  for (const id of draft.referencedBy.get(table.id) ?? [])
    if (id !== table.id && !along.has(id)) {
      const message = `cannot truncate a table referenced in a foreign key constraint: table "${current(draft, id).name}" references "${table.name}"`;
      throw new Refusal('still referenced', message, [table.name, current(draft, id).name]);
    }
}
