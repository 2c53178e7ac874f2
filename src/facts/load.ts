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
  const { failed } = await scratch.run([...schemas, ...macros, ...wanted.map(({ sql }) => sql)]);
  if (failed) throw new ScratchError('error', failed.message);
  const loads = wanted.flatMap(({ name, columns }) => {
    const found = rows.get(name);
    return found
      ? [
          scratch.load(
            name,
            columns.map((column) => column.name),
            found,
          ),
        ]
      : [];
  });
  await Promise.all(loads);
}

/** `change.lines` is a view of `change.hunks`. */
function isBehind(name: string, only: ReadonlySet<string>): boolean {
  return name === 'change.hunks' && only.has('change.lines');
}
