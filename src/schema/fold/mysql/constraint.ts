import { typeText } from '../../name.ts';
import type { ConstraintDefinition, Operation } from '../../operation.ts';
import type { Column, Constraint, Table } from '../../schema.ts';
import { NO_TABLE, spelt } from '../dangling.ts';
import { type Draft, setTable } from '../draft.ts';
import { current, findColumn, findTableIn, sameName } from '../find.ts';
import { Refusal } from '../refusal.ts';
import { cannotDrop, checksForeignKeys, needKeyColumn } from './need.ts';
import { addKeyIndex, freeIndexName, leads, needUnneeded } from './table-index.ts';

type Of<Kind extends ConstraintDefinition['kind']> = Extract<ConstraintDefinition, { kind: Kind }>;

/** Adds a constraint, with the index behind it or, for a foreign key, the one that InnoDB makes where none serves. */
export function addConstraint(draft: Draft, id: number, definition: ConstraintDefinition): Constraint {
  const table = current(draft, id);
  switch (definition.kind) {
    case 'primary key':
    case 'unique':
      return addKey(draft, table, definition);
    case 'foreign key':
      return addForeignKey(draft, table, definition);
    case 'check':
    case 'exclude':
      return addCheck(draft, table, definition);
  }
}

function addKey(draft: Draft, table: Table, definition: Of<'primary key' | 'unique'>): Constraint {
  const primary = definition.kind === 'primary key';
  if (primary && table.constraints.some((one) => one.kind === 'primary key'))
    throw new Refusal('invalid definition', 'Multiple primary key defined', [table.name], 'object');
  const columns = definition.columns.map((name) => needKeyColumn(draft, table, name).name);
  const name = primary ? 'PRIMARY' : (definition.name ?? freeIndexName(table, columns[0] ?? ''));
  const constraint: Constraint = {
    kind: definition.kind,
    name,
    columns,
    validated: true,
    span: definition.span,
  };
  addKeyIndex(draft, table.id, constraint);
  const now = current(draft, table.id);
  setTable(draft, table.id, {
    ...now,
    constraints: [...now.constraints, constraint],
    columns: primary
      ? now.columns.map((column) => (columns.includes(column.name) ? { ...column, nullable: false } : column))
      : now.columns,
  });
  return constraint;
}

function addCheck(draft: Draft, table: Table, definition: Of<'check' | 'exclude'>): Constraint {
  const columns = definition.columns.flatMap((name) => findColumn(draft, table, name)?.name ?? []);
  const name = definition.name ?? numbered(table, `${table.name}_chk_`);
  if (
    [...draft.tables.values()].some((one) =>
      one.constraints.some((other) => other.kind === 'check' && sameName(draft, other.name, name)),
    )
  )
    throw new Refusal('already exists', `Duplicate check constraint name '${name}'.`, [name], 'object');
  const { expression, span } = definition;
  const validated = definition.kind === 'check' && !definition.notValid;
  const constraint: Constraint = { kind: 'check', name, columns, expression, validated, span };
  setTable(draft, table.id, { ...table, constraints: [...table.constraints, constraint] });
  return constraint;
}

/** MySQL counts on from the highest number in use. */
function numbered(table: Table, prefix: string): string {
  const numbers = table.constraints.flatMap(({ name }) =>
    name.startsWith(prefix) ? Number(name.slice(prefix.length)) || 0 : [],
  );
  return `${prefix}${Math.max(0, ...numbers) + 1}`;
}

