import { UserError } from '../errors.ts';
import { splitRecords } from './path.ts';
import type { Repository } from './repository.ts';

/** One file that differs between two sides. */
export interface DiffEntry {
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly path: string;
  readonly oldPath?: string;
  /** Git's mode at the side that has the file: `100644`, `120000` (symbolic link), `160000` (submodule). */
  readonly mode: string;
  readonly oldMode: string;
  /** Content before; undefined for an added file. */
  readonly oldId?: string;
  /** Content after; undefined for a deleted file, and for one whose content git has not looked at: it lies on the disk. */
  readonly id?: string;
}

/** Above this many candidates only files that moved unaltered count as renamed: git's own limit. */
const RENAMES = ['--find-renames', '-l1000'];
const RAW = ['-z', '--raw', '--no-abbrev', '--no-ext-diff', '--no-textconv', '--no-color', ...RENAMES];

/** Files that differ between two commits (or trees), with renames followed; sorted by path. */
export async function diffTrees(
  repository: Repository,
  base: string,
  head: string,
): Promise<readonly DiffEntry[]> {
  const args = ['diff-tree', '-r', ...RAW, '--ignore-submodules=none', base, head];
  return parseRaw(splitRecords(await repository.run(args)));
}

/** Paths that differ between two commits, old and new ones; their ids tell, so that no content has to be there. */
export async function diffPaths(
  repository: Repository,
  base: string,
  head: string,
): Promise<ReadonlySet<string>> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', base, head];
  return new Set(splitRecords(await repository.run(args)));
}

/** Files that differ between a folder, by its tree's id, and each of some others, by theirs; in one pass, without renames. */
export async function diffFolders(
  repository: Repository,
  from: string,
  others: readonly string[],
): Promise<ReadonlyMap<string, readonly DiffEntry[]>> {
  const pairs = [...new Set(others)].map((other) => `${from} ${other}\n`);
  const args = ['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-abbrev', '--no-renames'];
  const output = (await repository.run(args, pairs.join(''))).toString('utf8');
  // each pair that differs is named on a line before its records
  const [, ...parts] = output.split(/(?:^|(?<=\0))[0-9a-f]{40,64} ([0-9a-f]{40,64})\n/);
  const found = new Map<string, readonly DiffEntry[]>();
  for (let at = 0; at < parts.length; at += 2)
    found.set(parts[at] ?? '', parseRaw((parts[at + 1] ?? '').split('\0').filter(Boolean)));
  return found;
}

/**
 * Tracked files of the working tree that differ, or may differ, from a commit (or tree); sorted by path. Git compares what
 * it knows of them without running the filters that the repository configures.
 */
export async function diffWorkingTree(repository: Repository, base: string): Promise<readonly DiffEntry[]> {
  const guards = await filterGuards(repository);
  const args = ['diff-index', ...RAW, '--ignore-submodules=dirty', base];
  return parseRaw(splitRecords(await repository.run([...guards, ...args])));
}

/**
 * Settings that empty every filter driver of the configuration: git runs a driver's `clean` command when a file's time
 * stamp alone cannot tell whether it changed.
 */
async function filterGuards(repository: Repository): Promise<readonly string[]> {
  const { stdout } = await repository.try(['config', '-z', '--name-only', '--get-regexp', '^filter\\.']);
  const keys = stdout.toString('utf8').split('\0').filter(Boolean);
  const drivers = new Set(keys.map((key) => key.slice('filter.'.length, key.lastIndexOf('.'))));
  return [...drivers].flatMap((driver) => {
    if (/[=\n]/.test(driver))
      throw new UserError(
        `The git configuration holds a filter driver that cannot be switched off: ${JSON.stringify(driver)}.`,
        'Rename it, or name a range of commits: `tablewarden check <base>..HEAD`.',
      );
    const off = ['clean=', 'smudge=', 'process=', 'required=false'];
    return off.flatMap((setting) => ['-c', `filter.${driver}.${setting}`]);
  });
}

/** The files of a `--raw -z` output, by its records; sorted by path. */
export function parseRaw(records: readonly string[]): DiffEntry[] {
  const entries: DiffEntry[] = [];
  for (let i = 0; i < records.length; ) {
    const [oldMode = '', newMode = '', before = '', after = '', letter = ''] = (records[i++] ?? '')
      .slice(1)
      .split(' ');
    const status = statusOf(letter);
    const first = records[i++] ?? '';
    const oldPath = status === 'renamed' ? first : undefined;
    entries.push({
      status,
      path: status === 'renamed' ? (records[i++] ?? '') : first,
      oldPath,
      mode: status === 'deleted' ? oldMode : newMode,
      oldMode,
      oldId: knownId(before),
      id: knownId(after),
    });
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function statusOf(letter: string): DiffEntry['status'] {
  if (letter.startsWith('R')) return 'renamed';
  if (letter === 'A') return 'added';
  return letter === 'D' ? 'deleted' : 'modified';
}

function knownId(id: string): string | undefined {
  return /^0+$/.test(id) ? undefined : id;
}
