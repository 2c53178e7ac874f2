import type { Repository } from './repository.ts';

/** One file that differs between two commits. */
export interface DiffEntry {
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly path: string;
  readonly oldPath?: string;
  /** Git's mode at the side that has the file: `100644`, `120000` (symbolic link), `160000` (submodule). */
  readonly mode: string;
}

const SAFE = ['--no-ext-diff', '--no-textconv', '--no-color'];

/** Files that differ between two commits (or trees), with renames followed. */
export async function diffTrees(
  repository: Repository,
  base: string,
  head: string,
): Promise<readonly DiffEntry[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--find-renames', '-l2000', ...SAFE, base, head];
  const parts = (await repository.run(args)).toString('utf8').split('\0');
  const entries: DiffEntry[] = [];
  for (let i = 0; i < parts.length; ) {
    const meta = parts[i++];
    if (!meta?.startsWith(':')) continue;
    const [oldMode = '', newMode = '', , , status = ''] = meta.slice(1).split(' ');
    const first = parts[i++] ?? '';
    const mode = status === 'D' ? oldMode : newMode;
    if (status.startsWith('R'))
      entries.push({ status: 'renamed', oldPath: first, path: parts[i++] ?? '', mode });
    else
      entries.push({
        status: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified',
        path: first,
        mode,
      });
  }
  return entries;
}
