import type { FoundLoop } from './found-loop.ts';
import type { CodeModule } from './module.ts';

/** What one batch is called; what a page is called where a loop counts or waits for them; what many batches are. */
const BATCH = /chunk|batch/i;
const PAGE = /page|slice|window|partition|offset|cursor/i;
const BATCHES =
  /(chunks|batches|pages|partitions|slices|windows)$|(chunk\w*|batch\w*|partition\w*|paginate\w*)\([\s\S]*\)$/i;

/** Loops over batches: by their names, by how many there are, or by a step of more than one. */
export function isChunked(module: CodeModule, { at, over, names, kind }: FoundLoop): boolean {
  const pages = kind === 'for' || kind === 'while' || (at.type === 'ForOfStatement' && at.await);
  if ([...names].some((name) => BATCH.test(name) || (pages && PAGE.test(name)))) return true;
  if (over && BATCHES.test(module.text.slice(over.start, over.end))) return true;
  if (kind !== 'for' || at.type !== 'ForStatement') return false;
  const { test, update } = at;
  const asked = test ? module.text.slice(test.start, test.end) : '';
  if (BATCH.test(asked) || PAGE.test(asked)) return true;
  if (!update) return false;
  if (update.type === 'AssignmentExpression')
    return !(update.right.type === 'Literal' && update.right.value === 1) && /^[+-]=$/.test(update.operator);
  return false;
}
