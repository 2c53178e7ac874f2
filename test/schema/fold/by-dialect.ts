import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import type { Applied } from '../../../src/schema/applied.ts';
import { emptySchema, openFold } from '../../../src/schema/fold.ts';
import { typeText } from '../../../src/schema/name.ts';
import type { Dialect, Table } from '../../../src/schema/schema.ts';

/** Folds files of one dialect, one after the other. */
export async function folded(dialect: Dialect, ...files: readonly string[]) {
  await loadSqlReader(dialect);
  const fold = openFold(emptySchema('m', dialect));
  const applied: Applied[] = [];
  for (const [i, text] of files.entries())
    for (const { operations } of readSql(`${i + 1}.sql`, text, dialect).statements)
      for (const operation of operations) applied.push(fold.apply(operation));
  const schema = fold.snapshot();
  return {
    schema,
    applied,
    errors: applied.flatMap((one) => one.error?.message ?? []),
    table: (name: string) => {
      const table = [...schema.tables.values()].find((one) => one.name === name);
      if (!table) throw new Error(`no table ${name}`);
      return table;
    },
  };
}

/** A table's columns as one would write them. */
export function columnsOf(table: Table): readonly string[] {
  return table.columns.map(({ name, type, nullable, default: value }) =>
    [name, typeText(type), nullable ? '' : 'NOT NULL', value === undefined ? '' : `DEFAULT ${value}`]
      .filter(Boolean)
      .join(' '),
  );
}
