import type { Applied } from '../../schema/applied.ts';
import { nameText } from '../../schema/name.ts';
import type { Operation } from '../../schema/operation.ts';
import { isMade } from './fold-on.ts';

/** What an operation makes, or would have made: `users.email`, `mood 'good'`; undefined for one that makes nothing with a name. */
export function nameMade({ operation, objectName, tableName }: Applied): string | undefined {
  if (!isMade(operation.kind)) return undefined;
  switch (operation.kind) {
    case 'create-table':
      return nameText(operation.table);
    case 'add-column':
      return `${nameText(operation.table)}.${operation.column.name}`;
    case 'add-constraint':
      return operation.constraint.name ?? objectName;
    case 'create-index':
      return operation.name ?? objectName;
    case 'create-type':
      return nameText(operation.type);
    case 'add-enum-value':
      return `${nameText(operation.type)} '${operation.label}'`;
    case 'create-view':
      return nameText(operation.view);
    case 'create-sequence':
      return nameText(operation.sequence);
    case 'create-function':
      return nameText(operation.function);
    case 'create-schema':
      return operation.schema;
    case 'create-extension':
      return operation.extension;
    case 'create-trigger':
      return operation.name;
    default:
      return objectName ?? tableName;
  }
}

/** Whether two operations ask for the same, wherever they stand and whatever they tolerate. */
export function saysTheSame(one: Operation, other: Operation): boolean {
  return contentOf(one) === contentOf(other);
}

const NOT_CONTENT = new Set(['span', 'tolerant', 'tableTolerant', 'swallowed', 'concurrently']);

function contentOf(operation: Operation): string {
  return JSON.stringify(operation, (key, value: unknown) => (NOT_CONTENT.has(key) ? undefined : value));
}
