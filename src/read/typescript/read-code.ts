import { createHash } from 'node:crypto';
import type { Cache } from '../../cache/cache.ts';
import type { Tree } from '../../change/change-set.ts';
import { lineStarts, type Span, toSpan } from '../../change/span.ts';
import type { Model, Query } from '../query.ts';
import { loadSqlReader } from '../sql/read-sql.ts';
import { FAMILIES } from './families.ts';
import type { Family } from './family.ts';
import type { CodeModule } from './module.ts';
import { CODE_FILE, loadCodeParser } from './parse.ts';
import { type ImportResolver, openImportResolver } from './resolve.ts';
import { isModule, type Shelf } from './shelf.ts';
import type { Modules } from './trail.ts';

/** What one file of code says of tables. */
export interface CodeFacts {
  readonly queries: readonly Query[];
  readonly models: readonly Model[];
  /** It was to be read and could not be. */
  readonly notRead?: { readonly reason: string; readonly span: Span };
}

/** Reads files of code of one tree. */
export interface CodeReader {
  /** What the given files say; those that no family's gate lets pass, and paths that are no code, are left out. */
  read(paths: Iterable<string>): Promise<ReadonlyMap<string, CodeFacts>>;
  /** Opened when it is first asked for. */
  resolver(): Promise<ImportResolver>;
}

/** Changes with every change of what reading makes of a text; the build fills it in. */
const READER_VERSION = process.env.TABLEWARDEN_READER ?? 'source';

/** Files that are read together. */
const BATCH = 400;

/** Rounds in which modules that were asked for are loaded: the length of the longest chain of imports that is followed. */
const ROUNDS = 30;

/** A reader of one tree. `shelf` is shared with the other side. */
export function openCodeReader(tree: Tree, cache: Cache, shelf: Shelf): CodeReader {
  let opened: Promise<ImportResolver> | undefined;
  const resolver = () => {
    opened ??= openImportResolver(tree);
    return opened;
  };
  const known = new Map<string, CodeFacts>();
  return {
    resolver,
    read: async (paths) => {
      const wanted = [...new Set(paths)].filter((path) => CODE_FILE.test(path) && !isNotRead(path));
      const found = new Map<string, CodeFacts>();
      const fresh = wanted.filter((path) => !known.has(path));
      for (let at = 0; at < fresh.length; at += BATCH)
        for (const [path, facts] of await readBatch(
          tree,
          fresh.slice(at, at + BATCH),
          cache,
          shelf,
          resolver,
        ))
          known.set(path, facts);
      for (const path of wanted) {
        const facts = known.get(path);
        if (facts) found.set(path, facts);
      }
      return found;
    },
  };
}

/** Installed, built and generated files, and types without code. */
function isNotRead(path: string): boolean {
  return /(^|\/)(node_modules|\.next|\.nuxt|\.output|\.yarn)\/|\.d\.[cm]?ts$|\.min\.js$/.test(path);
}

interface Gated {
  readonly path: string;
  readonly id: string;
  readonly text: string;
  readonly families: readonly Family[];
}

async function readBatch(
  tree: Tree,
  paths: readonly string[],
  cache: Cache,
  shelf: Shelf,
  resolver: () => Promise<ImportResolver>,
): Promise<ReadonlyMap<string, CodeFacts>> {
  const entries = await tree.entries();
  const facts = new Map<string, CodeFacts>();
  const pending: Gated[] = [];
  for (const [path, { text }] of await tree.read(paths)) {
    const families = text === undefined ? [] : FAMILIES.filter((family) => family.gate.test(text));
    if (text === undefined || families.length === 0) continue;
    const gated = { path, id: entries.get(path)?.id ?? '', text, families };
    const before = await fromCache(cache, gated, entries, resolver);
    if (before) facts.set(path, before);
    else pending.push(gated);
  }
  if (pending.length === 0) return facts;

  await loadCodeParser();
  if (pending.some(({ families }) => families.some((family) => family.readsSql)))
    await loadSqlReader('postgres');
  const session = openSession(tree, await resolver(), shelf, entries);
  let open: readonly Gated[] = pending;
  for (let round = 0; round < ROUNDS && open.length > 0; round++) {
    const asking: Gated[] = [];
    for (const gated of open) {
      const read = session.read(gated);
      if (read.lacks && round < ROUNDS - 1) {
        asking.push(gated);
        continue;
      }
      facts.set(gated.path, read.facts);
      await cache.put(keyOf(gated), JSON.stringify({ ...read.facts, needs: read.needs }));
    }
    await session.loadWanted();
    open = asking;
  }
  return facts;
}

