import type { Facts } from '../facts/facts.ts';
import type { Claim, Rule } from './rule.ts';

/** Whether the change itself takes away what the claim asks for: who drops a foreign key by name has decided about it. */
export function isGivenUp(rule: Rule, { chain, tableId, columns = [] }: Claim, { chains }: Facts): boolean {
  if (rule.asks !== 'foreign key') return false;
  const about = chains.find(({ id }) => id === chain);
  const table = [...(about?.baseSchema.tables.values() ?? [])].find(({ id }) => id === tableId);
  const dropped = about?.operations.flatMap((one) =>
    one.operation.kind === 'drop-constraint' && one.tableId === tableId ? [one.operation.name] : [],
  );
  return (
    table?.constraints.some(
      ({ kind, name, columns: keys }) =>
        kind === 'foreign key' && dropped?.includes(name) && keys.some((key) => columns.includes(key)),
    ) ?? false
  );
}
