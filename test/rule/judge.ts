import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import type { Facts, Policy } from '../../src/facts/facts.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { toFindings } from '../../src/finding/to-findings.ts';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import type { Scratch } from '../../src/prove/scratch.ts';
import type { CodeLevel } from '../../src/read/code-of-change.ts';
import { besideOthers, type OtherChange } from '../../src/read/conflicts/beside-others.ts';
import { readChange } from '../../src/read/read-change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { runRules } from '../../src/rule/run.ts';
import type { RunOptions } from '../../src/rule/select.ts';

type Texts = Readonly<Record<string, string>>;

/** A change as texts by path, as a test writes it. */
export interface Given {
  readonly base?: Texts;
  readonly head?: Texts;
  /** Old paths by new ones. */
  readonly renames?: Texts;
  readonly policy?: Partial<Policy>;
  readonly others?: readonly OtherChange[];
  readonly documents?: readonly string[];
}

const CALM: RunOptions = { all: false, severities: {} };

/** Facts of a change: everything that is read, nothing proved. */
export async function factsOf(
  { base = {}, head = base, renames = {}, policy, others = [], documents = [] }: Given,
  code: CodeLevel = 'touched',
): Promise<Facts> {
  const changeSet = await changeOfTexts(mapOf(base), mapOf(head), mapOf(renames));
  const change = await readChange(changeSet, [], openCache(undefined), code, [], documents);
  const { coverage, ...read } = change;
  return {
    ...read,
    others: (await besideOthers(change, others)).conflicts,
    hunks: await changeSet.hunks(changeSet.files.map((file) => file.path)),
    proofs: [],
    policy: { legacy: [], hotTables: [], owners: {}, ...policy },
    notAnalysed: coverage.notAnalysed.map(({ reason, kind: _, ...span }) => ({ span, reason })),
  };
}

/** The findings that rules make of a change, in this process or in the databases that `open` opens. */
export async function findingsOf(
  rules: readonly Rule[],
  given: Given,
  open: () => Promise<Scratch> = openDuckdb,
): Promise<readonly Finding[]> {
  const facts = await factsOf(given);
  const { claims } = await runRules(rules, facts, open, CALM);
  return toFindings(claims, { ...facts, rules, texts: mapOf({ ...given.base, ...given.head }) });
}

function mapOf(texts: Texts): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts));
}
