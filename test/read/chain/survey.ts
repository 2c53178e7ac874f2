import { treeOfTexts } from '../../../src/change/from-texts.ts';
import type { Chain, NamedChain, Survey } from '../../../src/read/chain.ts';
import { surveyChains } from '../../../src/read/find-chains.ts';

/** Surveys a tree of texts; a bare path is an empty file. */
export function survey(
  files: Readonly<Record<string, string>> | readonly string[],
  named: readonly NamedChain[] = [],
): Promise<Survey> {
  const texts = Array.isArray(files) ? files.map((path) => [path, ''] as const) : Object.entries(files);
  return surveyChains(treeOfTexts('head', new Map(texts)), named);
}

/** The only chain of a tree of texts. */
export async function onlyChain(
  files: Readonly<Record<string, string>> | readonly string[],
  named: readonly NamedChain[] = [],
): Promise<Chain> {
  const { chains, notFollowed } = await survey(files, named);
  const [chain] = chains;
  if (!chain || chains.length > 1)
    throw new Error(
      `${chains.length} chains; ${notFollowed.map(({ path, reason }) => `${path}: ${reason}`)}`,
    );
  return chain;
}

/** The names of a chain's migrations, in order. */
export function namesOf(chain: Chain): readonly string[] {
  return chain.migrations.map(({ name }) => name);
}
