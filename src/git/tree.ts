import { splitRecords } from './path.ts';
import type { Repository } from './repository.ts';

/** One path of a commit. */
export interface GitEntry {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

/** The id of a tree without entries; git knows it without holding it. */
export const EMPTY_TREE = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const;

/** Every path of a commit, or those at and below the given ones. */
export async function listTree(
  repository: Repository,
  commit: string,
  below: readonly string[] = [],
): Promise<readonly GitEntry[]> {
  const output = await repository.run(['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...below]);
  return splitRecords(output).map((record) => {
    const tab = record.indexOf('\t');
    const [mode = '', , id = ''] = record.slice(0, tab).split(' ');
    return { path: record.slice(tab + 1), mode, id };
  });
}

/** What stands at a path of each commit, by commit: the id of a file or folder, or undefined. */
export async function idsAt(
  repository: Repository,
  commits: readonly string[],
  path: string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const asked = commits.map((commit) => `${commit}:${path === '.' ? '' : path}\n`).join('');
  const { stdout } = await repository.try(['cat-file', '--batch-check=%(objectname)'], asked);
  const answers = stdout.toString('utf8').split('\n');
  return new Map(commits.map((commit, at) => [commit, /^[0-9a-f]+$/.exec(answers[at] ?? '')?.[0]]));
}

/** Files in the working tree that git neither tracks nor ignores; installed packages are nobody's change. */
export async function listUntracked(repository: Repository): Promise<readonly string[]> {
  const args = ['ls-files', '-o', '-z', '--exclude-standard', '--exclude=node_modules/', '--full-name'];
  return splitRecords(await repository.run(args));
}
