import { createHash } from 'node:crypto';
import type { Cache } from '../../cache/cache.ts';
import type { Tree } from '../../change/change-set.ts';
import { READER_VERSION } from '../reader-version.ts';
import type { Wrapper } from '../wrapper.ts';
import { familiesOf } from './families.ts';
import { wrapperFamily } from './family/wrapper.ts';
import type { Family } from './family.ts';
import { type Implementers, openImplementers } from './implementers.ts';
import type { Needs } from './needs.ts';
import { type OtherTexts, openOtherTexts } from './other-texts.ts';
import { isReadAsCode, loadCodeParser, SCHEMA_FILE } from './parse.ts';
import { type ImportResolver, openImportResolver } from './resolve.ts';
import { answerOf, type CodeFacts, type Gated, openSession } from './session.ts';
import type { Shelf } from './shelf.ts';

/** Reads files of code of one tree. */
export interface CodeReader {
  /**
   * What the given files say; those that no family's gate lets pass, and paths that are no code, are left out. With `loops`
   * also files that hold nothing but a loop with a call: the query may be elsewhere.
   */
  read(paths: Iterable<string>, loops?: 'loops'): Promise<ReadonlyMap<string, CodeFacts>>;
  /** Opened when it is first asked for. */
  resolver(): Promise<ImportResolver>;
}

/** Changes with every change of what reading makes of a text; the build fills it in. */

/** Files whose texts are looked through together, and files that are parsed together. */
const BATCH = 2000;
const PARSED = 300;

/** Rounds in which modules that were asked for are loaded: the length of the longest chain of imports that is followed. */
const ROUNDS = 30;

/** A reader of one tree. `shelf` is shared with the other side. */
export function openCodeReader(
  tree: Tree,
  cache: Cache,
  shelf: Shelf,
  wrappers: readonly Wrapper[] = [],
): CodeReader {
  const family = wrapperFamily(wrappers);
  const own = family ? [family] : [];
  const implementing = openImplementers(tree, cache, READER_VERSION);
  const gated = new Map<string, readonly Family[]>();
  const setup = JSON.stringify(wrappers);
  let opened: Promise<ImportResolver> | undefined;
  const resolver = () => {
    opened ??= openImportResolver(tree);
    return opened;
  };
  let others: OtherTexts | undefined;
  const known = new Map<string, CodeFacts>();
  return {
    resolver,
    read: async (paths, loops) => {
      const wanted = [...new Set(paths)].filter(isReadAsCode);
      others ??= openOtherTexts(tree, await tree.entries());
      const { has } = others;
      const families = (path: string, id: string, text: string) => {
        const key = `${id} ${path}`;
        const before = gated.get(key) ?? familiesOf(text, has, own);
        gated.set(key, before);
        return before;
      };
      const open: Open = { tree, cache, shelf, resolver, others, implementing, families, setup };
      const found = new Map<string, CodeFacts>();
      const fresh = wanted.filter((path) => !known.has(path));
      for (let at = 0; at < fresh.length; at += BATCH)
        for (const [path, facts] of await readBatch(open, fresh.slice(at, at + BATCH), loops))
          known.set(path, facts);
      for (const path of wanted) {
        const facts = known.get(path);
        if (facts) found.set(path, facts);
      }
      return found;
    },
  };
}

/** One tree, opened. */
interface Open {
  readonly tree: Tree;
  readonly cache: Cache;
  readonly shelf: Shelf;
  resolver(): Promise<ImportResolver>;
  readonly others: OtherTexts;
  readonly implementing: Implementers;
  /** The families whose gate a file passes; a gate is asked once. */
  families(path: string, id: string, text: string): readonly Family[];
  /** What families of the configuration's own come from, as a text that can be compared. */
  readonly setup: string;
}

