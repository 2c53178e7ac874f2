import type { Operation } from '../schema/operation.ts';
import type { ChainChange, ChangeOperation } from './chain-change.ts';

/** Operations on a whole table that can break code which names it. */
const ON_TABLE: ReadonlySet<Operation['kind']> = new Set([
  'drop-table',
  'rename-table',
  'set-table-schema',
  'drop-constraint',
  'drop-index',
  'drop-view',
  'rename-view',
]);

/** Operations that can break code which names their columns. */
const ON_COLUMNS: ReadonlySet<Operation['kind']> = new Set([
  'drop-column',
  'rename-column',
  'alter-type',
  'set-not-null',
  'drop-default',
  'drop-identity',
  'drop-generated',
]);

/** Names that code may use for what a change takes away or alters: code without any of them cannot be concerned. */
export function touchedWords(chains: readonly ChainChange[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const chain of chains)
    for (const one of chain.operations)
      for (const name of namesOf(chain, one)) {
        words.add(name);
        words.add(name.replace(/_+([a-z\d])/gi, (_, letter: string) => letter.toUpperCase()));
      }
  return words;
}

function namesOf(
  chain: ChainChange,
  { operation, tableId, columnIds, columns, objectName }: ChangeOperation,
): readonly string[] {
  if (ON_COLUMNS.has(operation.kind)) {
    const before = tableId === undefined ? undefined : chain.baseSchema.tables.get(tableId);
    const old = before?.columns.filter((column) => columnIds.includes(column.id)) ?? [];
    // a column that the change itself made is in no code that is deployed
    return before && old.length > 0 ? [...columns, ...old.map((column) => column.name)] : [];
  }
  if (operation.kind === 'drop-schema')
    return [...chain.baseSchema.tables.values()]
      .filter((table) => table.schema === operation.schema)
      .map(({ name }) => name);
  if (!ON_TABLE.has(operation.kind)) return [];
  if (/view$/.test(operation.kind)) return objectName === undefined ? [] : [objectName];
  const sides =
    tableId === undefined ? [] : [chain.baseSchema.tables.get(tableId), chain.headSchema.tables.get(tableId)];
  return sides[0] ? sides.flatMap((table) => (table ? [table.name] : [])) : [];
}
