import type { ConstraintDefinition } from '../../operation.ts';
import type { Constraint, Index, Table } from '../../schema.ts';
import { bindDangling, NO_TABLE } from '../dangling.ts';
import { type Draft, setTable } from '../draft.ts';
import { current, findColumn, findTableIn } from '../find.ts';
import { Refusal } from '../refusal.ts';
import { needColumn } from './need.ts';

type Of<Kind extends ConstraintDefinition['kind']> = Extract<ConstraintDefinition, { kind: Kind }>;

/** Adds a constraint as CREATE TABLE and ADD COLUMN write it. Names need not differ, and most have none. */
export function addConstraint(
  draft: Draft,
  id: number,
  definition: ConstraintDefinition,
  options: readonly string[] = [],
): void {
  const table = current(draft, id);
  switch (definition.kind) {
    case 'primary key':
    case 'unique':
      addKey(draft, table, definition, options);
      return;
    case 'foreign key':
      addForeignKey(draft, table, definition);
      return;
    case 'check': {
      const columns = definition.columns.flatMap((name) => findColumn(draft, table, name)?.name ?? []);
      const { expression, span } = definition;
      const name = freeName(table, definition.name ?? `${table.name}_${columns.join('_')}_check`);
      push(draft, table, { kind: 'check', name, columns, expression, validated: true, span });
      return;
    }
    case 'exclude':
      return;
  }
}

function push(draft: Draft, table: Table, constraint: Constraint, index?: Index): void {
  const constraints = [...table.constraints, constraint];
  setTable(draft, table.id, {
    ...table,
    constraints,
    ...(index ? { indexes: [...table.indexes, index] } : {}),
  });
}

/** A name within the table that no other constraint has: facts and indexes refer to it. */
function freeName(table: Table, wanted: string): string {
  for (let pass = 1; ; pass++) {
    const name = pass === 1 ? wanted : `${wanted}_${pass}`;
    if (!table.constraints.some((one) => one.name === name)) return name;
  }
}

function addKey(
  draft: Draft,
  table: Table,
  definition: Of<'primary key' | 'unique'>,
  options: readonly string[],
): void {
  if (definition.kind === 'primary key' && table.constraints.some((one) => one.kind === 'primary key'))
    throw new Refusal('invalid definition', `table "${table.name}" has more than one primary key`, [
      table.name,
    ]);
  const columns = definition.columns.map((name) => needColumn(draft, table, name).name);
  const twin = table.indexes.find((one) => one.unique && one.columns.join('\0') === columns.join('\0'));
  const number = table.indexes.filter((one) => one.madeBy === 'constraint').length + 1;
  const auto = `sqlite_autoindex_${table.name}_${number}`;
  const name = freeName(
    table,
    definition.name ?? `${table.name}_${columns.join('_')}_${definition.kind === 'unique' ? 'key' : 'pkey'}`,
  );
  const { kind, span } = definition;
  const constraint: Constraint = { kind, name, columns, validated: true, span };
  const index: Index = {
    ...{ name: auto, columns, expressions: [], dependsOn: [], include: [], method: 'btree' },
    ...{ unique: true, valid: true, constraintName: name, madeBy: 'constraint', span },
  };
  const bare =
    isRowid(table, constraint, options) || (twin !== undefined && !options.includes('without rowid'));
  push(draft, table, constraint, bare ? undefined : index);
}

/** INTEGER PRIMARY KEY, exactly so, stands for the rowid and needs no index. */
export function isRowid(table: Table, key: Constraint, options: readonly string[]): boolean {
  const column = table.columns.find((one) => one.name === key.columns[0]);
  return (
    key.kind === 'primary key' &&
    key.columns.length === 1 &&
    column?.type.name === 'integer' &&
    column.type.arguments.length === 0 &&
    !options.includes('without rowid')
  );
}

function addForeignKey(draft: Draft, table: Table, definition: Of<'foreign key'>): void {
  const columns = definition.columns.map((name) => {
    const column = findColumn(draft, table, name);
    if (column) return column.name;
    throw new Refusal('no such column', `unknown column "${name}" in foreign key definition`, [table.name]);
  });
  const { refTable, refColumns, onDelete, onUpdate, deferrable, span } = definition;
  if (refColumns.length > 0 && refColumns.length !== columns.length) {
    const message =
      'number of columns in foreign key does not match the number of columns in the referenced table';
    throw new Refusal('invalid definition', message, [table.name]);
  }
  const name = freeName(table, definition.name ?? `${table.name}_${columns.join('_')}_fkey`);
  push(draft, table, {
    ...{ kind: 'foreign key', name, columns, refTableId: NO_TABLE, refName: refTable.name, refColumns },
    ...{ onDelete, onUpdate, validated: true, ...(deferrable ? { deferrable } : {}), span },
  });
  const parent = findTableIn(draft, { name: refTable.name });
  if (parent && parent.id !== table.id) bindDangling(draft, parent);
}
