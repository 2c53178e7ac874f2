import type { ChangeSet } from '../change/change-set.ts';
import { readTexts } from '../change/read-texts.ts';
import type { Proof } from '../prove/verdict.ts';
import { pathsWithFacts, type ReadChange, saysNothing } from '../read/read-change.ts';
import { lineClaims } from '../rule/line-claims.ts';
import { builtInRules } from '../rule/pages.ts';
import { type Preset, severitiesOf } from '../rule/preset.ts';
import type * as proving from '../rule/prove-and-judge.ts';
import type { Rule } from '../rule/rule.ts';
import type { NotJudged } from '../rule/select.ts';
import type { Finding } from './finding.ts';
import { pathsOf } from './paths-of.ts';
import { type Settled, settle } from './settle.ts';
import { toFindings } from './to-findings.ts';

/** What there is to say of a change. */
export interface Judged extends Settled {
  readonly proofs: readonly Proof[];
  /** Findings that a trial refuted. */
  readonly dismissed: readonly Finding[];
  readonly notJudged: readonly NotJudged[];
}

type Options = proving.Options & {
  readonly config: { readonly preset?: Preset; readonly waivers: { readonly never: readonly string[] } };
  readonly ownRules: readonly Rule[];
};

/** From what was read of a change to findings: proves its migrations, runs the rules, and settles what is new. */
export async function judge(
  read: ReadChange,
  changeSet: ChangeSet,
  options: Options,
  watch: proving.Watch,
): Promise<Judged> {
  const { config, ownRules, all } = options;
  const rules = [...builtInRules(), ...ownRules];
  const hunks = await changeSet.hunks(pathsWithFacts(read));
  const severities = severitiesOf(rules, config);
  const judged =
    saysNothing(read) && ownRules.length === 0
      ? NOTHING
      : await (await import('../rule/prove-and-judge.ts')).proveAndJudge(
          read,
          changeSet,
          rules,
          hunks,
          options,
          watch,
        );
  const { chains, proofs, notJudged } = judged;
  const claims = [...judged.claims, ...lineClaims(rules, read, proofs, severities, judged.claims)];
  const texts = await readTexts(changeSet, pathsOf([...claims, ...judged.dismissed], chains));
  const context = { rules, chains, hunks, texts, all };
  const settled = settle(claims, context, read.addressed, config.waivers.never, severities);
  return { ...settled, dismissed: toFindings(judged.dismissed, context), proofs, notJudged };
}

const NOTHING: proving.Judged = { chains: [], proofs: [], claims: [], dismissed: [], notJudged: [] };
