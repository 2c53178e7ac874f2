import type { Hunk } from '../change/change-set.ts';
import type { Span } from '../change/span.ts';
import type { ChainChange, ChangeOperation } from '../read/chain-change.ts';
import type { Claim } from '../rule/rule.ts';
import { touches } from '../rule/touches.ts';

/** Where a finding is said. */
export interface Place {
  readonly span: Span;
  /** The claim's own position, where it is said elsewhere. */
  readonly was?: Span;
  /** No line of the change carries it; the span is the claim's own. */
  readonly inSummary: boolean;
}

/** What placing needs of a change. */
export interface Ground {
  readonly chains: readonly ChainChange[];
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}

/**
 * Places a claim on a line of the change: its own, if the change has it; else the last operation of the change on its
 * columns or object; else the last on its table or its related table; else nowhere: the summary, never a wrong line.
 */
export function place(claim: Claim, { chains, hunks }: Ground): Place {
  const isInChange = (span: Span) => touches(hunks.get(span.path), span);
  if (isInChange(claim.span)) return { span: claim.span, inSummary: false };
  const chain = chains.find(({ id }) => id === claim.chain);
  const operations = chain?.operations.filter(({ operation }) => isInChange(operation.span)) ?? [];
  const responsible = chain && lastResponsible(claim, chain, operations);
  if (!responsible) return { span: claim.span, inSummary: true };
  return { span: responsible.operation.span, was: claim.span, inSummary: false };
}

function lastResponsible(
  claim: Claim,
  chain: ChainChange,
  operations: readonly ChangeOperation[],
): ChangeOperation | undefined {
  const { tableId, relatedTableId, object } = claim;
  const ids = columnIds(claim, chain);
  const onTable = operations.filter((one) => one.tableId !== undefined && one.tableId === tableId);
  return (
    onTable.findLast(
      (one) =>
        one.columnIds.some((id) => ids.has(id)) ||
        one.columns.some((name) => claim.columns?.includes(name)) ||
        (object !== undefined && one.objectName === object),
    ) ??
    operations.findLast(
      (one) => object !== undefined && tableId === undefined && one.objectName === object,
    ) ??
    onTable.at(-1) ??
    operations.findLast(
      (one) =>
        relatedTableId !== undefined && (one.tableId === relatedTableId || one.refTableId === relatedTableId),
    )
  );
}

/** Identities of the claim's columns on both sides. */
function columnIds({ tableId, columns }: Claim, chain: ChainChange): ReadonlySet<number> {
  if (tableId === undefined || !columns) return new Set();
  const tables = [chain.baseSchema.tables.get(tableId), chain.headSchema.tables.get(tableId)];
  const named = tables.flatMap((table) => table?.columns.filter(({ name }) => columns.includes(name)) ?? []);
  return new Set(named.map(({ id }) => id));
}
