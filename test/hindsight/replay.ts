import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import { check } from '../../src/check.ts';
import { defaultConfig } from '../../src/config.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { History, Step } from './history.ts';

/** What a check said of one migration, as a pull request on top of those before it. */
export interface Judged {
  readonly step: Step;
  /** Its number in the history, from 1. */
  readonly number: number;
  readonly findings: readonly Finding[];
}

/** `kept`: a folder for the cache; `every`: judges only one of so many migrations, the middle one, on top of all before it. */
export interface Pace {
  readonly kept?: string;
  readonly every?: number;
}

/** Replays a history migration by migration, rules only, at default settings. */
export async function* replay(history: History, { kept, every = 1 }: Pace = {}): AsyncGenerator<Judged> {
  const cache = openCache(kept);
  let base: ReadonlyMap<string, string> = history.beside;
  for (const [index, step] of history.steps.entries()) {
    const head = new Map(base).set(step.path, step.text);
    const before = base;
    base = head;
    if (index % every !== Math.floor((every - 1) / 2)) continue;
    const { findings } = await check(await changeOfTexts(before, head), {
      config: defaultConfig,
      ownRules: [],
      all: false,
      prove: { mode: 'off', make: false },
      failOn: 'never',
      cache,
    });
    yield { step, number: index + 1, findings };
  }
}