/** What a file's facts depend on beside itself: the files that were looked into, and where imports led. */
interface Needs {
  readonly files: readonly (readonly [path: string, id: string])[];
  readonly imports: readonly (readonly [from: string, specifier: string, answer: string])[];
}

function keyOf({ path, id }: Gated): string {
  return `code/${createHash('sha256').update(`${READER_VERSION}\0${path}\0${id}`).digest('hex')}`;
}

async function fromCache(
  cache: Cache,
  gated: Gated,
  entries: ReadonlyMap<string, { readonly id: string }>,
  resolver: () => Promise<ImportResolver>,
): Promise<CodeFacts | undefined> {
  const text = await cache.get(keyOf(gated));
  if (text === undefined) return undefined;
  const { needs, ...facts } = JSON.parse(text) as CodeFacts & { readonly needs: Needs }; // written by this very reader
  for (const [path, id] of needs.files) if ((entries.get(path)?.id ?? '') !== id) return undefined;
  if (needs.imports.length > 0) {
    const imports = await resolver();
    for (const [from, specifier, answer] of needs.imports)
      if (answerOf(imports, from, specifier) !== answer) return undefined;
  }
  return facts;
}

function answerOf(imports: ImportResolver, from: string, specifier: string): string {
  const found = imports.resolve(from, specifier);
  return found.kind === 'file' ? found.path : `${found.kind}:`;
}

/** Reads files against modules that are loaded in rounds. */
function openSession(
  tree: Tree,
  imports: ImportResolver,
  shelf: Shelf,
  entries: ReadonlyMap<string, { readonly id: string }>,
) {
  const loaded = new Map<string, CodeModule | undefined>();
  const wanted = new Set<string>();
  let lacks = false;
  let files = new Map<string, string>();
  let answers = new Map<string, Needs['imports'][number]>();
  const modules: Modules = {
    load: (path) => {
      files.set(path, entries.get(path)?.id ?? '');
      if (loaded.has(path)) return loaded.get(path);
      lacks = true;
      wanted.add(path);
      return undefined;
    },
    resolve: (from, specifier) => {
      const key = `${from}\0${specifier}`;
      if (!answers.has(key)) answers.set(key, [from, specifier, answerOf(imports, from, specifier)]);
      return imports.resolve(from, specifier);
    },
  };
  return {
    loadWanted: async () => {
      const paths = [...wanted];
      wanted.clear();
      for (const path of paths) loaded.set(path, undefined);
      for (const [path, { text }] of await tree.read(paths.filter((path) => CODE_FILE.test(path)))) {
        const found = text === undefined ? undefined : shelf.parse(path, entries.get(path)?.id ?? '', text);
        if (found && isModule(found)) loaded.set(path, found);
      }
    },
    read: ({ path, id, text, families }: Gated) => {
      lacks = false;
      files = new Map();
      answers = new Map();
      const module = shelf.parse(path, id, text);
      const facts = isModule(module) ? factsOf(module, families, modules) : unread(path, text, module);
      files.delete(path);
      return { facts, lacks, needs: { files: [...files], imports: [...answers.values()] } };
    },
  };
}

function factsOf(module: CodeModule, families: readonly Family[], modules: Modules): CodeFacts {
  const queries: Query[] = [];
  const models: Model[] = [];
  for (const family of families) {
    const found = family.read(module, modules);
    for (const { node, ...query } of found.queries)
      queries.push({ ...query, family: family.name, span: module.span(node) });
    for (const model of found.models) models.push({ ...model, family: family.name });
  }
  return { queries, models };
}

function unread(
  path: string,
  text: string,
  { reason, offset }: { readonly reason: string; readonly offset: number },
): CodeFacts {
  const span = toSpan(path, lineStarts(text), offset, offset);
  return { queries: [], models: [], notRead: { reason, span } };
}
