import { type TypeName, typeText } from '../name.ts';
import type { ConstraintDefinition } from '../operation.ts';
import type { Column, Constraint, Table } from '../schema.ts';
import { cannotReference } from './cast.ts';
import { baseOf } from './constraint.ts';
import { type Draft, setTable } from './draft.ts';
import { childrenOf, findColumn, findRelation, needTable } from './find.ts';
import { constraintName, joinedColumns } from './generated-name.ts';
import { keyIndexOf } from './key.ts';
import { Refusal } from './refusal.ts';

type Definition = Extract<ConstraintDefinition, { kind: 'foreign key' }>;

/** Adds a foreign key, to partitions too; refuses what PostgreSQL refuses before it looks at rows. */
export function addForeignKey(draft: Draft, table: Table, definition: Definition): Constraint {
  const parent = needParent(draft, definition);
  if (parent.temporary !== table.temporary) {
    const kind = table.temporary ? 'temporary' : 'permanent';
    throw invalid(`constraints on ${kind} tables may reference only ${kind} tables`, [
      table.name,
      parent.name,
    ]);
  }
  const columns = definition.columns.map((name) => fkColumn(draft, table, name));
  const refColumns = referenced(draft, parent, definition);
  if (refColumns.length !== columns.length)
    throw invalid('number of referencing and referenced columns for foreign key disagree', [
      table.name,
      parent.name,
    ]);
  const key = keyIndexOf(
    parent,
    refColumns.map((column) => column.name),
  );
  if (!key)
    throw new Refusal(
      'no matching key',
      `there is no unique constraint matching given keys for referenced table "${parent.name}"`,
      [parent.name],
    );
  if (parent.constraints.some((one) => one.name === key.constraintName && one.deferrable))
    throw invalid(`cannot use a deferrable unique constraint for referenced table "${parent.name}"`, [
      parent.name,
    ]);
  const parts = { table: table.name, columns: joinedColumns(columns.map(({ name }) => name)), label: 'fkey' };
  const name = definition.name ?? constraintName(draft, table.schema, parts);
  needSameKind(draft, name, { table, columns }, { table: parent, columns: refColumns });
  const { onDelete, onUpdate, notValid } = definition;
  const constraint: Constraint = {
    ...baseOf(definition, name),
    kind: 'foreign key',
    columns: columns.map((column) => column.name),
    refTableId: parent.id,
    refColumns: refColumns.map((column) => column.name),
    onDelete,
    onUpdate,
    validated: !notValid,
  };
  setTable(draft, table.id, { ...table, constraints: [...table.constraints, constraint] });
  if (table.partitionBy)
    for (const child of childrenOf(draft, table))
      if (!child.constraints.some((one) => one.name === name))
        addForeignKey(draft, child, { ...definition, name });
  return constraint;
}

function invalid(message: string, about: readonly string[]): Refusal {
  return new Refusal('invalid definition', message, about);
}

function needParent(draft: Draft, { refTable }: Definition): Table {
  const found = findRelation(draft, refTable);
  if (found && found.relation.kind !== 'table')
    throw new Refusal('wrong kind', `referenced relation "${refTable.name}" is not a table`, [refTable.name]);
  return needTable(draft, refTable);
}

function fkColumn(draft: Draft, table: Table, name: string): Column {
  const column = findColumn(draft, table, name);
  if (column) return column;
  const message = `column "${name}" referenced in foreign key constraint does not exist`;
  throw new Refusal('no such column', message, [table.name]);
}

/** The parent's columns: those written, or its primary key. */
function referenced(draft: Draft, parent: Table, { refColumns }: Definition): readonly Column[] {
  if (refColumns.length > 0) {
    if (new Set(refColumns).size < refColumns.length)
      throw invalid('foreign key referenced-columns list must not contain duplicates', [parent.name]);
    return refColumns.map((name) => fkColumn(draft, parent, name));
  }
  const primary = parent.constraints.find((one) => one.kind === 'primary key');
  if (!primary)
    throw new Refusal('no matching key', `there is no primary key for referenced table "${parent.name}"`, [
      parent.name,
    ]);
  return primary.columns.map((name) => fkColumn(draft, parent, name));
}

interface Side {
  readonly table: Table;
  readonly columns: readonly { readonly name: string; readonly type: TypeName }[];
}

/** Refuses a foreign key whose columns no operator of the key's index can compare. */
export function needSameKind(draft: Draft, name: string, from: Side, to: Side): void {
  if (draft.dialect !== 'postgres') return;
  for (const [i, column] of from.columns.entries()) {
    const other = to.columns[i];
    if (!other || !cannotReference(draft, column.type, other.type)) continue;
    const types = `"${column.name}" is ${typeText(column.type)}, "${other.name}" is ${typeText(other.type)}`;
    throw invalid(`foreign key constraint "${name}" cannot be implemented: ${types}`, [
      from.table.name,
      to.table.name,
    ]);
  }
}
