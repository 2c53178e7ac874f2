import type { Class } from 'oxc-parser';
import type { Tree } from '../../change/change-set.ts';
import { filesNaming } from '../files-naming.ts';

/** Tests bring implementers of their own. */
const OF_TESTS =
  /(^|\/)(tests?|__tests__|__mocks__|mocks?|fakes?|fixtures|e2e)\/|[.-](test|spec|fake|mock)\.|(^|\/)(fake|mock)-/i;

/** Whether a class says that it implements an interface of that name. */
export function doesImplement(node: Class, name: string): boolean {
  return (node.implements ?? []).some(
    ({ expression }) => expression.type === 'Identifier' && expression.name === name,
  );
}

/** The files of code in which a class says that it implements one of the names, tests left out. */
export async function filesImplementing(
  tree: Tree,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map();
  const paths = (await filesNaming(tree, names)).filter((path) => !OF_TESTS.test(path));
  const texts = [...(await tree.read(paths))];
  return new Map(
    names.map((name) => {
      const says = new RegExp(`\\bimplements\\s[^{]*(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
      return [
        name,
        texts.flatMap(([path, { text }]) => (text !== undefined && says.test(text) ? [path] : [])),
      ];
    }),
  );
}