function addForeignKey(draft: Draft, table: Table, definition: Of<'foreign key'>): Constraint {
  const columns = definition.columns.map((name) => needKeyColumn(draft, table, name));
  const name = definition.name ?? numbered(table, `${table.name}_ibfk_`);
  for (const one of draft.tables.values())
    if (
      one.schema === table.schema &&
      one.constraints.some((other) => other.kind === 'foreign key' && sameName(draft, other.name, name))
    )
      throw new Refusal(
        'already exists',
        `Duplicate foreign key constraint name '${name}'`,
        [name],
        'object',
      );
  const parent = findTableIn(draft, { name: definition.refTable.name });
  const refColumns = parent ? referenced(draft, name, parent, columns, definition) : definition.refColumns;
  if (!parent && checksForeignKeys(draft))
    throw new Refusal('no such table', `Failed to open the referenced table '${definition.refTable.name}'`, [
      definition.refTable.name,
    ]);
  const own = columns.map((column) => column.name);
  const { onDelete, onUpdate, span } = definition;
  const constraint: Constraint = {
    ...{
      kind: 'foreign key',
      name,
      columns: own,
      refTableId: parent?.id ?? NO_TABLE,
      refName: definition.refTable.name,
    },
    ...{ refColumns, onDelete, onUpdate, validated: true, span },
  };
  if (!current(draft, table.id).indexes.some((index) => leads(index, own)))
    addKeyIndex(draft, table.id, {
      ...constraint,
      name: definition.name ?? freeIndexName(table, own[0] ?? ''),
    });
  const now = current(draft, table.id);
  setTable(draft, table.id, { ...now, constraints: [...now.constraints, constraint] });
  return constraint;
}

function referenced(
  draft: Draft,
  name: string,
  parent: Table,
  columns: readonly Column[],
  { refColumns }: Of<'foreign key'>,
): readonly string[] {
  const names = refColumns.map((one) => spelt(draft, parent, one));
  if (!checksForeignKeys(draft)) return names;
  if (refColumns.length !== columns.length)
    throw new Refusal(
      'invalid definition',
      `Incorrect foreign key definition for '${name}': Key reference and table reference don't match`,
      [parent.name],
    );
  const missing = names.find((one) => !findColumn(draft, parent, one));
  if (missing !== undefined)
    throw new Refusal(
      'no such column',
      `Failed to add the foreign key constraint. Missing column '${missing}' for constraint '${name}' in the referenced table '${parent.name}'`,
      [parent.name],
    );
  if (!parent.indexes.some((index) => leads(index, names)))
    throw new Refusal(
      'no matching key',
      `Failed to add the foreign key constraint. Missing index for constraint '${name}' in the referenced table '${parent.name}'`,
      [parent.name],
    );
  for (const [i, column] of columns.entries()) {
    const other = findColumn(draft, parent, names[i] ?? '');
    if (other && isOtherInteger(column, other))
      throw new Refusal(
        'invalid definition',
        `Referencing column '${column.name}' and referenced column '${other.name}' in foreign key constraint '${name}' are incompatible.`,
        [parent.name],
      );
  }
  return names;
}

/** Integers must be of one size and sign; of texts and the rest only the kind counts. */
function isOtherInteger(a: Column, b: Column): boolean {
  const plain = (column: Column) => typeText({ ...column.type, arguments: [] });
  const [one, other] = [plain(a), plain(b)];
  const [first, second] = [kindOf(one), kindOf(other)];
  if (first === undefined || second === undefined) return false;
  return first !== second || (first === 'integer' && one !== other);
}

function kindOf(type: string): string | undefined {
  if (/int\b/.test(type)) return 'integer';
  if (/^(var)?char$|text$/.test(type)) return 'text';
  if (/^(var)?binary$|blob$/.test(type)) return 'binary';
  return undefined;
}

/** DROP FOREIGN KEY, CHECK, PRIMARY KEY and CONSTRAINT. */
export function dropNamed(
  draft: Draft,
  id: number,
  { name, of, replaced }: Extract<Operation, { kind: 'drop-constraint' }>,
): Constraint {
  const table = current(draft, id);
  const constraint = table.constraints.find(
    (one) => sameName(draft, one.name, name) && (of === undefined || one.kind === of),
  );
  if (!constraint) {
    if (of !== 'check') throw cannotDrop('no such constraint', name, table);
    const message = `Check constraint '${name}' is not found in the table.`;
    throw new Refusal('no such constraint', message, [name, table.name], 'object');
  }
  const index = table.indexes.find((one) => one.constraintName === constraint.name);
  if (index && constraint.kind !== 'foreign key' && !replaced) needUnneeded(draft, table, index);
  setTable(draft, id, {
    ...table,
    constraints: table.constraints.filter((one) => one !== constraint),
    indexes: constraint.kind === 'foreign key' ? table.indexes : table.indexes.filter((one) => one !== index),
  });
  return constraint;
}
