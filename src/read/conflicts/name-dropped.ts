import { nameText } from '../../schema/name.ts';
import type { Operation } from '../../schema/operation.ts';

/** What an operation takes away: `users`, `users.email`; undefined for one that takes away nothing with a name. */
export function nameDropped(operation: Operation): string | undefined {
  switch (operation.kind) {
    case 'drop-table':
      return nameText(operation.table);
    case 'drop-column':
      return `${nameText(operation.table)}.${operation.column}`;
    case 'drop-constraint':
      return `${nameText(operation.table)}.${operation.name}`;
    case 'drop-index':
      return nameText(operation.index);
    case 'drop-view':
      return nameText(operation.view);
    case 'drop-type':
      return nameText(operation.type);
    default:
      return undefined;
  }
}
