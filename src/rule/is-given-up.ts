import type { Facts } from '../facts/facts.ts';
import type { Claim, Rule } from './rule.ts';

/** Whether the change itself takes away what the claim asks for: who drops a key by name has decided about it. */
export function isGivenUp(rule: Rule, { chain, tableId, columns = [] }: Claim, { chains }: Facts): boolean {
  if (rule.asks !== 'foreign key' && rule.asks !== 'unique') return false;
  const about = chains.find(({ id }) => id === chain);
  const table = [...(about?.baseSchema.tables.values() ?? [])].find(({ id }) => id === tableId);
  if (!about || !table) return false;
  const dropped = about.operations.flatMap(({ operation, tableId: on }) => {
    if (on !== tableId) return [];
    if (operation.kind === 'drop-constraint') return [operation.name];
    return operation.kind === 'drop-index' ? [operation.index.name] : [];
  });
  const keys =
    rule.asks === 'unique'
      ? table.indexes.filter(({ unique }) => unique)
      : table.constraints.filter(({ kind }) => kind === 'foreign key');
  return keys.some(
    (key) => dropped.includes(key.name) && key.columns.some((name) => columns.includes(name ?? '')),
  );
}
