import type { Schema, Table } from '../../schema/schema.ts';
import { nameSql } from '../../schema/sql/names.ts';
import type { ModelColumn } from '../query.ts';
import type { Difference } from './difference.ts';

/** Labels that one side of an enum lacks. Each type is told once, at the first table that has a column of it: `told` keeps which. */
export function compareEnums(
  schema: Schema,
  table: Table,
  declared: readonly ModelColumn[],
  told: Set<string>,
): readonly Difference[] {
  return declared.flatMap(({ column: name, stored, span }): readonly Difference[] => {
    const column = table.columns.find((one) => one.name === name);
    if (!column || !stored?.labels) return [];
    const { type } = column;
    const own = [...schema.types.values()].find(
      (one) => one.kind === 'enum' && one.name === type.name && (!type.schema || one.schema === type.schema),
    );
    const labels = own?.labels ?? (type.name === 'enum' ? type.arguments.map(unquoted) : undefined);
    const key = own ? `${own.schema}.${own.name}` : `${table.id}.${name}`;
    if (!labels || told.has(key)) return [];
    told.add(key);
    const what = own?.name ?? name;
    const of = (label: string) => `'${label.replaceAll("'", "''")}'`;
    const base = { kind: 'enum' as const, columns: [column.name], object: what, span };
    const added = stored.labels.filter((label) => !labels.includes(label));
    const gone = labels.filter((label) => !stored.labels?.includes(label));
    return [
      ...added.map((label) => ({
        ...base,
        only: 'model' as const,
        change: `add ${of(label)} to the values of ${what}`,
        ...(own ? { statement: `ALTER TYPE ${nameSql(schema, own)} ADD VALUE ${of(label)};` } : {}),
      })),
      ...gone.map((label) => ({
        ...base,
        only: 'migrations' as const,
        change: `take ${of(label)} from the values of ${what}`,
      })),
    ];
  });
}

function unquoted(text: string): string {
  return text.replace(/^'|'$/g, '').replaceAll("''", "'");
}
