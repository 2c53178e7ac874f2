import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import { check } from '../../src/check.ts';
import { defaultConfig } from '../../src/config.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { History, Step } from './history.ts';

/** What a check said of one migration, as a pull request on top of those before it. */
export interface Judged {
  readonly step: Step;
  readonly findings: readonly Finding[];
}

/** Replays a history migration by migration, rules only, at default settings; `kept` is a folder for the cache, if any. */
export async function* replay(history: History, kept?: string): AsyncGenerator<Judged> {
  const cache = openCache(kept);
  let base: ReadonlyMap<string, string> = history.beside;
  for (const step of history.steps) {
    const head = new Map(base).set(step.path, step.text);
    const { findings } = await check(await changeOfTexts(base, head), {
      config: defaultConfig,
      ownRules: [],
      all: false,
      prove: { mode: 'off', make: false },
      failOn: 'never',
      cache,
    });
    yield { step, findings };
    base = head;
  }
}
