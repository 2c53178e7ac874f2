import type { Span } from '../../change/span.ts';
import { findTable, mindsCase, tableName } from '../../schema/lookup.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import { lastOperationOn } from '../removed-by.ts';
import type { Folded } from './fold-on.ts';
import type { NewUse } from './open-change.ts';

/** What code said before a change and cannot say after it. */
export interface Taken {
  readonly name: string;
  readonly renamedTo?: string;
  readonly span: Span;
}

/** Finds what migrations take away of that which code uses, by the names that stood before them. */
export function openTaken(base: Schema, { schema, steps }: Folded): (use: NewUse) => Taken | undefined {
  return ({ table: name, column: columnName }) => {
    const table = findTable(base, name);
    const now = table && schema.tables.get(table.id);
    if (!table || now === table || stillThere(schema, table, columnName)) return undefined;
    const column = columnNamed(table, columnName, base);
    const place = (columnId?: number) => lastOperationOn(steps.flat(), table.id, columnId);
    const [before, after] = [tableName(table), now && tableName(now)];
    if (before !== after) {
      const span = place();
      return span && { name: before, ...(after === undefined ? {} : { renamedTo: after }), span };
    }
    if (!column || !now) return undefined;
    const to = now.columns.find(({ id }) => id === column.id)?.name;
    const span = place(column.id);
    const renamed = to === undefined ? {} : { renamedTo: `${after}.${to}` };
    return span && { name: `${before}.${column.name}`, ...renamed, span };
  };
}

/** Something of that name is there: made anew, or a view that keeps the old name working. */
function stillThere(schema: Schema, { schema: home, name }: Table, columnName: string | undefined): boolean {
  if (schema.views.has(`${home}.${name}`)) return true;
  const found = findTable(schema, { schema: home, name });
  return (
    found !== undefined && (columnName === undefined || columnNamed(found, columnName, schema) !== undefined)
  );
}

function columnNamed({ columns }: Table, name: string | undefined, { dialect }: Schema) {
  const fold = (text: string) => (mindsCase(dialect) ? text : text.toLowerCase());
  return name === undefined ? undefined : columns.find((one) => fold(one.name) === fold(name));
}
