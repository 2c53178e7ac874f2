import type { LeftOut } from './chain.ts';
import { type Drafted, filesOf } from './tell-dialect.ts';
import { folderOf, joined } from './tool/layout.ts';
import { numbered } from './tool/numbered.ts';
import { sqitch } from './tool/sqitch.ts';

/** A plain folder below one that a tool runs as a whole is no chain of its own, nor are sqitch's other scripts. */
export function withoutClaimed(drafts: readonly Drafted[]): readonly Drafted[] {
  const claimed = new Map<string, Set<Drafted>>();
  for (const drafted of drafts)
    for (const path of filesOf(drafted.draft))
      claimed.set(path, (claimed.get(path) ?? new Set()).add(drafted));
  const beside = drafts
    .filter(({ tool }) => tool === sqitch)
    .flatMap(({ folder }) => ['revert', 'verify'].map((name) => `${joined(folderOf(folder), name)}/`));
  return drafts.filter(
    ({ tool, folder, draft }) =>
      tool !== numbered ||
      !(
        beside.some((other) => `${folder}/`.startsWith(other)) ||
        [...filesOf(draft)].every((path) => (claimed.get(path)?.size ?? 0) > 1)
      ),
  );
}

/** Migrations in code that a list in another folder names are run there; a tool looks into no folder of its folder. */
export function withoutRegistered(drafts: readonly Drafted[], notFollowed: LeftOut[]): readonly Drafted[] {
  const code = drafts.filter(({ tool, folder }) => {
    const home = drafts.find((other) => other.tool === tool && folder.startsWith(`${other.folder}/`));
    if (!tool.isCode || !home || home.draft.migrations.length === 0) return tool.isCode;
    notFollowed.push({
      path: folder,
      reason: `not run: it lies in ${home.folder}, and ${tool.name} runs only what lies there itself`,
    });
    return false;
  });
  return drafts.filter(
    (one) =>
      !one.tool.isCode ||
      (code.includes(one) &&
        !code.some(
          (other) =>
            other !== one &&
            other.draft.migrations.length > one.draft.migrations.length &&
            one.draft.migrations.every(({ path }) =>
              other.draft.migrations.some((file) => file.path === path),
            ),
        )),
  );
}
