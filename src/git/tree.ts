import type { Repository } from './repository.ts';

/** One path of a commit or of the index. */
export interface GitEntry {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

/** Every path of a commit. */
export async function listTree(repository: Repository, commit: string): Promise<readonly GitEntry[]> {
  const output = await repository.run(['ls-tree', '-r', '-z', '--full-tree', commit]);
  return output
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((record) => {
      const tab = record.indexOf('\t');
      const [mode = '', , id = ''] = record.slice(0, tab).split(' ');
      return { path: record.slice(tab + 1), mode, id };
    });
}

/** Every path of the index, and whether the file on disk may differ from it. */
export async function listIndex(repository: Repository): Promise<readonly GitEntry[]> {
  const output = await repository.run(['ls-files', '-s', '-z', '--full-name']);
  return output
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((record) => {
      const tab = record.indexOf('\t');
      const [mode = '', id = ''] = record.slice(0, tab).split(' ');
      return { path: record.slice(tab + 1), mode, id };
    });
}

/** Paths in the working tree that git neither tracks nor ignores. */
export async function listUntracked(repository: Repository): Promise<readonly string[]> {
  const output = await repository.run(['ls-files', '-o', '--exclude-standard', '-z', '--full-name']);
  return output.toString('utf8').split('\0').filter(Boolean);
}

/** Paths whose file on disk differs from the index by its stat data, without reading (or filtering) any content. */
export async function listTouched(repository: Repository): Promise<ReadonlySet<string>> {
  const output = await repository.run([
    'diff-files',
    '--name-only',
    '-z',
    '--ignore-submodules=dirty',
    '--no-ext-diff',
  ]);
  return new Set(output.toString('utf8').split('\0').filter(Boolean));
}
