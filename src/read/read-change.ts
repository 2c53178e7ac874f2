import type { Cache } from '../cache/cache.ts';
import type { ChangeSet } from '../change/change-set.ts';
import type { Marker } from '../change/markers.ts';
import type { Schema } from '../schema/schema.ts';
import { type BoundModel, type BoundQuery, type BoundUse, bindQuery, bindUses } from './bind-uses.ts';
import type { Chain, LeftOut, NamedChain } from './chain.ts';
import { type ChainChange, followChain } from './chain-change.ts';
import type { CodeLevel, CodeOfChange } from './code-of-change.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { findChains, surveyChains } from './find-chains.ts';
import { pairChains } from './pair-chains.ts';
import { queriesOfSource } from './queries-of-source.ts';
import type { Connection } from './query.ts';
import { readCodeSources } from './read-code-sources.ts';
import { readLoneFile } from './read-lone-file.ts';
import { readMigration } from './read-migration.ts';
import { type ChangedText, type ReadFile, scanFiles } from './scan-files.ts';
import type { SqlSource } from './source.ts';
import { loadSqlReader } from './sql/read-sql.ts';
import { folderOf } from './tool/layout.ts';
import { touchedWords } from './touched-words.ts';
import type { Wrapper } from './wrapper.ts';

/** Everything that was read of a change, on both sides. */
export interface ReadChange {
  readonly files: readonly ReadFile[];
  readonly chains: readonly ChainChange[];
  readonly markers: readonly Marker[];
  /** Head's texts that hold a comment addressed to Tablewarden. */
  readonly addressed: ReadonlyMap<string, string>;
  /** Uses of tables by migrations. */
  readonly uses: Sides<BoundUse>;
  /** Queries of code, and of SQL outside migrations. */
  readonly queries: Sides<BoundQuery>;
  readonly models: Sides<BoundModel>;
  readonly connections: Sides<Connection>;
  /** How much code was read. */
  readonly code: CodeLevel;
  readonly coverage: Coverage;
}

/** The files in which something was found that a rule may speak of. */
export function pathsWithFacts(read: Omit<ReadChange, 'coverage'>): readonly string[] {
  const paths = new Set(read.addressed.keys());
  for (const { source } of read.chains.flatMap(({ migrations }) => migrations)) paths.add(source.path);
  for (const { span } of [
    ...read.markers,
    ...read.queries.head,
    ...read.models.head,
    ...read.connections.head,
  ])
    paths.add(span.path);
  for (const use of read.queries.head.flatMap((query) => query.tables)) paths.add(use.span.path);
  for (const file of read.files) if (file.language === 'sql') paths.add(file.path);
  return [...paths];
}

interface Sides<T> {
  readonly base: readonly T[];
  readonly head: readonly T[];
}

/** Paths whose change can change a migration chain. */
const CHAIN_FILE =
  /\.(sql|fizz|prisma)$|(^|\/)(_journal\.json|migration_lock\.toml|metadata\.toml|diesel\.toml|config\.toml|atlas\.(sum|hcl)|sqitch\.(plan|conf)|wrangler\.\w+)$|(^|\/)drizzle\.config\.|change-?log[^/]*\.(xml|ya?ml|json)$/i;

/** Code that may be a migration, or lists or configures them. */
const CODE_MIGRATION =
  /(migrat|alterations?\/|(^|\/)versions\/)[^.]*\.\w+$|(^|\/)(v|m|migration)?\d[^/]*\.([cm]?[jt]s|rb|py|php|exs|cs|go|java|kt)$|(^|\/)(knexfile|ormconfig|data-?source|typeorm|mikro-orm)[\w.-]*\.([cm]?[jt]s|json)$|(^|\/)\.sequelizerc$/i;

function isOfChain(path: string): boolean {
  return CHAIN_FILE.test(path) || CODE_MIGRATION.test(path);
}

