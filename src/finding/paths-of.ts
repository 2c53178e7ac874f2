import type { ChainChange } from '../read/chain-change.ts';
import type { Claim } from '../rule/rule.ts';

/** Every path that a finding may be placed on: the claims' own, and the migrations of the change. */
export function pathsOf(claims: readonly Claim[], chains: readonly ChainChange[]): ReadonlySet<string> {
  if (claims.length === 0) return new Set();
  const operations = chains.flatMap((chain) =>
    chain.operations.map((operation) => operation.operation.span.path),
  );
  return new Set([...claims.map((claim) => claim.span.path), ...operations]);
}
