import type { Tree } from '../change/change-set.ts';
import type { Chain, MigrationFile } from './chain.ts';
import { readMigrations } from './replay.ts';
import type { SqlSource } from './source.ts';

/** A migration of base that head has otherwise: with another content, at another place in the order, or not at all. */
export interface EditedMigration {
  readonly file: MigrationFile;
  readonly as?: MigrationFile;
  /** The content is the same, and one that came before now comes after. */
  readonly reordered?: boolean;
  /** Its statements are, to the letter, what they were: comments, line ends or the space between them differ. */
  readonly reworded?: boolean;
}

/** Head's migrations whose name base lacks, and those that run again as they changed; in head's order. */
export function newMigrations(base: Chain, head: Chain): readonly MigrationFile[] {
  const known = new Map(base.migrations.map((file) => [file.name, file]));
  return head.migrations.filter((file) => {
    const former = known.get(file.name);
    return !former || (file.repeatable === true && former.id !== file.id);
  });
}

/**
 * A migration of base is found again by its name; its content must be the same, and none that came after it may come before.
 * One that runs again whenever it changes may do both.
 */
export function alteredMigrations(base: Chain, head: Chain): readonly EditedMigration[] {
  const byName = new Map(head.migrations.map((file, place) => [file.name, { file, place }]));
  let furthest = -1;
  return base.migrations.flatMap((file) => {
    const found = byName.get(file.name);
    if (!found) return [{ file }];
    const { file: as, place } = found;
    if (as.repeatable) return [];
    const reordered = place < furthest;
    furthest = Math.max(furthest, place);
    if (as.id !== file.id || as.imports !== file.imports) return [{ file, as }];
    return reordered ? [{ file, as, reordered }] : [];
  });
}

/** Tells those of which only comments and white space differ. */
export async function withReworded(
  edited: readonly EditedMigration[],
  base: Chain,
  head: Chain,
  trees: { readonly base: Tree; readonly head: Tree },
): Promise<readonly EditedMigration[]> {
  const suspects = edited.filter(({ as, reordered }) => as && !reordered);
  if (suspects.length === 0) return edited;
  const before = await readMigrations(
    base,
    suspects.map(({ file }) => file),
    trees.base,
  );
  const after = await readMigrations(
    head,
    suspects.flatMap(({ as }) => as ?? []),
    trees.head,
  );
  const reworded = new Set(suspects.filter((_, at) => textOf(before[at]) === textOf(after[at])));
  return edited.map((one) => (reworded.has(one) ? { ...one, reworded: true } : one));
}

function textOf(read: { readonly source: SqlSource } | undefined): string {
  return JSON.stringify(read?.source.statements.map(({ text, notSql }) => [text, notSql]));
}
