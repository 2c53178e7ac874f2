import type { Cache } from '../cache/cache.ts';
import type { ChangedFile, ChangeSet, Tree } from '../change/change-set.ts';
import type { BoundModel, BoundQuery } from './bind-uses.ts';
import { bindModel, bindQuery } from './bind-uses.ts';
import type { ChainChange } from './chain-change.ts';
import { filesNaming } from './files-naming.ts';
import { type ModelFiles, readModelFiles } from './models/model-files.ts';
import { preferChain } from './prefer-chain.ts';
import type { Connection, Model } from './query.ts';
import type { Candidate } from './tables-named.ts';
import { touchedWords } from './touched-words.ts';
import { isReadAsCode } from './typescript/parse.ts';
import { type CodeReader, openCodeReader } from './typescript/read-code.ts';
import type { CodeFacts } from './typescript/session.ts';
import { openShelf, type Shelf } from './typescript/shelf.ts';
import { withCallers } from './with-callers.ts';
import type { Wrapper } from './wrapper.ts';

/** How much code is read: none, what the change touches, or all of it. */
export type CodeLevel = 'none' | 'touched' | 'all';

/** What code says on one side, bound to the chains of that side. */
export interface CodeOfSide {
  readonly queries: readonly BoundQuery[];
  readonly models: readonly BoundModel[];
  readonly connections: readonly Connection[];
  readonly modelFiles: ModelFiles;
  /** Files that were to be read and could not be. */
  readonly notRead: readonly NonNullable<CodeFacts['notRead']>[];
}

/** The code of both sides. */
export interface CodeOfChange {
  readonly base: CodeOfSide;
  readonly head: CodeOfSide;
}

/** What changed files say of tables, before the chains are known that they speak to. */
export interface CodeReading {
  /** Whether any of the changed files speaks of tables. */
  readonly speaks: boolean;
  /** Reads further files where the change touches tables, and binds everything. */
  finish(chains: readonly ChainChange[], level: CodeLevel): Promise<CodeOfChange>;
}

/** Reads the changed files of code on both sides. */
export async function readCodeOfChange(
  changeSet: ChangeSet,
  files: readonly ChangedFile[],
  cache: Cache,
  wrappers: readonly Wrapper[],
): Promise<CodeReading> {
  const shelf = openShelf();
  const sides = {
    base: openSide(changeSet.base, cache, shelf, wrappers),
    head: openSide(changeSet.head, cache, shelf, wrappers),
  };
  const code = files.filter((file) => file.kind === 'file' && isReadAsCode(file.path));
  const isAll = changeSet.base.name === 'nothing';
  const base = await sides.base.add(
    code.flatMap((file) => (file.status === 'added' ? [] : (file.oldPath ?? file.path))),
    'loops',
  );
  const head = await sides.head.add(
    code.flatMap((file) => (file.status === 'deleted' ? [] : file.path)),
    'loops',
  );
  return {
    speaks: base + head > 0,
    finish: async (chains, level) => {
      for (const which of ['base', 'head'] as const) sides[which].leave(migrationsOf(chains, which));
      for (const side of [sides.base, sides.head]) await readFurther(side, chains, level);
      return {
        base: await bound(sides.base, chains, 'base', shelf, isAll),
        head: await bound(sides.head, chains, 'head', shelf, isAll),
      };
    },
  };
}

interface Side {
  readonly tree: Tree;
  readonly reader: CodeReader;
  readonly facts: Map<string, CodeFacts>;
  /** Leaves files aside: migrations, which are read as such. */
  leave(paths: ReadonlySet<string>): void;
  /** Reads files; the number of those that say something. */
  add(paths: readonly string[], loops?: 'loops'): Promise<number>;
}

function openSide(tree: Tree, cache: Cache, shelf: Shelf, wrappers: readonly Wrapper[]): Side {
  const reader = openCodeReader(tree, cache, shelf, wrappers);
  const facts = new Map<string, CodeFacts>();
  const left = new Set<string>();
  return {
    tree,
    reader,
    facts,
    leave: (paths) => {
      for (const path of paths) {
        left.add(path);
        facts.delete(path);
      }
    },
    add: async (paths, loops) => {
      const wanted = paths.filter((path) => !left.has(path));
      if (wanted.length === 0) return 0;
      for (const [path, found] of await reader.read(wanted, loops)) facts.set(path, found);
      return facts.size;
    },
  };
}

