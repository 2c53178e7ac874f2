import type { Cache } from '../cache/cache.ts';
import type { ChangeSet, Hunk } from '../change/change-set.ts';
import type { Policy } from '../facts/facts.ts';
import { completeChains } from '../prove/catalog/complete-chains.ts';
import { openChild } from '../prove/child.ts';
import { type ProofOptions, proveChange } from '../prove/prove-change.ts';
import { trialsIn } from '../prove/try-trials.ts';
import type { Proof } from '../prove/verdict.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { ReadChange } from '../read/read-change.ts';
import type { Severities } from './claim.ts';
import { type Preset, severitiesOf, withPreset } from './preset.ts';
import type { Claim, Rule } from './rule.ts';
import { type Judgement, runRules } from './run.ts';
import { tryClaims } from './try-claims.ts';

/** What engines and rules say of a change. */
export interface Judged extends Judgement {
  /** With what an engine's catalog told of them. */
  readonly chains: readonly ChainChange[];
  readonly proofs: readonly Proof[];
  /** Claims that a trial refuted. */
  readonly dismissed: readonly Claim[];
}

/** How a change is to be judged. */
export interface Options {
  readonly config: Policy & { readonly rules: Severities; readonly preset?: Preset };
  readonly all: boolean;
  readonly cache: Cache;
  readonly prove: ProofOptions;
}

/** Told how far it is. */
export interface Watch {
  readonly progress: (text: string) => void;
  readonly mark: (stage: string) => void;
}

/** Proves the migrations of what was read and runs the rules over its facts. */
export async function proveAndJudge(
  read: ReadChange,
  changeSet: ChangeSet,
  rules: readonly Rule[],
  hunks: ReadonlyMap<string, readonly Hunk[]>,
  { config, all, cache, prove }: Options,
  { progress, mark }: Watch,
): Promise<Judged> {
  const engine = openChild();
  try {
    progress('proving');
    const proofs = await proveChange(read.chains, changeSet, cache, prove, engine);
    const chains = completeChains(read.chains, proofs);
    mark('prove');

    progress('judging');
    const facts = {
      ...{ ...read, chains, proofs, hunks },
      policy: config,
      notAnalysed: read.coverage.notAnalysed.map(({ reason, kind: _, ...span }) => ({ span, reason })),
    };
    const judged = await runRules(rules, facts, engine.open, {
      all,
      severities: severitiesOf(rules, config),
      code: read.code,
    });
    const ask = trialsIn(changeSet, cache, prove, engine);
    const tried = await tryClaims(
      withPreset(judged.claims, rules, config),
      chains,
      proofs,
      ask,
      read.profile,
    );
    mark('judge');
    return { ...judged, ...tried, chains, proofs };
  } finally {
    await engine.close();
  }
}
