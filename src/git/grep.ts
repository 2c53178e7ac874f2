import { splitRecords } from './path.ts';
import type { Repository } from './repository.ts';

/**
 * Paths of a commit whose text holds one of the words, as a whole word; undefined where git cannot tell: it stops at the first
 * content that a partial clone lacks. With `paths` only these are looked at.
 */
export async function grepWords(
  repository: Repository,
  commit: string,
  words: readonly string[],
  paths?: readonly string[],
): Promise<readonly string[] | undefined> {
  if (words.length === 0 || paths?.length === 0) return [];
  const how = ['-l', '-z', '-w', '-I', '-F', '--no-color', '--full-name'];
  const args = ['grep', ...how, '-f', '-', commit, '--', ...(paths ?? [])];
  const { code, stdout } = await repository.try(args, `${words.join('\n')}\n`);
  if (code !== 0) return code === 1 ? [] : undefined;
  const prefix = `${commit}:`;
  return splitRecords(stdout).map((record) =>
    record.startsWith(prefix) ? record.slice(prefix.length) : record,
  );
}
