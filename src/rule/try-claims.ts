import type { AskTrials, Trial as ProofTrial } from '../prove/try-trials.ts';
import type { Proof } from '../prove/verdict.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { isWithin } from './is-within.ts';
import type { Claim, Trial } from './rule.ts';

/** Claims after their trials. */
export interface Tried {
  /** Those that hold, with what proves them, and those of which no trial said anything. */
  readonly claims: readonly Claim[];
  /** Those that a trial over rows contradicted, with what it said. */
  readonly dismissed: readonly Claim[];
}

/** So many claims of a check are tried. */
const MOST = 50;

/** Tries claims in the database itself, where it ran the change's migrations. */
export async function tryClaims(
  claims: readonly Claim[],
  chains: readonly ChainChange[],
  proofs: readonly Proof[],
  ask: AskTrials,
): Promise<Tried> {
  const judged = new Map<Claim, Outcome>();
  for (const chain of chains) {
    const proof = proofs.find((one) => one.chain === chain.id && !one.lowered && !one.trouble);
    if (!proof) continue;
    const own = claims.filter((claim) => claim.chain === chain.id && claim.trial).slice(0, MOST);
    for (const claim of own) {
      const outcome = claim.trial?.on === 'change' ? asItRan(claim, proof) : undefined;
      if (outcome) judged.set(claim, outcome);
    }
    for (const side of ['base', 'head'] as const) await askSide(own, chain, side, ask, judged);
  }
  const told = (claim: Claim) => {
    const { engine, said } = judged.get(claim) ?? {};
    return engine === undefined
      ? claim
      : { ...claim, evidence: { kind: 'proved' as const, engine, text: said ?? '' } };
  };
  return {
    claims: claims.filter((claim) => judged.get(claim)?.holds !== false).map(told),
    dismissed: claims.filter((claim) => judged.get(claim)?.holds === false).map(told),
  };
}

interface Outcome {
  readonly holds: boolean;
  readonly engine: string;
  readonly said: string;
}

async function askSide(
  claims: readonly Claim[],
  chain: ChainChange,
  side: 'base' | 'head',
  ask: AskTrials,
  judged: Map<Claim, Outcome>,
): Promise<void> {
  const asked = claims.flatMap((claim) => {
    const trial =
      claim.trial && claim.trial.on === side ? toProof(claim, claim.trial, chain, side) : undefined;
    return trial ? [{ claim, trial }] : [];
  });
  if (asked.length === 0) return;
  const answer = await ask(
    chain,
    side,
    asked.map(({ trial }) => trial),
  );
  for (const [at, { claim, trial }] of asked.entries()) {
    const tried = answer?.tried[at];
    if (answer && tried && (tried.holds || tried.onRows))
      judged.set(claim, { ...tried, engine: answer.engine, said: `${tried.said}: ${trial.text}` });
  }
}

function toProof(
  { tableId, relatedTableId }: Claim,
  { expect, statement: text }: Extract<Trial, { statement: string }>,
  { baseSchema, headSchema }: ChainChange,
  side: 'base' | 'head',
): ProofTrial | undefined {
  const { tables } = side === 'base' ? baseSchema : headSchema;
  const table = tableId === undefined ? undefined : tables.get(tableId);
  const related = relatedTableId === undefined ? undefined : tables.get(relatedTableId);
  return table && { text, expect, table, tables: related ? [table, related] : [table] };
}

/** What became of the change's own statement when it ran on rows. */
function asItRan({ span, tableId = 0, trial }: Claim, proof: Proof): Outcome | undefined {
  const migration = proof.migrations.find(({ path }) => path === span.path);
  const risk = migration?.risks?.find((one) => isWithin(one.span, span) && one.tableId === tableId);
  const fails = trial?.expect === 'fails';
  if (risk) return { holds: fails, engine: proof.engine, said: `refused on made-up rows: ${risk.message}` };
  const statement = migration?.statements.find((one) => isWithin(span, one.span));
  if (statement?.word !== 'executed' || !proof.on?.held?.includes(tableId)) return undefined;
  return { holds: !fails, engine: proof.engine, said: 'it went through while the table held made-up rows' };
}
