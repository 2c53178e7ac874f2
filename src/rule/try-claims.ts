import type { ExactPlan } from '../prove/exact.ts';
import { sizeOf } from '../prove/table-size.ts';
import type { AskTrials, Trial as ProofTrial } from '../prove/try-trials.ts';
import type { Proof } from '../prove/verdict.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { Profile } from '../read/profile/profile.ts';
import type { Table } from '../schema/schema.ts';
import { isWithin } from './is-within.ts';
import { weightOf } from './load.ts';
import type { Claim, Trial } from './rule.ts';

/** Claims after their trials. */
export interface Tried {
  /** Those that hold, with what proves them, and those of which no trial said anything. */
  readonly claims: readonly Claim[];
  /** Those that a trial over rows contradicted, with what it said. */
  readonly dismissed: readonly Claim[];
}

/** Of fewer rows a planner reads all, whatever indexes there are: it would tell nothing. */
const SMALL = 1_000;

/** So many claims of a check are tried. */
const MOST = 50;

/** Of them, of so many plans with an index and without it are compared: each makes a table and an index. */
const MOST_PLANNED = 12;

/** Tries claims in the database itself, where it ran the change's migrations. */
export async function tryClaims(
  claims: readonly Claim[],
  chains: readonly ChainChange[],
  proofs: readonly Proof[],
  ask: AskTrials,
  profile?: Profile,
): Promise<Tried> {
  const judged = new Map<Claim, Outcome>();
  for (const chain of chains) {
    const proof = proofs.find((one) => one.chain === chain.id && !one.lowered && !one.trouble);
    // code alone brings no migration to prove: its queries are planned where a database holds the chain already
    if (!proof && chain.migrations.length > 0) continue;
    const own = claims
      .filter((claim) => claim.chain === chain.id && claim.trial)
      .toSorted((a, b) => weightOf(b.load) - weightOf(a.load))
      .slice(0, MOST);
    for (const claim of own) {
      const outcome = proof && claim.trial?.on === 'change' ? asItRan(claim, proof) : undefined;
      if (outcome) judged.set(claim, outcome);
    }
    for (const side of ['base', 'head'] as const) await askSide(own, chain, side, ask, judged, profile);
  }
  const told = (claim: Claim): Claim => {
    const { engine, said, plan, isDoubted } = judged.get(claim) ?? {};
    if (engine === undefined) return claim;
    const text = said ?? '';
    if (isDoubted) return { ...claim, severity: 'note', evidence: { kind: 'read', engine, text, plan } };
    return { ...claim, evidence: { kind: 'proved', engine, text, ...(plan ? { plan } : {}) } };
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
  readonly plan?: ExactPlan;
  /** A plan does not want the index, at a size of the table that is only assumed: less is claimed, and not nothing. */
  readonly isDoubted?: boolean;
}

async function askSide(
  claims: readonly Claim[],
  chain: ChainChange,
  side: 'base' | 'head',
  ask: AskTrials,
  judged: Map<Claim, Outcome>,
  profile: Profile | undefined,
): Promise<void> {
  let planned = 0;
  const asked = claims.flatMap((claim): { readonly claim: Claim; readonly trial: ProofTrial }[] => {
    const trial =
      claim.trial && claim.trial.on === side ? toProof(claim, claim.trial, chain, side, profile) : undefined;
    if (!trial) return [];
    if (!trial.plan || ++planned <= MOST_PLANNED) return [{ claim, trial }];
    return trial.expect === 'scans' ? [{ claim, trial: { ...trial, expect: 'scans', plan: undefined } }] : [];
  });
  if (asked.length === 0) return;
  const answer = await ask(
    chain,
    side,
    asked.map(({ trial }) => trial),
  );
  for (const [at, { claim, trial }] of asked.entries()) {
    const tried = answer?.tried[at];
    if (!answer || !tried) continue;
    const isDoubted = trial.expect === 'index' && !tried.holds && !tried.onRows;
    if (!tried.holds && !tried.onRows && !isDoubted) continue;
    const outcome = { ...tried, engine: answer.engine, said: `${tried.said}: ${tried.ran ?? trial.text}` };
    judged.set(claim, isDoubted ? { ...outcome, holds: true, isDoubted } : outcome);
  }
}

function toProof(
  { tableId, relatedTableId, columns }: Claim,
  { expect, statement: text, otherwise }: Extract<Trial, { statement: string }>,
  { id, baseSchema, headSchema }: ChainChange,
  side: 'base' | 'head',
  profile: Profile | undefined,
): ProofTrial | undefined {
  const schema = side === 'base' ? baseSchema : headSchema;
  const table = tableId === undefined ? undefined : schema.tables.get(tableId);
  const related = relatedTableId === undefined ? undefined : schema.tables.get(relatedTableId);
  if (!table) return undefined;
  const rowsOf = ({ id: wanted }: Table) => {
    const told = profile?.tables.filter((one) => one.chain === id && one.tableId === wanted) ?? [];
    return Math.max(...told.map(({ liveRows = 0 }) => liveRows), 0) || undefined;
  };
  const tables = related ? [table, related] : [table];
  if (expect !== 'index' && expect !== 'scans') return { text, expect, table, tables };
  if (!columns || table.kind !== 'table' || (rowsOf(table) ?? SMALL) < SMALL)
    return expect === 'scans' ? { text, expect, table, tables } : undefined;
  const plan = { columns, sizes: [sizeOf(table, schema, rowsOf)], ...(otherwise ? { otherwise } : {}) };
  return { text, expect, table, plan, tables: expect === 'scans' ? tables : [] };
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
