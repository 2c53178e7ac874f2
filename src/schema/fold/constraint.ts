import type { ConstraintDefinition } from '../operation.ts';
import type { Constraint, Index, Table } from '../schema.ts';
import { type Draft, keyOf, putTable, Refusal } from './draft.ts';
import { findColumn, needColumn, needTable } from './find.ts';
import { clipped, generatedName } from './generated-name.ts';
import { cannotReference } from './type.ts';

/** The table with one more constraint, and that constraint; refuses as PostgreSQL does. */
export function withConstraint(
  draft: Draft,
  table: Table,
  definition: ConstraintDefinition,
): { readonly table: Table; readonly constraint: Constraint } {
  for (const name of definition.columns) needColumn(draft, table, name);
  if (definition.name && table.constraints.some((one) => one.name === definition.name))
    throw new Refusal(
      'already exists',
      `constraint "${definition.name}" for relation "${table.name}" already exists`,
      definition.name,
    );
  switch (definition.kind) {
    case 'primary key':
    case 'unique':
      return withKey(draft, table, definition);
    case 'foreign key':
      return withForeignKey(draft, table, definition);
    case 'check': {
      const one = definition.columns.length === 1 ? (definition.columns[0] ?? '') : '';
      const name = constraintName(table, definition.name, one, 'check');
      const { expression, notValid } = definition;
      return add(table, { ...base(definition, name), kind: 'check', expression, validated: !notValid });
    }
    case 'exclude': {
      const name = indexName(draft, table, definition.name, definition.columns.join('_'), 'excl');
      const { expression, method } = definition;
      const constraint: Constraint = {
        ...base(definition, name),
        kind: 'exclude',
        expression,
        validated: true,
      };
      return {
        table: {
          ...table,
          constraints: [...table.constraints, constraint],
          indexes: [...table.indexes, behind(constraint, false, method)],
        },
        constraint,
      };
    }
  }
}

function base(definition: ConstraintDefinition, name: string) {
  const { columns, span, deferrable } = definition;
  return { name, columns, span, validated: true, ...(deferrable ? { deferrable } : {}) };
}

function add(table: Table, constraint: Constraint) {
  return { table: { ...table, constraints: [...table.constraints, constraint] }, constraint };
}

function constraintName(table: Table, given: string | undefined, columns: string, label: string): string {
  if (given) return clipped(given);
  return generatedName(table.name, columns, label, (name) =>
    table.constraints.some((one) => one.name === name),
  );
}

/** A name in the namespace of relations: refuses one that is taken, chooses one where none is given. */
export function indexName(
  draft: Draft,
  table: Table,
  given: string | undefined,
  columns: string,
  label: string,
): string {
  const own = new Set(table.indexes.map((index) => index.name));
  const taken = (name: string) => own.has(name) || draft.relations.has(keyOf(draft, table.schema, name));
  if (!given) return generatedName(table.name, columns, label, taken);
  const name = clipped(given);
  if (taken(name)) throw new Refusal('already exists', `relation "${name}" already exists`, name);
  return name;
}

function withKey(
  draft: Draft,
  table: Table,
  definition: ConstraintDefinition & { readonly kind: 'primary key' | 'unique' },
) {
  const primary = definition.kind === 'primary key';
  if (primary && table.constraints.some((one) => one.kind === 'primary key'))
    throw new Refusal(
      'invalid definition',
      `multiple primary keys for table "${table.name}" are not allowed`,
      table.name,
    );
  if (definition.usingIndex) return takeOver(table, definition, definition.usingIndex);
  const columns = definition.columns.map((name) => needColumn(draft, table, name).name);
  const name = indexName(
    draft,
    table,
    definition.name,
    primary ? '' : columns.join('_'),
    primary ? 'pkey' : 'key',
  );
  const constraint: Constraint = {
    ...base(definition, name),
    columns,
    kind: definition.kind,
    ...nullsOf(definition),
  };
  const index = {
    ...behind(constraint, true, 'btree'),
    include: definition.include ?? [],
    ...nullsOf(definition),
  };
  const made = {
    ...table,
    constraints: [...table.constraints, constraint],
    indexes: [...table.indexes, index],
  };
  return { table: primary ? notNull(made, columns) : made, constraint };
}

function nullsOf(definition: { readonly nullsNotDistinct?: boolean }) {
  return definition.nullsNotDistinct ? { nullsNotDistinct: true } : {};
}

function notNull(table: Table, columns: readonly string[]): Table {
  const marked = table.columns.map((column) =>
    columns.includes(column.name) ? { ...column, nullable: false } : column,
  );
  return { ...table, columns: marked };
}