/** A loop of any form in a file that waits for something, and a resolver of a field, which is one. */
const LOOP_WITH_CALL =
  /\bawait\b[\s\S]*\b(?:for|while)\s*(?:await\s*)?\(|\b(?:for|while)\s*(?:await\s*)?\([\s\S]*\bawait\b|\.(?:map|forEach|flatMap|reduce|filter)\(\s*async\b|\bPromise\s*\.\s*all(?:Settled)?\(|@(?:ResolveField|ResolveProperty|FieldResolver)\b/;

async function readBatch(
  open: Open,
  paths: readonly string[],
  loops: 'loops' | undefined,
): Promise<ReadonlyMap<string, CodeFacts>> {
  const { tree } = open;
  const entries = await tree.entries();
  const facts = new Map<string, CodeFacts>();
  const pending: Gated[] = [];
  const cached: (readonly [Gated, Kept])[] = [];
  for (const [path, { text }] of await tree.read(paths)) {
    if (text === undefined) continue;
    const id = entries.get(path)?.id ?? '';
    const families = open.families(path, id, text);
    const isSpeaking =
      families.length > 0 || SCHEMA_FILE.test(path) || (loops !== undefined && LOOP_WITH_CALL.test(text));
    if (!isSpeaking) continue;
    const gated = { path, id, text, families };
    const before = await fromCache(open, gated, entries);
    if (before) cached.push([gated, before]);
    else pending.push(gated);
  }
  await open.implementing.load(
    new Set(cached.flatMap(([, { needs }]) => needs.implementers?.map(([name]) => name) ?? [])),
  );
  const implementing = (name: string) => open.implementing.get(name)?.join('\n');
  for (const [gated, { needs, ...found }] of cached) {
    const isSame = needs.implementers?.every(([name, paths]) => implementing(name) === paths) ?? true;
    if (isSame) facts.set(gated.path, found);
    else pending.push(gated);
  }
  for (let at = 0; at < pending.length; at += PARSED)
    for (const [path, found] of await parseBatch(open, pending.slice(at, at + PARSED)))
      facts.set(path, found);
  return facts;
}

/** Reads files in rounds: those that asked for modules that were not there are read again once they are. */
async function parseBatch(
  { tree, cache, shelf, resolver, others, implementing, families, setup }: Open,
  pending: readonly Gated[],
): Promise<ReadonlyMap<string, CodeFacts>> {
  await loadCodeParser();
  const facts = new Map<string, CodeFacts>();
  const entries = await tree.entries();
  const session = openSession(tree, await resolver(), shelf, entries, others, implementing, families);
  let open = pending;
  for (let round = 0; round < ROUNDS && open.length > 0; round++) {
    const asking: Gated[] = [];
    for (const gated of open) {
      const read = session.read(gated);
      if (read.lacks && round < ROUNDS - 1) {
        asking.push(gated);
        continue;
      }
      facts.set(gated.path, read.facts);
      await cache.put(keyOf(gated, setup), JSON.stringify({ ...read.facts, needs: read.needs() }));
    }
    await session.loadWanted();
    open = asking;
  }
  return facts;
}

function keyOf({ path, id, families }: Gated, setup: string): string {
  const names = `${families.map(({ name }) => name).join()}${setup === '[]' ? '' : setup}`;
  return `code/${createHash('sha256').update(`${READER_VERSION}\0${path}\0${id}\0${names}`).digest('hex')}`;
}

/** Facts as they are kept. */
type Kept = CodeFacts & { readonly needs: Needs };

async function fromCache(
  { cache, resolver, others, setup }: Open,
  gated: Gated,
  entries: ReadonlyMap<string, { readonly id: string }>,
): Promise<Kept | undefined> {
  const text = await cache.get(keyOf(gated, setup));
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as Kept; // written by this very reader
  const { needs } = kept;
  for (const [path, id] of needs.files) if ((entries.get(path)?.id ?? '') !== id) return undefined;
  for (const [suffix, mark] of needs.texts) if (others.mark(suffix) !== mark) return undefined;
  if (needs.imports.length > 0) {
    const imports = await resolver();
    for (const [from, specifier, answer] of needs.imports)
      if (answerOf(imports, from, specifier) !== answer) return undefined;
  }
  return kept;
}