/** Reads both sides of a change: migration chains, SQL elsewhere, code, conflict markers, and what could not be read. */
export async function readChange(
  changeSet: ChangeSet,
  named: readonly NamedChain[],
  cache: Cache,
  level: CodeLevel = 'touched',
  wrappers: readonly Wrapper[] = [],
): Promise<ReadChange> {
  const files = changeSet.files.map((file) => ({ ...file, language: languageOf(file.path) }));
  const scanned = await scanFiles(changeSet, files);
  const touchesChains = files.some(({ path, oldPath = '' }) => [path, oldPath].some(isOfChain));
  const followed = touchesChains ? await followChains(changeSet, named, cache) : undefined;
  const code = await readCode(changeSet, files, cache, level, followed?.chains ?? [], wrappers);
  const { chains, notFollowed } =
    followed ?? (level === 'all' || code?.speaks ? await followChains(changeSet, named, cache) : NO_CHAINS);
  const said = (await code?.finish(chains, level)) ?? NO_CODE;
  const sources = withCode(await readSources(scanned.sql, chains), await readCodeSources(changeSet, chains));
  const uses = { base: usesOf(sources.base, chains, 'base'), head: usesOf(sources.head, chains, 'head') };
  const queries = {
    base: [...uses.base.queries, ...said.base.queries],
    head: [...uses.head.queries, ...said.head.queries],
  };
  return {
    files,
    chains,
    markers: scanned.markers,
    addressed: scanned.addressed,
    uses: { base: uses.base.uses, head: uses.head.uses },
    queries,
    models: { base: said.base.models, head: said.head.models },
    connections: { base: said.base.connections, head: said.head.connections },
    code: level,
    coverage: coverageOf(
      files,
      scanned.unreadable,
      sources.head.map(({ source }) => source),
      chains,
      said.head,
      notFollowed,
    ),
  };
}

const NOTHING = { queries: [], models: [], connections: [], notRead: [] };
const NO_CODE: CodeOfChange = { base: NOTHING, head: NOTHING };

/** Code is read, and what reads it is loaded, only where the change holds code or touches what code may use. */
async function readCode(
  changeSet: ChangeSet,
  files: readonly ReadFile[],
  cache: Cache,
  level: CodeLevel,
  chains: readonly ChainChange[],
  wrappers: readonly Wrapper[],
) {
  const hasCode = files.some((file) => file.language === 'code');
  const asked = level === 'all' || hasCode || touchedWords(chains).size > 0;
  if (level === 'none' || !asked) return undefined;
  const { readCodeOfChange } = await import('./code-of-change.ts');
  return readCodeOfChange(changeSet, files, cache, wrappers);
}

interface Followed {
  readonly chains: readonly ChainChange[];
  readonly notFollowed: readonly LeftOut[];
}

const NO_CHAINS: Followed = { chains: [], notFollowed: [] };

async function followChains(
  changeSet: ChangeSet,
  named: readonly NamedChain[],
  cache: Cache,
): Promise<Followed> {
  const base = await findChains(changeSet.base, named);
  const head = await surveyChains(changeSet.head, named);
  const chains: ChainChange[] = [];
  for (const pair of pairChains(base, head.chains))
    chains.push(await followChain(pair.base, pair.head, changeSet, cache));
  return { chains, notFollowed: head.notFollowed };
}

interface ReadText {
  readonly source: SqlSource;
  readonly text: string;
}

