import { grepWords } from '../git/grep.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from './change-set.ts';
import type { Difference } from './difference.ts';

type Search = NonNullable<Tree['search']>;

/** Of more files that differ all of head is searched: their names would have to be handed to git. */
const FEW = 500;

/** Finds words in two commits: head's files that are as in base are not looked into again. */
export function searchBoth(
  repository: Repository,
  base: string,
  head: string,
  differences: readonly Difference[],
): { readonly base: Search; readonly head: Search } {
  let last: { readonly asked: string; readonly found: ReturnType<Search> } | undefined;
  const searchBase: Search = (words) => {
    const asked = words.join('\n');
    if (last?.asked !== asked) last = { asked, found: grepWords(repository, base, words) };
    return last.found;
  };
  const searchHead: Search = async (words) => {
    const before = differences.length > FEW ? undefined : await searchBase(words);
    if (!before) return grepWords(repository, head, words);
    const altered = differences.flatMap((one) => one.head?.path ?? []);
    const now = await grepWords(repository, head, words, altered);
    const gone = new Set(differences.flatMap((one) => one.base?.path ?? []));
    return now && [...before.filter((path) => !gone.has(path)), ...now];
  };
  return { base: searchBase, head: searchHead };
}
