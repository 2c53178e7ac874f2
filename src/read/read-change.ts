import type { Cache } from '../cache/cache.ts';
import type { ChangeSet } from '../change/change-set.ts';
import { globRegex } from '../change/glob.ts';
import type { Marker } from '../change/markers.ts';
import type { BoundModel, BoundQuery, BoundUse } from './bind-uses.ts';
import type { NamedChain } from './chain.ts';
import type { ChainChange } from './chain-change.ts';
import type { CodeLevel, CodeOfChange } from './code-of-change.ts';
import type { OtherConflict } from './conflicts/beside-others.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import type { DocumentDifference } from './documents/document.ts';
import type { Followed } from './follow-chains.ts';
import type { LostInMerge } from './merges/lost-in-merges.ts';
import type { Snapshots } from './models/drizzle-snapshot.ts';
import type { ModelFiles } from './models/model-files.ts';
import type { Profile } from './profile/profile.ts';
import type { Connection } from './query.ts';
import { type ChangedText, type ReadFile, scanFiles } from './scan-files.ts';
import type { SqlOfChange } from './sql-of-change.ts';
import { CHANGES } from './tool/speaking.ts';
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
  /** What Drizzle believes to be there, where models are compared with its migrations. */
  readonly snapshots: { readonly base: Snapshots; readonly head: Snapshots };
  /** The files that a tool's configuration names for its models. */
  readonly modelFiles: { readonly base: ModelFiles; readonly head: ModelFiles };
  readonly connections: Sides<Connection>;
  /** Where documents that the configuration names and the schema differ. */
  readonly documents: Sides<DocumentDifference>;
  /** How much code was read. */
  readonly code: CodeLevel;
  readonly coverage: Coverage;
  /** Where it collides with other pull requests or branches; undefined where the door knows of none. */
  readonly others?: readonly OtherConflict[];
  /** What merge commits of the change dropped. */
  readonly lost?: readonly LostInMerge[];
  /** What the configuration's profiles say of the tables of its chains; undefined where it names none, or no chain is concerned. */
  readonly profile?: Profile;
}

/** The files in which something was found that a rule may speak of. */
export function pathsWithFacts(read: ReadChange): readonly string[] {
  const paths = new Set(read.addressed.keys());
  for (const { path } of read.coverage.notAnalysed) paths.add(path);
  for (const { source } of read.chains.flatMap(({ migrations }) => migrations)) paths.add(source.path);
  for (const { span } of [
    ...read.markers,
    ...read.queries.head,
    ...read.models.head,
    ...read.connections.head,
    ...read.documents.head,
  ])
    paths.add(span.path);
  for (const use of read.queries.head.flatMap((query) => query.tables)) paths.add(use.span.path);
  for (const file of read.files) if (file.language === 'sql') paths.add(file.path);
  return [...paths];
}

/** Whether a change touches nothing that a rule of Tablewarden's own asks for: they all ask for more than changed files. */
export function saysNothing({ chains, markers, ...read }: ReadChange): boolean {
  const sides = [read.uses, read.queries, read.models, read.connections].flatMap(({ base, head }) => [
    base,
    head,
  ]);
  return chains.length === 0 && [markers, ...sides].every(({ length }) => length === 0);
}

