import type { Applied } from '../applied.ts';
import { typeText } from '../name.ts';
import type { OperationBody } from '../operation.ts';
import type { Column, Table } from '../schema.ts';
import { columnDefinition } from './definition.ts';
import { isSameExpression } from './expression.ts';
import { about, nameOf } from './said.ts';

/** Columns of a table that both sides have. One that is computed otherwise is another column: its values are made anew. */
export function compareColumns(base: Table, table: Table, lost: Applied[], made: Applied[]): void {
  for (const column of base.columns) {
    const now = table.columns.find((one) => one.id === column.id);
    if (now && isSameSource(column, now)) continue;
    const body = { kind: 'drop-column', table: nameOf(table), column: column.name, cascade: false } as const;
    lost.push(about(table, body, column.span, { columns: [column] }));
  }
  for (const column of table.columns) {
    const former = base.columns.find((one) => one.id === column.id);
    const bodies: readonly OperationBody[] =
      former && isSameSource(former, column)
        ? changes(table, former, column)
        : [{ kind: 'add-column', table: nameOf(table), column: columnDefinition(column) }];
    for (const body of bodies) made.push(about(table, body, column.span, { columns: [column] }));
  }
}

/** Whether the values come from the same source; a column that is computed no longer keeps those that it has. */
function isSameSource(base: Column, head: Column): boolean {
  return head.generated === undefined || isSameExpression(base.generated, head.generated);
}

function changes(of: Table, base: Column, head: Column): readonly OperationBody[] {
  const table = nameOf(of);
  const column = head.name;
  const bodies: OperationBody[] = [];
  if (base.name !== column) bodies.push({ kind: 'rename-column', table, column: base.name, to: column });
  if (typeText(base.type) !== typeText(head.type))
    bodies.push({ kind: 'alter-type', table, column, type: head.type });
  if (base.nullable !== head.nullable)
    bodies.push({ kind: head.nullable ? 'drop-not-null' : 'set-not-null', table, column });
  if (!isSameExpression(base.default, head.default))
    bodies.push(
      head.default === undefined
        ? { kind: 'drop-default', table, column }
        : { kind: 'set-default', table, column, expression: head.default },
    );
  if (base.generated !== undefined && head.generated === undefined)
    bodies.push({ kind: 'drop-generated', table, column });
  if (base.identity !== head.identity) {
    const { identity } = head;
    if (identity === undefined) bodies.push({ kind: 'drop-identity', table, column });
    else bodies.push({ kind: base.identity ? 'set-identity' : 'add-identity', table, column, identity });
  }
  return bodies;
}
