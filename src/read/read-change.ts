import type { Cache } from '../cache/cache.ts';
import type { ChangeSet } from '../change/change-set.ts';
import type { Marker } from '../change/markers.ts';
import type { Schema } from '../schema/schema.ts';
import { type BoundUse, bindUses } from './bind-uses.ts';
import type { Chain, NamedChain } from './chain.ts';
import { type ChainChange, followChain } from './chain-change.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { findChains } from './find-chains.ts';
import { pairChains } from './pair-chains.ts';
import { readLoneFile } from './read-lone-file.ts';
import { type ChangedText, type ReadFile, scanFiles } from './scan-files.ts';
import type { SqlSource } from './source.ts';
import { loadSqlParser, readSql } from './sql/read-sql.ts';
import { folderOf } from './tool/layout.ts';

/** Everything that was read of a change, on both sides. */
export interface ReadChange {
  readonly files: readonly ReadFile[];
  readonly chains: readonly ChainChange[];
  readonly markers: readonly Marker[];
  /** Head's texts that hold a comment addressed to Tablewarden. */
  readonly addressed: ReadonlyMap<string, string>;
  readonly uses: { readonly base: readonly BoundUse[]; readonly head: readonly BoundUse[] };
  readonly coverage: Coverage;
}

/** Paths whose change can change a migration chain. */
const CHAIN_FILE =
  /\.sql$|(^|\/)(_journal\.json|migration_lock\.toml|metadata\.toml|diesel\.toml|config\.toml)$|\.prisma$|(^|\/)drizzle\.config\./i;

/** Reads both sides of a change: migration chains, SQL elsewhere, conflict markers, and what could not be read. */
export async function readChange(
  changeSet: ChangeSet,
  named: readonly NamedChain[],
  cache: Cache,
): Promise<ReadChange> {
  const files = changeSet.files.map((file) => ({ ...file, language: languageOf(file.path) }));
  const scanned = await scanFiles(changeSet, files);
  const touchesChains = files.some(
    (file) => CHAIN_FILE.test(file.path) || CHAIN_FILE.test(file.oldPath ?? ''),
  );
  const chains = touchesChains ? await followChains(changeSet, named, cache) : [];
  const sources = await readSources(scanned.sql, chains);
  return {
    files,
    chains,
    markers: scanned.markers,
    addressed: scanned.addressed,
    uses: { base: boundUses(sources.base, chains, 'base'), head: boundUses(sources.head, chains, 'head') },
    coverage: coverageOf(files, scanned.unreadable, sources.head, chains),
  };
}

async function followChains(
  changeSet: ChangeSet,
  named: readonly NamedChain[],
  cache: Cache,
): Promise<ChainChange[]> {
  const base = await findChains(changeSet.base, named);
  const head = await findChains(changeSet.head, named);
  const chains: ChainChange[] = [];
  for (const pair of pairChains(base, head))
    chains.push(await followChain(pair.base, pair.head, changeSet, cache));
  return chains;
}

interface Sources {
  readonly base: readonly SqlSource[];
  readonly head: readonly SqlSource[];
}

/** Sources of the changed SQL files; those of new migrations were read with their chain. Down migrations stay apart. */
async function readSources(texts: readonly ChangedText[], chains: readonly ChainChange[]): Promise<Sources> {
  if (texts.length > 0) await loadSqlParser();
  const read = new Map(
    chains.flatMap((chain) => chain.migrations.map(({ source }) => [source.path, source])),
  );
  const down = new Set(chains.flatMap((chain) => [...downPaths(chain.base), ...downPaths(chain.head)]));
  const owner = { base: ownersOf(chains, 'base'), head: ownersOf(chains, 'head') };
  const readFile = (path: string, text: string, side: 'base' | 'head') => {
    const own = owner[side].get(path)?.[side];
    if (own) return readSql(path, text, own.dialect);
    const siblings = texts.flatMap((one) => (folderOf(one.path) === folderOf(path) ? (one[side] ?? []) : []));
    return readLoneFile({ path, text, siblings }, nearestChain(path, chains)?.dialect ?? 'postgres');
  };
  const base: SqlSource[] = [];
  const head: SqlSource[] = [];
  for (const text of texts) {
    if (down.has(text.path)) continue;
    const path = text.oldPath ?? text.path;
    if (text.head !== undefined) head.push(read.get(text.path) ?? readFile(text.path, text.head, 'head'));
    if (text.base !== undefined) base.push(readFile(path, text.base, 'base'));
  }
  return { base, head };
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
function boundUses(
  sources: readonly SqlSource[],
  chains: readonly ChainChange[],
  side: 'base' | 'head',
): BoundUse[] {
  const owner = ownersOf(chains, side);
  const schemas = (chain: ChainChange): readonly Schema[] =>
    side === 'head' ? [chain.headSchema, chain.baseSchema] : [chain.baseSchema];
  return sources.flatMap((source) => {
    const own = owner.get(source.path);
    const asked = own ? [own] : chains;
    return bindUses(
      source.statements.flatMap((statement) => statement.uses),
      asked.map(schemas),
    );
  });
}

/** The chain that each migration of a side belongs to, by the migration's path. */
function ownersOf(chains: readonly ChainChange[], side: 'base' | 'head'): ReadonlyMap<string, ChainChange> {
  return new Map(
    chains.flatMap((chain) => (chain[side]?.migrations ?? []).map((file) => [file.path, chain] as const)),
  );
}

const CODE = /\.([cm]?[jt]sx?|vue|svelte)$/i;

function languageOf(path: string): ReadFile['language'] {
  if (/\.sql$/i.test(path)) return 'sql';
  return CODE.test(path) ? 'code' : 'other';
}
