import type { ConstraintDefinition } from '../operation.ts';
import type { Constraint, Index, Table } from '../schema.ts';
import { markNotNull } from './column.ts';
import { baseOf, indexBehind } from './constraint.ts';
import { type Draft, keyOf, setTable } from './draft.ts';
import { childrenOf, current, findColumn, needFree, sameName } from './find.ts';
import { joinedColumns, relationName } from './generated-name.ts';
import { needIndexable } from './operator-class.ts';
import { Refusal } from './refusal.ts';

/** A PRIMARY KEY or UNIQUE as a statement declares it. */
export type KeyDefinition = ConstraintDefinition & { readonly kind: 'primary key' | 'unique' };

/** Adds a primary key or unique constraint and the index behind it; partitions get their own. */
export function addKey(draft: Draft, table: Table, definition: KeyDefinition): Constraint {
  const primary = definition.kind === 'primary key';
  if (primary && table.constraints.some((one) => one.kind === 'primary key'))
    throw new Refusal(
      'second primary key',
      `multiple primary keys for table "${table.name}" are not allowed`,
      [table.name],
    );
  if (definition.usingIndex !== undefined) return takeOver(draft, table, definition, definition.usingIndex);
  const columns = keyColumns(draft, table, definition);
  const include = definition.include ?? [];
  needPartitionColumns(table, columns);
  const label = primary ? 'pkey' : 'key';
  const name = keyName(draft, table, definition.name, primary ? [] : [...columns, ...include], label);
  const nulls = definition.nullsNotDistinct ? { nullsNotDistinct: true } : {};
  const constraint: Constraint = { ...baseOf(definition, name), columns, kind: definition.kind, ...nulls };
  const index: Index = { ...indexBehind(constraint, true, 'btree'), include, ...nulls };
  const constraints = [...table.constraints, constraint];
  setTable(draft, table.id, { ...table, constraints, indexes: [...table.indexes, index] });
  if (primary) markNotNull(draft, table.id, columns);
  if (table.partitionBy) shareKey(draft, table, definition, columns);
  return constraint;
}

/** What a table with the like of another table's key declares, but for its name. */
export function keyLike(
  table: Table,
  key: Constraint & { readonly kind: KeyDefinition['kind'] },
): Omit<KeyDefinition, 'span'> {
  const { kind, columns, deferrable, nullsNotDistinct } = key;
  const include = table.indexes.find((one) => one.constraintName === key.name)?.include ?? [];
  return {
    kind,
    columns,
    include,
    ...(deferrable && { deferrable }),
    ...(nullsNotDistinct && { nullsNotDistinct }),
  };
}

function keyColumns(draft: Draft, table: Table, definition: KeyDefinition): readonly string[] {
  const found: string[] = [];
  for (const written of [...definition.columns, ...(definition.include ?? [])]) {
    const column = findColumn(draft, table, written);
    if (!column)
      throw new Refusal('no such column', `column "${written}" named in key does not exist`, [table.name]);
    if (found.length >= definition.columns.length) continue;
    if (found.includes(column.name)) {
      const message = `column "${written}" appears twice in ${definition.kind} constraint`;
      throw new Refusal('invalid definition', message, [table.name]);
    }
    needIndexable(draft, column.type, 'btree');
    found.push(column.name);
  }
  return found;
}

function shareKey(draft: Draft, table: Table, definition: KeyDefinition, columns: readonly string[]): void {
  const { kind, include, nullsNotDistinct, span } = definition;
  for (const child of childrenOf(draft, table)) {
    const same = child.constraints.some(
      (one) => one.kind === kind && one.columns.join('\0') === columns.join('\0'),
    );
    if (!same) addKey(draft, child, { kind, columns, include, nullsNotDistinct, span });
  }
}

/** A key of a partitioned table must hold the columns that it is partitioned by. */
export function needPartitionColumns(table: Table, columns: readonly (string | undefined)[]): void {
  const lacking = table.partitionBy?.columns.find((column) => !columns.includes(column));
  if (lacking !== undefined)
    throw new Refusal(
      'invalid definition',
      `unique constraint on partitioned table must include all partitioning columns: "${lacking}" is missing`,
      [table.name],
    );
}

/** The name of a constraint with an index: the one that was given, if it is free, else a generated one. */
export function keyName(
  draft: Draft,
  table: Table,
  given: string | undefined,
  columns: readonly string[],
  label: string,
): string {
  if (given !== undefined) {
    needFree(draft, table.schema, given);
    return given;
  }
  const parts = { table: table.name, columns: joinedColumns(columns), label, constraint: true };
  return relationName(draft, table.schema, parts);
}

/** ADD CONSTRAINT … USING INDEX: the index becomes the constraint's and takes its name. */
function takeOver(draft: Draft, table: Table, definition: KeyDefinition, from: string): Constraint {
  const index = table.indexes.find((one) => sameName(draft, one.name, from));
  const refuse = (message: string) => new Refusal('invalid definition', message, [from, table.name]);
  if (!index) {
    if (draft.relations.has(keyOf(draft, table.schema, from)))
      throw refuse(`index "${from}" does not belong to table "${table.name}"`);
    throw new Refusal('no such index', `index "${from}" does not exist`, [from, table.name]);
  }
  if (index.constraintName !== undefined)
    throw refuse(`index "${from}" is already associated with a constraint`);
  if (!index.valid) throw refuse(`index "${from}" is not valid`);
  if (!index.unique) throw refuse(`"${from}" is not a unique index`);
  if (index.expressions.length > 0) throw refuse(`index "${from}" contains expressions`);
  if (index.predicate !== undefined) throw refuse(`"${from}" is a partial index`);
  const name = definition.name ?? from;
  if (name !== from) needFree(draft, table.schema, name);
  const columns = index.columns.flatMap((column) => column ?? []);
  const constraint: Constraint = { ...baseOf(definition, name), columns, kind: definition.kind };
  const taken: Index = { ...index, name, constraintName: name, madeBy: 'constraint' };
  const indexes = table.indexes.map((one) => (one === index ? taken : one));
  setTable(draft, table.id, { ...table, constraints: [...table.constraints, constraint], indexes });
  if (definition.kind === 'primary key') markNotNull(draft, table.id, columns);
  return constraint;
}

/** The index that a foreign key to these columns hangs on: the first that is unique, valid and whole, in any order. */
export function keyIndexOf(table: Table, columns: readonly string[]): Index | undefined {
  return table.indexes.find(
    (index) =>
      index.unique &&
      index.valid &&
      index.predicate === undefined &&
      index.columns.length === columns.length &&
      columns.every((column) => index.columns.includes(column)),
  );
}

/** Foreign keys that hang on a table's index, with the tables that they are of. */
export function hangingOn(
  draft: Draft,
  table: Table,
  index: Index,
): readonly { readonly table: Table; readonly constraint: Constraint }[] {
  if (!index.unique) return [];
  return [...(draft.referencedBy.get(table.id) ?? [])].flatMap((id) => {
    const child = current(draft, id);
    return child.constraints.flatMap((constraint) => {
      const hangs =
        constraint.kind === 'foreign key' &&
        constraint.refTableId === table.id &&
        keyIndexOf(table, constraint.refColumns) === index;
      return hangs ? [{ table: child, constraint }] : [];
    });
  });
}
