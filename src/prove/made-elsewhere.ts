import type { ChangeSet, Tree } from '../change/change-set.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { folderOf } from '../read/tool/layout.ts';
import { whyPassedOver } from '../read/tool/passed-over.ts';
import { endsIn, type Lacking, makes, worksOn } from './mention.ts';
import { type MigrationVerdict, type Proof, takenBack } from './verdict.ts';

/**
 * Takes back refutations for want of a table, schema, type or function that another file of the repository makes, a set-up script or another
 * folder's migrations, or that migrations before the change work on too though none makes it: the chain does not begin with an
 * empty database, and whether such a migration applies is not known. What a later migration of the same chain makes is missing
 * all the same.
 */
export async function withMadeElsewhere(
  proofs: readonly Proof[],
  chains: readonly ChainChange[],
  sides: Pick<ChangeSet, 'base' | 'head'>,
): Promise<readonly Proof[]> {
  const names = new Set(
    proofs.flatMap(({ migrations }) => migrations.flatMap((one) => lackingOf(one)?.name ?? [])),
  );
  if (names.size === 0) return proofs;
  const files = await filesNaming([...names], sides.head.search ? sides.head : sides.base);
  return proofs.map((proof) => {
    const inside = filesInside(proof.chain, chains);
    const own = chains.find(({ id }) => id === proof.chain);
    const migrations = proof.migrations.map((migration) => {
      const lacking = lackingOf(migration);
      if (!lacking) return migration;
      const what = `the ${lacking.kind} ${lacking.name}`;
      const maker = files.find(({ path, text }) => !inside.has(path) && makes(text, lacking));
      if (maker)
        return takenBack(migration, `it works on ${what}, which ${maker.path} makes, outside of the chain`);
      const before = own && workedOnBefore(own, files, lacking);
      return before
        ? takenBack(migration, `it works on ${what}, as ${before} does, and no migration makes it`)
        : migration;
    });
    return { ...proof, migrations };
  });
}

/** A migration from before the change that works on something which none of the chain makes, renames or drops. */
function workedOnBefore(
  { kind, base, head }: ChainChange,
  files: readonly TextFile[],
  lacking: Lacking,
): string | undefined {
  if (kind !== 'appended' || !base) return undefined;
  const own = new Set([base, head].flatMap((chain) => chain?.migrations.map(({ path }) => path) ?? []));
  const ours = files.filter(({ path }) => own.has(path));
  const before = new Set(base.migrations.map(({ path }) => path));
  const older = ours.filter(({ path }) => before.has(path));
  if (ours.some(({ text }) => makes(text, lacking)) || older.some(({ text }) => endsIn(text, lacking)))
    return undefined;
  return older.find(({ text }) => worksOn(text, lacking))?.path;
}

/**
 * Files that are no set-up of a chain's database: its own, and those of other chains, which may be of other databases; unless it is
 * no tool's chain but numbered scripts, which work on what a tool's migrations make.
 */
function filesInside(chain: string, chains: readonly ChainChange[]): ReadonlySet<string> {
  const isLoose = chains.some(({ id, base, head }) => id === chain && (head ?? base)?.tool === 'numbered');
  return new Set(chains.filter(({ id }) => !isLoose || id === chain).flatMap(filesOf));
}

function filesOf({ base, head }: ChainChange): readonly string[] {
  return [base, head].flatMap((chain) =>
    chain ? [...chain.migrations, ...chain.leftOut].map(({ path }) => path) : [],
  );
}

const MESSAGES: readonly (readonly [Lacking['kind'], RegExp])[] = [
  ['table', /^relation "([^"]+)" does not exist$/],
  ['table', /^Table '([^']+)' doesn't exist$/],
  ['table', /^Failed to open the referenced table '([^']+)'$/],
  ['table', /^no such table: (\S+)$/],
  ['table', /^Table with name (\S+) does not exist!/],
  ['schema', /^schema "([^"]+)" does not exist$/],
  ['type', /^type "([^"]+)" does not exist$/],
  ['function', /^function ([\w.]+)\(.*\) does not exist$/],
];

function lackingOf({ error }: MigrationVerdict): Lacking | undefined {
  for (const [kind, pattern] of MESSAGES) {
    const name = pattern
      .exec(error?.message ?? '')?.[1]
      ?.split('.')
      .at(-1);
    if (name) return { kind, name };
  }
  return undefined;
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Files that hold one of the names, tests and documents aside; none where only reading all would tell. */
async function filesNaming(names: readonly string[], tree: Tree): Promise<readonly TextFile[]> {
  const paths = (await tree.search?.(names)) ?? [];
  const may = paths.filter(
    (path) => !/\.mdx?$|[._-](test|spec)\.\w+$/i.test(path) && whyPassedOver(folderOf(path)) === undefined,
  );
  return [...(await tree.read(may))].flatMap(([path, { text }]) =>
    text === undefined ? [] : [{ path, text }],
  );
}
