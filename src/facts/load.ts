import { type Scratch, ScratchError } from '../prove/scratch.ts';
import type { FactRows } from './fact-rows.ts';
import { vocabulary } from './vocabulary.ts';

/** Makes the vocabulary's tables in an empty scratch and fills them: all, or those named and what they are made of. */
export async function loadFacts(
  scratch: Scratch,
  { rows }: FactRows,
  only?: ReadonlySet<string>,
): Promise<void> {
  const { schemas, macros, tables } = vocabulary();
  const wanted = [...tables.values()].filter(({ name }) => !only || only.has(name) || isBehind(name, only));
  const { failed } = await scratch.run([
    [...schemas, ...macros, ...wanted.map(({ sql }) => sql)].join(';\n'),
  ]);
  if (failed) throw new ScratchError('error', failed.message);
  await Promise.all(
    wanted.flatMap(({ name }) => {
      const found = rows.get(name);
      return found ? [scratch.load(name, found)] : [];
    }),
  );
}

/** `change.lines` is a view of `change.hunks`. */
function isBehind(name: string, only: ReadonlySet<string>): boolean {
  return name === 'change.hunks' && only.has('change.lines');
}
