import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where npm may have put a package that is installed with Tablewarden or beside it, the nearest first. Not where a checked
 * repository has it: what is found is run, and the repository may be a stranger's.
 */
export function foldersOf(name: string): readonly string[] {
  const folders: string[] = [];
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    if (!at.endsWith(`${sep}node_modules`)) folders.push(join(at, 'node_modules', name));
    if (dirname(at) === at) return folders;
  }
}
