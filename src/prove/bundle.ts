import { fileURLToPath } from 'node:url';

/** The program of a process of ours: beside this file's own bundle, or in `dist` when sources are run. */
export function bundleOf(name: 'engine-child' | 'pglite-child' | 'judge-child'): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/' : './';
  return fileURLToPath(new URL(`${folder}${name}.js`, import.meta.url));
}
