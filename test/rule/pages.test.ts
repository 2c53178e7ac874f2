import { describe, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import type { ChangeSet } from '../../src/change/change-set.ts';
import { check } from '../../src/check.ts';
import { type Config, defaultConfig, parseConfig } from '../../src/config.ts';
import type { OtherChange } from '../../src/read/conflicts/beside-others.ts';
import { readPages } from '../../src/rule/pages.ts';
import { baseOf, executeExample, saidIn } from './execute-page.ts';
import { othersOf } from './others-of.ts';

const rules = readPages(new URL('../../rules/', import.meta.url));

/** No page asks its query: what is said then is what the line itself has to say. */
const silent = Object.fromEntries(rules.flatMap(({ id, query }) => (query ? [[id, 'off' as const]] : [])));

async function judge(change: ChangeSet, config: Config, code?: 'all', others: readonly OtherChange[] = []) {
  const report = await check(change, {
    config,
    ownRules: [],
    all: false,
    ...(code ? { code } : {}),
    prove: { mode: 'fast', engine: 'duckdb', make: false },
    failOn: 'error',
    cache: openCache(undefined),
    setupTree: change.base,
    others: { changes: async () => others },
  });
  return saidIn(report);
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test.concurrent.each([...rule.flagged, ...rule.accepted].map((one) => [one.title, one] as const))(
    '%s',
    async (_, example) => {
      const base = await baseOf(example);
      const before = base.files.length > 0 ? await judge(base, { ...defaultConfig, rules: silent }) : [];
      expect(before.filter((finding) => finding.rule === 'migration-does-not-apply')).toEqual([]);
      const { config: text } = example;
      const config = text === undefined ? defaultConfig : await parseConfig('tablewarden.yml', text);
      const code = rule.code === 'all' ? 'all' : undefined;
      const others = await othersOf(example);
      expect(await executeExample(rule, example, (change) => judge(change, config, code, others))).toEqual(
        [],
      );
    },
  );

  test('has a pull request that it stops and one that it lets pass', () => {
    const sides = [rule.flagged.length > 0, rule.accepted.length > 0];
    expect(rule.reads === 'run' ? sides.includes(true) : !sides.includes(false)).toBe(true);
  });
});
