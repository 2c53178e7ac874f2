import type { SqlSource } from '../../read/source.ts';
import { findTable } from '../../schema/lookup.ts';
import type { QualifiedName } from '../../schema/name.ts';
import type { Operation } from '../../schema/operation.ts';
import type { Schema, Table } from '../../schema/schema.ts';

/** Tables of a schema whose rows decide whether migrations apply; none where nothing in them depends on rows. */
export function tablesAtRisk(schema: Schema, sources: readonly SqlSource[]): readonly Table[] {
  const found = new Set<Table>();
  const renames = new Map<string, QualifiedName>();
  const add = (name: QualifiedName) => {
    const table = findTable(schema, renames.get(name.name) ?? name);
    if (table) found.add(table);
  };
  for (const { statements } of sources)
    for (const { operations, uses } of statements)
      for (const operation of operations) {
        if (operation.kind === 'rename-table')
          renames.set(operation.to, renames.get(operation.table.name) ?? operation.table);
        if (!dependsOnRows(operation) || !('table' in operation)) continue;
        add(operation.table);
        if (operation.kind === 'write-rows') for (const use of uses) add(use.table);
        if (operation.kind === 'add-constraint' && operation.constraint.kind === 'foreign key')
          add(operation.constraint.refTable);
      }
  return [...found];
}

/** Whether rows of its table can make an operation fail. */
export function dependsOnRows(operation: Operation): boolean {
  switch (operation.kind) {
    case 'set-not-null':
    case 'alter-type':
    case 'redefine-column':
    case 'validate-constraint':
    case 'write-rows':
      return true;
    case 'add-column':
      return operation.column.notNull || operation.column.constraints.length > 0;
    case 'add-constraint': {
      const { constraint } = operation;
      return (
        !('notValid' in constraint && constraint.notValid) &&
        !('usingIndex' in constraint && constraint.usingIndex)
      );
    }
    case 'create-index':
      return operation.unique;
    default:
      return false;
  }
}