/** ADD CONSTRAINT … USING INDEX: the index becomes the constraint's and takes its name. */
function takeOver(
  table: Table,
  definition: ConstraintDefinition & { readonly kind: 'primary key' | 'unique' },
  from: string,
) {
  const index = table.indexes.find((one) => one.name === from);
  if (!index) throw new Refusal('no such index', `index "${from}" does not exist`, from);
  if (!index.unique || index.predicate !== undefined || index.expressions.length > 0)
    throw new Refusal('invalid definition', `"${from}" is not a unique index over plain columns`, from);
  const name = clipped(definition.name ?? from);
  const columns = index.columns.flatMap((column) => column ?? []);
  const constraint: Constraint = { ...base(definition, name), columns, kind: definition.kind };
  const indexes = table.indexes.map((one) =>
    one === index ? { ...one, name, constraintName: name, madeBy: 'constraint' as const } : one,
  );
  const made = { ...table, constraints: [...table.constraints, constraint], indexes };
  return { table: definition.kind === 'primary key' ? notNull(made, columns) : made, constraint };
}

/** The index that stands behind a constraint. */
function behind(constraint: Constraint, unique: boolean, method: string): Index {
  const { name, columns, span } = constraint;
  return {
    name,
    columns,
    expressions: [],
    dependsOn: [],
    include: [],
    method,
    unique,
    valid: true,
    constraintName: name,
    madeBy: 'constraint',
    span,
  };
}

function withForeignKey(
  draft: Draft,
  table: Table,
  definition: ConstraintDefinition & { readonly kind: 'foreign key' },
) {
  const self =
    definition.refTable.name === table.name && (definition.refTable.schema ?? table.schema) === table.schema;
  const parent = self ? table : needTable(draft, definition.refTable);
  const primary = parent.constraints.find((one) => one.kind === 'primary key');
  const refColumns = definition.refColumns.length > 0 ? definition.refColumns : (primary?.columns ?? []);
  if (refColumns.length === 0)
    throw new Refusal(
      'no matching key',
      `there is no primary key for referenced table "${parent.name}"`,
      parent.name,
    );
  if (refColumns.length !== definition.columns.length)
    throw new Refusal(
      'invalid definition',
      'number of referencing and referenced columns for foreign key disagree',
      table.name,
    );
  for (const name of refColumns)
    if (!findColumn(draft, parent, name))
      throw new Refusal(
        'no such column',
        `column "${name}" referenced in foreign key constraint does not exist`,
        name,
        parent.name,
      );
  if (!hasKey(parent, refColumns))
    throw new Refusal(
      'no matching key',
      `there is no unique constraint matching given keys for referenced table "${parent.name}"`,
      parent.name,
    );
  const name = constraintName(table, definition.name, definition.columns.join('_'), 'fkey');
  for (const [i, column] of definition.columns.entries()) {
    const from = needColumn(draft, table, column).type;
    const to = needColumn(draft, parent, refColumns[i] ?? '').type;
    if (cannotReference(from, to))
      throw new Refusal(
        'invalid definition',
        `foreign key constraint "${name}" cannot be implemented: "${column}" is ${from.name}, "${refColumns[i]}" is ${to.name}`,
        table.name,
        parent.name,
      );
  }
  const { onDelete, onUpdate, notValid } = definition;
  return add(table, {
    ...base(definition, name),
    kind: 'foreign key',
    refTableId: parent.id,
    refColumns,
    onDelete,
    onUpdate,
    validated: !notValid,
  });
}

/** Whether a valid, whole unique index covers exactly these columns, in any order. */
export function hasKey(table: Table, columns: readonly string[]): boolean {
  return table.indexes.some(
    (index) =>
      index.unique &&
      index.predicate === undefined &&
      index.expressions.length === 0 &&
      index.columns.length === columns.length &&
      columns.every((column) => index.columns.includes(column)),
  );
}

/** The table without a constraint and the index behind it. */
export function withoutConstraint(table: Table, name: string): Table {
  return {
    ...table,
    constraints: table.constraints.filter((one) => one.name !== name),
    indexes: table.indexes.filter((one) => one.constraintName !== name),
  };
}

/** Drops a key that foreign keys hang on: refuses, or with `cascade` takes them along. */
export function releaseKey(
  draft: Draft,
  table: Table,
  columns: readonly string[],
  cascade: boolean,
  what: string,
): void {
  const others = {
    ...table,
    indexes: table.indexes.filter((one) => one.constraintName !== what && one.name !== what),
  };
  if (hasKey(others, columns)) return;
  for (const id of [...(draft.referencedBy.get(table.id) ?? [])]) {
    const child = draft.tables.get(id);
    if (!child) continue;
    const hanging = child.constraints.filter(
      (one) =>
        one.kind === 'foreign key' &&
        one.refTableId === table.id &&
        one.refColumns.length === columns.length &&
        one.refColumns.every((column) => columns.includes(column)),
    );
    if (hanging.length > 0 && !cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop ${what} of table ${table.name} because other objects depend on it: ${hanging[0]?.name} on table ${child.name}`,
        table.name,
      );
    let left = child;
    for (const one of hanging) left = withoutConstraint(left, one.name);
    if (hanging.length > 0) putTable(draft, left);
  }
}
