import type { Constraint, Table } from '../schema.ts';
import { type Draft, setTable } from './draft.ts';
import { childrenOf, current, needFree, parentOf } from './find.ts';
import { Refusal } from './refusal.ts';
import { releaseIndex } from './table-index.ts';

/** The constraint of that name; refuses as PostgreSQL does. */
function needConstraint(table: Table, name: string): Constraint {
  const constraint = table.constraints.find((one) => one.name === name);
  if (constraint) return constraint;
  const message = `constraint "${name}" of relation "${table.name}" does not exist`;
  throw new Refusal('no such constraint', message, [name, table.name], 'object');
}

/** Whether a table has a constraint from the table above it. */
function isInherited(draft: Draft, table: Table, constraint: Constraint): boolean {
  const parent = parentOf(draft, table);
  if (!parent) return false;
  if (constraint.kind === 'check')
    return parent.constraints.some((one) => one.kind === 'check' && one.name === constraint.name);
  return table.kind === 'partition' && parent.constraints.some((one) => isSame(one, constraint));
}

function isSame(a: Constraint, b: Constraint): boolean {
  if (a.kind === 'foreign key' && b.kind === 'foreign key' && a.refTableId !== b.refTableId) return false;
  return a.kind === b.kind && a.columns.join('\0') === b.columns.join('\0');
}

/** DROP CONSTRAINT as a statement asks for it. */
export function dropNamed(draft: Draft, table: Table, name: string, cascade: boolean): Constraint {
  const constraint = needConstraint(table, name);
  if (isInherited(draft, table, constraint)) {
    const message = `cannot drop inherited constraint "${name}" of relation "${table.name}"`;
    throw new Refusal('still referenced', message, [name, table.name]);
  }
  dropConstraint(draft, table.id, constraint, cascade);
  return constraint;
}

/** Takes a constraint and the index behind it away, from the tables below too; a key that is referenced only with `cascade`. */
export function dropConstraint(draft: Draft, id: number, constraint: Constraint, cascade: boolean): void {
  const table = current(draft, id);
  const index = table.indexes.find((one) => one.constraintName === constraint.name);
  const what = `constraint ${constraint.name} on table ${table.name}`;
  if (index) releaseIndex(draft, table, index, cascade, what);
  const left = current(draft, id);
  setTable(draft, id, {
    ...left,
    constraints: left.constraints.filter((one) => one !== constraint),
    indexes: left.indexes.filter((one) => one !== index),
  });
  for (const child of childrenOf(draft, table)) {
    const own = child.constraints.find((one) =>
      constraint.kind === 'check'
        ? one.kind === 'check' && one.name === constraint.name
        : child.kind === 'partition' && isSame(one, constraint),
    );
    if (own) dropConstraint(draft, child.id, own, cascade);
  }
}

/** RENAME CONSTRAINT; the index behind it takes the name too. */
export function renameConstraint(draft: Draft, table: Table, from: string, to: string): Constraint {
  const found = table.constraints.find((one) => one.name === from);
  if (!found) {
    const message = `constraint "${from}" for table "${table.name}" does not exist`;
    throw new Refusal('no such constraint', message, [from, table.name], 'object');
  }
  if (isInherited(draft, table, found) && found.kind === 'check')
    throw new Refusal('still referenced', `cannot rename inherited constraint "${from}"`, [from, table.name]);
  if (table.indexes.some((one) => one.constraintName === from)) needFree(draft, table.schema, to);
  if (table.constraints.some((one) => one.name === to)) {
    const message = `constraint "${to}" for relation "${table.name}" already exists`;
    throw new Refusal('already exists', message, [to, table.name]);
  }
  const renamed = { ...found, name: to };
  setTable(draft, table.id, {
    ...table,
    constraints: table.constraints.map((one) => (one === found ? renamed : one)),
    indexes: table.indexes.map((one) =>
      one.constraintName === from ? { ...one, name: to, constraintName: to } : one,
    ),
  });
  if (found.kind === 'check')
    for (const child of childrenOf(draft, table))
      if (child.constraints.some((one) => one.name === from)) {
        const constraints = child.constraints.map((one) => (one.name === from ? { ...one, name: to } : one));
        setTable(draft, child.id, { ...child, constraints });
      }
  return renamed;
}

/** VALIDATE CONSTRAINT, in the tables below too. */
export function validateConstraint(draft: Draft, table: Table, name: string): Constraint {
  const constraint = needConstraint(table, name);
  if (constraint.kind !== 'foreign key' && constraint.kind !== 'check') {
    const message = `cannot validate constraint "${name}" of relation "${table.name}"`;
    throw new Refusal('wrong kind', message, [name, table.name]);
  }
  const validated = { ...constraint, validated: true };
  const constraints = table.constraints.map((one) => (one === constraint ? validated : one));
  setTable(draft, table.id, { ...table, constraints });
  for (const child of childrenOf(draft, table))
    if (child.constraints.some((one) => one.name === name)) validateConstraint(draft, child, name);
  return validated;
}

/** ALTER CONSTRAINT … [NOT] DEFERRABLE: of foreign keys only. */
export function alterConstraint(draft: Draft, table: Table, name: string, deferrable: boolean): Constraint {
  const { deferrable: _, ...constraint } = needConstraint(table, name);
  if (constraint.kind !== 'foreign key') {
    const message = `constraint "${name}" of relation "${table.name}" is not a foreign key constraint`;
    throw new Refusal('wrong kind', message, [name, table.name]);
  }
  const altered = deferrable ? { ...constraint, deferrable } : constraint;
  const constraints = table.constraints.map((one) => (one.name === name ? altered : one));
  setTable(draft, table.id, { ...table, constraints });
  return altered;
}
