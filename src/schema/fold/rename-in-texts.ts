import type { Column, Constraint, Index, Table } from '../schema.ts';
import { renameInText, renameQualifier } from './expression.ts';

type Texts = Pick<Table, 'columns' | 'constraints' | 'indexes'>;

/** What a table holds as text (CHECKs, generated columns, keys and conditions of indexes), with each text changed. */
function withTexts(table: Texts, change: (text: string) => string): Texts {
  return {
    columns: table.columns.map((column): Column => {
      const generated = column.generated === undefined ? undefined : change(column.generated);
      return generated === undefined || generated === column.generated ? column : { ...column, generated };
    }),
    constraints: table.constraints.map(
      (one): Constraint => ('expression' in one ? { ...one, expression: change(one.expression) } : one),
    ),
    indexes: table.indexes.map(
      (index): Index => ({
        ...index,
        expressions: index.expressions.map(change),
        ...(index.predicate === undefined ? {} : { predicate: change(index.predicate) }),
      }),
    ),
  };
}

/** A column has another name in the texts of its table. */
export function renameColumnInTexts(table: Table, from: string, to: string): Texts {
  return withTexts(table, (text) => renameInText(text, from, to));
}

/** A table has another name where its own texts put it before a column's: `CHECK ("old"."total" > 0)`. */
export function renameTableInTexts(table: Table, to: string): Texts {
  return withTexts(table, (text) => renameQualifier(text, table.name, to));
}
