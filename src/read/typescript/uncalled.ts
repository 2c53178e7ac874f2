import type { Tree } from '../../change/change-set.ts';
import { isOfTests } from './of-tests.ts';
import { isReadAsCode } from './parse.ts';

/** Files beside code that may name a function: schemas of GraphQL, what is deployed, pages that are filled in. */
const NAMING = /\.(graphqls?|gql|ya?ml|json|toml|html?|ejs|hbs|njk|liquid|pug|astro|mdx|wasp)$/;
/** So many names are searched for; with more, all is read, which git does faster. */
const FEW = 10;
const WORD = /[\p{L}_$][\p{L}\d_$]*/gu;

/** Of names with the files that declare them, those that no other file of the tree names, tests left out. */
export async function namedNowhere(
  tree: Tree,
  declared: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  const open = new Set(declared.keys());
  for (const isNaming of [isReadAsCode, (path: string) => NAMING.test(path)]) {
    if (open.size === 0) break;
    const found = open.size > FEW ? undefined : await tree.search?.([...open]);
    const paths = found ?? [...(await tree.entries()).keys()];
    for (const [path, { text = '' }] of await tree.read(
      paths.filter((one) => isNaming(one) && !isOfTests(one)),
    ))
      for (const [word] of open.size > 0 ? text.matchAll(WORD) : [])
        if (open.has(word) && !declared.get(word)?.has(path)) open.delete(word);
  }
  return open;
}