/** Whether beside that nothing of it is addressed to Tablewarden and nothing was left unread. */
export function isEmpty({ lost = [], ...read }: ReadChange): boolean {
  const isAddressed = read.addressed.size > 0 || read.coverage.notAnalysed.length > 0;
  return saysNothing(read) && !isAddressed && lost.length === 0;
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
  /(migrat|(^|\/)versions\/)[^.]*\.\w+$|(^|\/)(v|m|migration)?\d[^/]*\.([cm]?[jt]s|rb|py|php|exs|cs|go|java|kt)$|(^|\/)(knexfile|ormconfig|data-?source|typeorm|mikro-orm)[\w.-]*\.([cm]?[jt]s|json)$|(^|\/)\.sequelizerc$/i;
const IN_CHANGES = new RegExp(`(^|[/._-])(${CHANGES})/[^.]*\\.\\w+$`, 'i');

/** Whether a file by its name may speak of tables or be a migration: what reads it may ask for the whole tree. */
export function maySpeakOfTables(path: string): boolean {
  return isOfChain(path) || languageOf(path) !== 'other';
}

function isOfChain(path: string): boolean {
  return CHAIN_FILE.test(path) || CODE_MIGRATION.test(path) || IN_CHANGES.test(path);
}

/** Reads both sides of a change: migration chains, SQL elsewhere, code, conflict markers, and what could not be read. */
export async function readChange(
  changeSet: ChangeSet,
  named: readonly NamedChain[],
  cache: Cache,
  level: CodeLevel = 'touched',
  wrappers: readonly Wrapper[] = [],
  documents: readonly string[] = [],
): Promise<ReadChange> {
  const files = changeSet.files
    .filter(({ path }) => !INSTALLED.test(path))
    .map((file) => ({ ...file, language: languageOf(file.path) }));
  const scanned = await scanFiles(changeSet, files);
  const touchesChains = files.some(({ path, oldPath = '' }) => [path, oldPath].some(isOfChain));
  const touched = touchesChains ? await followed(changeSet, named, cache) : undefined;
  const code = await readCode(changeSet, files, cache, level, touched?.chains ?? [], wrappers);
  const isDescribed = files.some(({ path, oldPath = '' }) => isNamed(documents, path, oldPath));
  const { chains, notFollowed } =
    touched ??
    (level === 'all' || code?.speaks || isDescribed ? await followed(changeSet, named, cache) : NO_CHAINS);
  const said = (await code?.finish(chains, level)) ?? NO_CODE;
  const sql = await readSql(changeSet, scanned.sql, chains);
  const queries = {
    base: [...sql.base.queries, ...said.base.queries],
    head: [...sql.head.queries, ...said.head.queries],
  };
  return {
    files,
    chains,
    markers: scanned.markers,
    addressed: scanned.addressed,
    uses: { base: sql.base.uses, head: sql.head.uses },
    queries,
    models: { base: said.base.models, head: said.head.models },
    snapshots: await snapshotsOf(changeSet, chains, said),
    modelFiles: { base: said.base.modelFiles, head: said.head.modelFiles },
    connections: { base: said.base.connections, head: said.head.connections },
    documents: await documentsOf(changeSet, documents, chains),
    code: level,
    coverage: coverageOf(files, scanned.unreadable, sql.sources, chains, said.head, notFollowed),
  };
}

function isNamed(documents: readonly string[], ...paths: readonly string[]): boolean {
  return documents.some((one) => paths.some((path) => new RegExp(globRegex(one)).test(path)));
}

/**
 * Documents are read, and what reads them is loaded, only where some are named and a schema is known; those of base only to
 * tell what is new.
 */
async function documentsOf(
  { base, head }: ChangeSet,
  documents: readonly string[],
  chains: readonly ChainChange[],
): Promise<ReadChange['documents']> {
  if (documents.length === 0 || chains.length === 0) return { base: [], head: [] };
  const { readDocuments } = await import('./documents/read-documents.ts');
  const after = chains.filter((chain) => chain.head).map((chain) => chain.headSchema);
  const now = await readDocuments(documents, head, after);
  if (now.length === 0) return { base: [], head: [] };
  const before = chains.filter((chain) => chain.base).map((chain) => chain.baseSchema);
  return { base: await readDocuments(documents, base, before), head: now };
}

/** Read only where there are models to compare. */
async function snapshotsOf(
  changeSet: ChangeSet,
  chains: readonly ChainChange[],
  said: CodeOfChange,
): Promise<ReadChange['snapshots']> {
  const isDeclared = [...said.base.models, ...said.head.models].some(({ family }) => family === 'drizzle');
  if (!isDeclared || chains.length === 0) return { base: new Map(), head: new Map() };
  const { readSnapshots } = await import('./models/drizzle-snapshot.ts');
  return {
    base: await readSnapshots(
      chains.flatMap(({ base }) => base ?? []),
      changeSet.base,
    ),
    head: await readSnapshots(
      chains.flatMap(({ head }) => head ?? []),
      changeSet.head,
    ),
  };
}

const NOTHING = { queries: [], models: [], connections: [], modelFiles: new Map(), notRead: [] };
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

/** What follows chains is loaded only where a change may touch one. */
async function followed(changeSet: ChangeSet, named: readonly NamedChain[], cache: Cache): Promise<Followed> {
  const { followChains } = await import('./follow-chains.ts');
  return followChains(changeSet, named, cache);
}

const NO_CHAINS: Followed = { chains: [], notFollowed: [] };

/** What reads SQL is loaded only where the change may hold some. */
async function readSql(
  changeSet: ChangeSet,
  texts: readonly ChangedText[],
  chains: readonly ChainChange[],
): Promise<SqlOfChange> {
  if (texts.length === 0 && chains.length === 0) return NO_SQL;
  const { readSqlOfChange } = await import('./sql-of-change.ts');
  return readSqlOfChange(changeSet, texts, chains);
}

/** Packages that are committed with what installed them: nobody's own work, and nothing of it is judged. */
const INSTALLED = /(^|\/)(node_modules|bower_components|\.yarn)\//;

const NO_USES = { uses: [], queries: [] };
const NO_SQL: SqlOfChange = { base: NO_USES, head: NO_USES, sources: [] };

const CODE = /\.([cm]?[jt]sx?|vue|svelte|prisma)$/i;

function languageOf(path: string): ReadFile['language'] {
  if (/\.sql$/i.test(path)) return 'sql';
  return CODE.test(path) ? 'code' : 'other';
}
