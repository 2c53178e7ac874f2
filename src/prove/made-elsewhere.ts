import type { Tree } from '../change/change-set.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { loadSqlReader } from '../read/sql/read-sql.ts';
import { folderOf } from '../read/tool/layout.ts';
import { whyPassedOver } from '../read/tool/passed-over.ts';
import { isMadeInSql } from './made-in-sql.ts';
import { endsIn, type Lacking, makes, shows, worksOn } from './mention.ts';
import { type MigrationVerdict, type Proof, takenBack } from './verdict.ts';

/**
 * Takes back refutations for want of a table, schema, type or function that another file of the repository makes, a set-up
 * script or another folder's migrations, or that migrations before the change work on too though none makes it: the chain does
 * not begin with an empty database, and whether such a migration applies is not known. What a later migration of the same chain
 * makes is missing all the same.
 */
export async function withMadeElsewhere(
  proofs: readonly Proof[],
  chains: readonly ChainChange[],
  head: Tree,
): Promise<readonly Proof[]> {
  const names = new Set(
    proofs.flatMap(({ migrations }) => migrations.flatMap((one) => lackingOf(one)?.name ?? [])),
  );
  if (names.size === 0) return proofs;
  const files = await filesNaming([...names], head);
  for (const dialect of new Set(chains.map(({ headSchema }) => headSchema.dialect)))
    await loadSqlReader(dialect);
  return proofs.map((proof) => {
    const inside = filesInside(proof.chain, chains);
    const own = chains.find(({ id }) => id === proof.chain);
    const migrations = proof.migrations.map((migration) => {
      const lacking = lackingOf(migration);
      if (!lacking || !own || isOfChain(own, files, lacking)) return migration;
      const what = `the ${lacking.kind} ${lacking.name}`;
      const maker = files.find((file) => !inside.has(file.path) && isMaker(file, own, lacking));
      if (maker)
        return takenBack(migration, `it works on ${what}, which ${maker.path} makes, outside of the chain`);
      const before = workedOnBefore(own, files, lacking, migration.path);
      return before
        ? takenBack(migration, `it works on ${what}, as ${before} does, and no migration makes it`)
        : migration;
    });
    return { ...proof, migrations };
  });
}

/** Whether a file makes it: SQL as the chain's database reads it; of programs and scripts the text tells. */
function isMaker({ path, text }: TextFile, { headSchema }: ChainChange, lacking: Lacking): boolean {
  if (!makes(text, lacking) && !shows(text, lacking)) return false;
  return !/\.(sql|psql)$/i.test(path) || isMadeInSql(path, text, headSchema.dialect, lacking);
}

/** Whether the chain itself makes something, or gave it another name or dropped it before the change: then it is missing. */
function isOfChain({ base, head }: ChainChange, files: readonly TextFile[], lacking: Lacking): boolean {
  const pathsOf = (chain: typeof head) => new Set(chain?.migrations.map(({ path }) => path));
  const [before, after] = [pathsOf(base), pathsOf(head)];
  return files.some(
    ({ path, text }) =>
      ((before.has(path) || after.has(path)) && makes(text, lacking)) ||
      (before.has(path) && endsIn(text, lacking)),
  );
}

/** Another migration, from before the change, that works on it. */
function workedOnBefore(
  { kind, base }: ChainChange,
  files: readonly TextFile[],
  lacking: Lacking,
  own: string,
): string | undefined {
  if (kind !== 'appended' || !base) return undefined;
  const before = new Set(base.migrations.map(({ path }) => path));
  return files.find(({ path, text }) => path !== own && before.has(path) && worksOn(text, lacking))?.path;
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
    const [name, schema] = (pattern.exec(error?.message ?? '')?.[1] ?? '').split('.').toReversed();
    if (name) return { kind, name, ...(schema === undefined ? {} : { schema }) };
  }
  return undefined;
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Files in which statements stand: SQL, programs and scripts. */
const STATEMENTS =
  /\.(sql|psql|[cm]?[jt]sx?|py|rb|go|java|kts?|rs|php|cs|exs?|sh|bash|ps1|pl|scala|clj|groovy)$/i;

/** Files that are read where a tree cannot be searched. */
const MOST = 5_000;

/** Files that hold one of the names, tests and documents aside. */
async function filesNaming(names: readonly string[], tree: Tree): Promise<readonly TextFile[]> {
  const paths = (await tree.search?.(names)) ?? [...(await tree.entries()).keys()];
  const may = paths.filter(
    (path) =>
      STATEMENTS.test(path) &&
      !/[._-](test|spec)\.\w+$/i.test(path) &&
      whyPassedOver(folderOf(path)) === undefined,
  );
  return [...(await tree.read(may.slice(0, MOST)))].flatMap(([path, { text }]) =>
    text !== undefined && names.some((name) => text.includes(name)) ? [{ path, text }] : [],
  );
}