function migrationsOf(chains: readonly ChainChange[], side: 'base' | 'head'): ReadonlySet<string> {
  return new Set(chains.flatMap((chain) => chain[side]?.migrations.map(({ path }) => path) ?? []));
}

async function readFurther(side: Side, chains: readonly ChainChange[], level: CodeLevel): Promise<void> {
  if (level === 'all') await side.add([...(await side.tree.entries()).keys()]);
  if (level !== 'touched') return;
  const words = touchedWords(chains);
  if (words.size === 0) return;
  const asked = new Set<string>();
  for (let open = [...words]; open.length > 0; open = []) {
    for (const word of open) asked.add(word);
    await side.add(await filesNaming(side.tree, open));
  }
  const names = [...namesInCode(side.facts.values(), words)].filter((name) => !asked.has(name));
  await side.add(await filesNaming(side.tree, names));
}

/** What code calls the tables and columns of those names: the names of models, and of their columns. */
export function namesInCode(facts: Iterable<CodeFacts>, words: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { models } of facts)
    for (const { name, otherNames = [], table, columns } of models) {
      if (words.has(table.name)) for (const one of [name, ...otherNames]) names.add(one);
      for (const column of columns)
        if (words.has(column.column) || (column.convention !== undefined && words.has(column.convention)))
          for (const one of [column.name, ...(column.otherNames ?? [])]) names.add(one);
    }
  return names;
}

async function bound(
  side: Side,
  chains: readonly ChainChange[],
  which: 'base' | 'head',
  shelf: Shelf,
  isAll: boolean,
): Promise<CodeOfSide> {
  const facts = [...side.facts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const candidates = chains.flatMap((chain): readonly Candidate[] => {
    const schemas = which === 'head' ? [chain.headSchema, chain.baseSchema] : [chain.baseSchema];
    return chain[which] || which === 'head' ? [schemas] : [];
  });
  const prefer =
    facts.length > 0 && candidates.length > 1
      ? preferChain(await side.reader.resolver(), chains, which)
      : () => undefined;
  const queries = facts.flatMap((one) =>
    one.queries.flatMap((query) => bindQuery(query, candidates, prefer) ?? []),
  );
  const told = withoutEchoes(queries);
  const models = facts.flatMap((one) => one.models);
  const modelFiles = models.some(({ family }) => family === 'drizzle')
    ? await readModelFiles(
        chains.flatMap((chain) => chain[which] ?? []),
        side.tree,
        shelf,
        side.reader.resolver,
      )
    : NO_FILES;
  return {
    queries: which === 'head' ? await withCallers(told, side.tree, side.reader, shelf, isAll) : told,
    models: models.map((model) => bindModel(model, candidatesOf(model, candidates, modelFiles), prefer)),
    modelFiles,
    connections: facts.flatMap((one) => one.connections ?? []),
    notRead: facts.flatMap((one) => one.notRead ?? []),
  };
}

const NO_FILES: ModelFiles = new Map();

/** The chain whose configuration alone names a model's file, or all; of the database that Prisma's `provider` says. */
function candidatesOf(
  { family, dialect, span: { path } }: Model,
  candidates: readonly Candidate[],
  modelFiles: ModelFiles,
): readonly Candidate[] {
  if (family === 'prisma' && dialect) return candidates.filter(([schema]) => schema?.dialect === dialect);
  if (family !== 'drizzle') return candidates;
  const own = candidates.filter(([schema]) => schema && modelFiles.get(schema.chain)?.files.has(path));
  return own.length === 1 ? own : candidates;
}

/** A text that a query runs is not told again by the file in which it is written. */
function withoutEchoes(queries: readonly BoundQuery[]): readonly BoundQuery[] {
  const run = new Set(queries.filter((query) => !query.guessed).flatMap(({ tables }) => tables.map(placeOf)));
  return queries.filter(({ guessed, tables }) => !guessed || !tables.every((use) => run.has(placeOf(use))));
}

function placeOf({
  span: { path, line, column },
}: {
  readonly span: { path: string; line: number; column: number };
}): string {
  return `${path}:${line}:${column}`;
}
