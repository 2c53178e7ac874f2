import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import type { OtherChange } from '../../src/read/conflicts/beside-others.ts';
import { readOpenChange } from '../../src/read/conflicts/read-open-change.ts';
import type { Example } from '../../src/rule/rule.ts';

/** The other open pull request of an example, where it has one. */
export async function othersOf({ files }: Example): Promise<readonly OtherChange[]> {
  if (files.every(({ other }) => other === undefined)) return [];
  const textsOf = (textOf: (file: Example['files'][number]) => string | undefined) =>
    new Map(
      files.flatMap((file) => {
        const text = textOf(file);
        return text === undefined ? [] : [[file.path, text] as const];
      }),
    );
  const change = await changeOfTexts(
    textsOf(({ base }) => base),
    textsOf(({ base, other }) => other ?? base),
  );
  const { chains, readUses } = await readOpenChange(change, [], openCache(undefined), []);
  return [{ name: '#12', pull: 12, isMerged: false, change: { chains, uses: await readUses() } }];
}
