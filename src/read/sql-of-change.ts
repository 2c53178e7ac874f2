import type { ChangeSet } from '../change/change-set.ts';
import type { Schema } from '../schema/schema.ts';
import { type BoundQuery, type BoundUse, bindQuery, bindUses } from './bind-uses.ts';
import type { Chain } from './chain.ts';
import type { ChainChange } from './chain-change.ts';
import { queriesOfSource } from './queries-of-source.ts';
import { readCodeSources } from './read-code-sources.ts';
import { readLoneFile } from './read-lone-file.ts';
import { readMigration } from './read-migration.ts';
import type { ChangedText } from './scan-files.ts';
import type { SqlSource } from './source.ts';
import { loadSqlReader } from './sql/read-sql.ts';
import { folderOf } from './tool/layout.ts';

interface ReadText {
  readonly source: SqlSource;
  readonly text: string;
}

interface Sides<T> {
  readonly base: readonly T[];
  readonly head: readonly T[];
}

interface Said {
  readonly uses: readonly BoundUse[];
  readonly queries: readonly BoundQuery[];
}

/** What changed SQL files and migrations in code say of tables, and head's as they were read. */
export interface SqlOfChange {
  readonly base: Said;
  readonly head: Said;
  readonly sources: readonly SqlSource[];
}

/** Reads the changed SQL files and migrations in code, and binds their names to the chains. */
export async function readSqlOfChange(
  changeSet: ChangeSet,
  texts: readonly ChangedText[],
  chains: readonly ChainChange[],
): Promise<SqlOfChange> {
  const { base, head } = withCode(await readSources(texts, chains), await readCodeSources(changeSet, chains));
  return {
    base: saidBy(base, chains, 'base'),
    head: saidBy(head, chains, 'head'),
    sources: head.map(({ source }) => source),
  };
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
function saidBy(texts: readonly ReadText[], chains: readonly ChainChange[], side: 'base' | 'head'): Said {
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
