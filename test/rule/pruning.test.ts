import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import { packPages, unpackPages } from '../../src/rule/packed-pages.ts';
import { readPages } from '../../src/rule/pages.ts';
import type { Example, Rule } from '../../src/rule/rule.ts';
import { runRules } from '../../src/rule/run.ts';
import { tablesRead, unqualifiedTables } from '../../src/rule/tables-read.ts';
import { factsOf, type Given } from './judge.ts';
import { othersOf } from './others-of.ts';

const pages = readPages(new URL('../../rules/', import.meta.url)).filter((rule) => rule.query !== undefined);
/** As the command line has them. */
const rules = unpackPages(await packPages(pages, await openDuckdb()));
const pageAndRule = pages.map((page, index) => [page.id, page, rules[index] as Rule] as const);

async function given(example: Example): Promise<Given> {
  const { files, config } = example;
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
    others: await othersOf(example),
    ...(config === undefined ? {} : await givenBy(config)),
  };
}

async function givenBy(text: string): Promise<Pick<Given, 'policy' | 'documents'>> {
  const policy = await parseConfig('tablewarden.yml', text);
  return { policy, documents: policy.documents };
}

/** Every claim, whatever their order. */
async function claimsOf(
  asked: readonly Rule[],
  example: Example,
  code: Rule['code'],
  pruned: boolean,
): Promise<readonly string[]> {
  const facts = await factsOf(await given(example), code);
  const severities =
    example.config === undefined ? {} : (await parseConfig('tablewarden.yml', example.config)).rules;
  const { claims } = await runRules(asked, facts, openDuckdb, { all: false, severities, code, pruned });
  return claims.map((claim) => JSON.stringify(claim)).sort();
}

/** Only a page that needs all code is given all of it: others are run as they mostly are. */
function codeOf({ code }: Rule): Rule['code'] {
  return code === 'all' ? 'all' : 'touched';
}

describe('a pruned run claims what a whole one does', () => {
  test.each(pageAndRule)('%s, in all of its examples', async (_, page, rule) => {
    for (const example of [...page.flagged, ...page.accepted]) {
      const whole = await claimsOf([rule], example, codeOf(page), false);
      expect(await claimsOf([rule], example, codeOf(page), true), example.title).toEqual(whole);
    }
  });

  test.each(pageAndRule)('all rules, in the first example of %s', async (id, page) => {
    const [example] = page.flagged;
    if (!example) throw new Error('a page has an example that it flags');
    const whole = await claimsOf(rules, example, codeOf(page), false);
    expect(whole.join()).toContain(`"rule":"${id}"`);
    expect(await claimsOf(rules, example, codeOf(page), true)).toEqual(whole);
  });
});

test('every page asks for more than which files changed: of a change that is nothing else none says anything', () => {
  const told = /^(change\.(files|hunks|lines)|coverage\.files|policy\.\w+)$/;
  for (const { id, query = '' } of pages) {
    const { qualified, unqualified } = tablesRead(query);
    const asked = [
      ...qualified,
      ...[...unqualified].map((name) => unqualifiedTables().get(name)?.head ?? name),
    ];
    expect(
      asked.filter((name) => !told.test(name)),
      id,
    ).not.toEqual([]);
  }
});
