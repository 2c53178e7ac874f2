import type { LeftOut, MigrationFile } from '../chain.ts';
import { dialectOf } from './dialect.ts';
import { folderOf, joined, marksAbove } from './layout.ts';
import type { Draft, Texts, Tool } from './tool.ts';

/**
 * `deploy/<change>.sql` in the order of `sqitch.plan`; a change that was reworked has its former script as
 * `<change>@<tag>.sql`. https://sqitch.org/docs/manual/sqitchplan/
 */
export const sqitch: Tool = {
  name: 'sqitch',
  folders: (layout) =>
    (layout.marks.get('sqitch.plan') ?? []).map((path) => joined(folderOf(path), 'deploy')),
  markers: (layout, folder) => [planOf(folder), ...marksAbove(layout, folder, 'sqitch.conf')],
  draft(layout, folder, texts) {
    const plan = texts.get(planOf(folder));
    if (plan === undefined) return undefined;
    const migrations: MigrationFile[] = [];
    const leftOut: LeftOut[] = [];
    for (const [at, names] of changesOf(plan).entries()) {
      const file = names.find((name) => layout.entries.has(joined(folder, `${name}.sql`))) ?? names[0];
      const path = joined(folder, `${file}.sql`);
      const entry = layout.entries.get(path);
      if (!entry) {
        leftOut.push({ path, reason: `missing: ${planOf(folder)} lists it, so sqitch stops here` });
        continue;
      }
      const downPath = joined(joined(folderOf(folder), 'revert'), `${file}.sql`);
      migrations.push({
        ...{ name: file, path, id: entry.id, order: String(at) },
        ...(layout.entries.has(downPath) ? { downPath } : {}),
      });
    }
    const known = new Set(migrations.map(({ path }) => path));
    for (const file of layout.sql.get(folder) ?? [])
      if (!known.has(joined(folder, file)))
        leftOut.push({ path: joined(folder, file), reason: `not run: ${planOf(folder)} does not list it` });
    return {
      migrations,
      leftOut,
      dialect: engineIn([planOf(folder), ...marksAbove(layout, folder, 'sqitch.conf')], texts),
      // Its own tables stand in a schema of their own that no migration names.
      prelude: () => '',
      transactional: () => false,
    } satisfies Draft;
  },
};

function planOf(folder: string): string {
  return joined(folderOf(folder), 'sqitch.plan');
}

/** A change of the plan: its script's possible names, of which the first that is there is run. */
type Change = readonly [first: string, ...others: string[]];

/** Changes in the plan's order. One that stands there again is reworked: its former script has a tag that came between. */
function changesOf(plan: string): readonly Change[] {
  const lines = plan.split(/\r?\n/).map((line) => line.trim());
  const words = lines.flatMap((line) => /^(?:\+\s*)?([^\s%#-]\S*)/.exec(line)?.[1] ?? []);
  const next = new Map<string, number>();
  const changes: Change[] = [];
  let tags: { readonly at: number; readonly tag: string }[] = [];
  for (let at = words.length - 1; at >= 0; at--) {
    const word = words[at] ?? '';
    if (word.startsWith('@')) {
      tags = [{ at, tag: word }, ...tags];
      continue;
    }
    const again = next.get(word);
    const between = again === undefined ? [] : tags.filter((tag) => tag.at < again);
    const [first, ...others] = between.map(({ tag }) => `${word}${tag}`);
    changes.unshift(first === undefined ? [word] : [first, ...others]);
    next.set(word, at);
  }
  return changes;
}

/** `engine = pg` of `sqitch.conf`, or the target in it. */
function engineIn(paths: readonly string[], texts: Texts): Draft['dialect'] {
  for (const path of paths) {
    const said = /^[ \t]*engine[ \t]*=[ \t]*(\w+)/m.exec(texts.get(path) ?? '')?.[1];
    const word = said === undefined ? undefined : dialectOf(said);
    if (word) return { word, reason: `${path}: engine = ${said}` };
  }
  return undefined;
}
