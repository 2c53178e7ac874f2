import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import { readPages } from '../../src/rule/pages.ts';
import type { Example, Rule } from '../../src/rule/rule.ts';
import { runRules } from '../../src/rule/run.ts';
import { factsOf, type Given } from './judge.ts';

const rules = readPages(new URL('../../rules/', import.meta.url));

async function given({ files, config }: Example): Promise<Given> {
  const texts = (side: 'base' | 'head') =>
    Object.fromEntries(
      files.flatMap((file) => {
        const path = side === 'base' ? (file.renamedFrom ?? file.path) : file.path;
        return file[side] === undefined ? [] : [[path, file[side]]];
      }),
    );
  const renames = files.flatMap((file) => (file.renamedFrom ? [[file.path, file.renamedFrom]] : []));
  return {
    base: texts('base'),
    head: texts('head'),
    renames: Object.fromEntries(renames),
    policy: config === undefined ? {} : await parseConfig('tablewarden.yml', config),
  };
}

/** Every claim of every rule, whatever their order. */
async function claimsOf(example: Example, pruned: boolean): Promise<readonly string[]> {
  const facts = await factsOf(await given(example));
  const { claims } = await runRules(rules, facts, openDuckdb, { all: false, severities: {}, pruned });
  return claims.map((claim) => JSON.stringify(claim)).sort();
}

describe('a pruned run claims what a whole one does', () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))('in the examples of %s', async (_, rule: Rule) => {
    for (const example of [...rule.flagged, ...rule.accepted]) {
      const whole = await claimsOf(example, false);
      expect(await claimsOf(example, true), example.title).toEqual(whole);
    }
  });
});
