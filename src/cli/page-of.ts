import { readFile } from 'node:fs/promises';
import type { Tree } from '../change/change-set.ts';
import type { Rule } from '../rule/rule.ts';

/** The pages lie beside `dist` and, from the sources, beside `src`. */
const PAGES = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../', import.meta.url);

/** The page of a rule as it was written; the user's own are read from `tree`. */
export async function pageOf({ own, path }: Pick<Rule, 'own' | 'path'>, tree: Tree): Promise<string> {
  if (!own) return readFile(new URL(path, PAGES), 'utf8');
  return (await tree.read([path])).get(path)?.text ?? '';
}