/** Sources of the changed SQL files; those of new migrations were read with their chain. Down migrations stay apart. */
async function readSources(
  texts: readonly ChangedText[],
  chains: readonly ChainChange[],
): Promise<Sides<ReadText>> {
  const read = new Map(
    chains.flatMap((chain) => chain.migrations.map(({ source }) => [source.path, source])),
  );
  const down = new Set(chains.flatMap((chain) => [...downPaths(chain.base), ...downPaths(chain.head)]));
  const owner = { base: ownersOf(chains, 'base'), head: ownersOf(chains, 'head') };
  const beside = { base: textsByFolder(texts, 'base'), head: textsByFolder(texts, 'head') };
  const readFile = async (path: string, text: string, side: 'base' | 'head') => {
    const own = owner[side].get(path)?.[side];
    if (own) {
      await loadSqlReader(own.dialect);
      return readMigration(own, path, text);
    }
    const siblings = beside[side].get(folderOf(path)) ?? [];
    return readLoneFile({ path, text, siblings }, nearestChain(path, chains)?.dialect ?? 'postgres');
  };
  const base: ReadText[] = [];
  const head: ReadText[] = [];
  for (const { path, oldPath = path, ...text } of texts) {
    if (down.has(path)) continue;
    if (text.head !== undefined)
      head.push({ source: read.get(path) ?? (await readFile(path, text.head, 'head')), text: text.head });
    if (text.base !== undefined)
      base.push({ source: await readFile(oldPath, text.base, 'base'), text: text.base });
  }
  return { base, head };
}

/** So many texts of a folder tell its dialect. */
const ENOUGH = 20;

function textsByFolder(
  texts: readonly ChangedText[],
  side: 'base' | 'head',
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, [side]: text } of texts) {
    const some = found.get(folderOf(path)) ?? [];
    if (text !== undefined && some.length < ENOUGH) found.set(folderOf(path), [...some, text]);
  }
  return found;
}

function withCode(texts: Sides<ReadText>, code: Sides<SqlSource>): Sides<ReadText> {
  const both = (side: 'base' | 'head') => [
    ...texts[side],
    ...code[side].map((source) => ({ source, text: '' })),
  ];
  return { base: both('base'), head: both('head') };
}

function downPaths(chain: Chain | undefined): readonly string[] {
  return chain?.migrations.flatMap((file) => file.downPath ?? []) ?? [];
}

/** The chain whose folder shares the longest path with a file's. */
function nearestChain(path: string, chains: readonly ChainChange[]): Chain | undefined {
  const parts = path.split('/');
  let nearest: Chain | undefined;
  let longest = -1;
  for (const { head, base } of chains) {
    const chain = head ?? base;
    if (!chain) continue;
    const folder = chain.id.split('/');
    let shared = 0;
    while (shared < folder.length && folder[shared] === parts[shared]) shared++;
    if (shared > longest) [nearest, longest] = [chain, shared];
  }
  return nearest;
}

/** A migration speaks to its own chain, as it stood before or after the change; other SQL may speak to any. */
function usesOf(texts: readonly ReadText[], chains: readonly ChainChange[], side: 'base' | 'head') {
  const owner = ownersOf(chains, side);
  const schemas = (chain: ChainChange): readonly Schema[] =>
    side === 'head' ? [chain.headSchema, chain.baseSchema] : [chain.baseSchema];
  const uses: BoundUse[] = [];
  const queries: BoundQuery[] = [];
  for (const { source, text } of texts) {
    const own = owner.get(source.path);
    if (own)
      uses.push(
        ...bindUses(
          source.statements.flatMap((statement) => statement.uses),
          [schemas(own)],
        ),
      );
    else
      for (const query of queriesOfSource(source, text)) {
        const bound = bindQuery(query, chains.map(schemas), () => undefined);
        if (bound) queries.push(bound);
      }
  }
  return { uses, queries };
}

/** The chain that each migration of a side belongs to, by the migration's path. */
function ownersOf(chains: readonly ChainChange[], side: 'base' | 'head'): ReadonlyMap<string, ChainChange> {
  return new Map(
    chains.flatMap((chain) => (chain[side]?.migrations ?? []).map((file) => [file.path, chain] as const)),
  );
}

const CODE = /\.([cm]?[jt]sx?|vue|svelte|prisma)$/i;

function languageOf(path: string): ReadFile['language'] {
  if (/\.sql$/i.test(path)) return 'sql';
  return CODE.test(path) ? 'code' : 'other';
}
