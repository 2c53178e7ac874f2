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

/** Where classes of a tree say what they implement, tests left out. */
export interface Implementers {
  /** The files with a class that says it of that name; undefined before {@link load}. */
  get(name: string): readonly string[] | undefined;
  load(names: Iterable<string>): Promise<void>;
}

/** What follows the word up to the class's body. */
const CLAUSE = /\bimplements\s[^{]*/g;

/** The implementers of one tree, which is searched once, when the first name is asked for. */
export function openImplementers(tree: Tree): Implementers {
  const found = new Map<string, readonly string[]>();
  let clauses: Promise<readonly (readonly [path: string, clause: string])[]> | undefined;
  return {
    get: (name) => found.get(name),
    load: async (names) => {
      for (const name of names) {
        if (found.has(name)) continue;
        clauses ??= clausesOf(tree);
        const says = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
        const paths = (await clauses).flatMap(([path, clause]) => (says.test(clause) ? [path] : []));
        found.set(name, [...new Set(paths)]);
      }
    },
  };
}

async function clausesOf(tree: Tree): Promise<readonly (readonly [path: string, clause: string])[]> {
  const paths = (await filesNaming(tree, ['implements'])).filter((path) => !OF_TESTS.test(path));
  return [...(await tree.read(paths))].flatMap(([path, { text }]) =>
    [...(text ?? '').matchAll(CLAUSE)].map(([clause]) => [path, clause] as const),
  );
}
