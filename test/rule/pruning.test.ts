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

/** Every claim, whatever their order. */
async function claimsOf(
  asked: readonly Rule[],
  example: Example,
  pruned: boolean,
): Promise<readonly string[]> {
  const facts = await factsOf(await given(example));
  const { claims } = await runRules(asked, facts, openDuckdb, { all: false, severities: {}, pruned });
  return claims.map((claim) => JSON.stringify(claim)).sort();
}

const pages = rules.filter((rule) => rule.query !== undefined);

describe('a pruned run claims what a whole one does', () => {
  test.each(pages.map((rule) => [rule.id, rule] as const))('%s, in all of its examples', async (_, rule) => {
    for (const example of [...rule.flagged, ...rule.accepted]) {
      const whole = await claimsOf([rule], example, false);
      expect(await claimsOf([rule], example, true), example.title).toEqual(whole);
    }
  });

  test.each(pages.map((rule) => [rule.id, rule] as const))(
    'all rules, in the first example of %s',
    async (_, rule) => {
      const [example] = rule.flagged;
      if (!example) throw new Error('a page has an example that it flags');
      const whole = await claimsOf(rules, example, false);
      expect(whole.join()).toContain(`"rule":"${rule.id}"`);
      expect(await claimsOf(rules, example, true)).toEqual(whole);
    },
  );
});
