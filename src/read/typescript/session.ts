import type { Node } from 'oxc-parser';
import type { Tree } from '../../change/change-set.ts';
import { lineStarts, type Span, toSpan } from '../../change/span.ts';
import { modelsOf } from '../prisma/models-of.ts';
import { schemasIn } from '../prisma/schemas-in.ts';
import type { Connection, Model, Query } from '../query.ts';
import { loadSqlReader } from '../sql/read-sql.ts';
import { isInProcess } from './at-once.ts';
import type { Family, FoundQuery } from './family.ts';
import { doesImplement, type Implementers } from './implementers.ts';
import { leftOut } from './left-out.ts';
import { loopAround, toLoop } from './loop.ts';
import type { CodeModule } from './module.ts';
import { type Asked, nothingAsked, toNeeds } from './needs.ts';
import type { OtherTexts } from './other-texts.ts';
import { CODE_FILE, SCHEMA_FILE } from './parse.ts';
import { reachedInLoops } from './reached-in-loops.ts';
import type { ImportResolver, Resolution } from './resolve.ts';
import { isGathered } from './resolver-loop.ts';
import { isModule, type Shelf } from './shelf.ts';
import { isSwallowed } from './swallowed.ts';
import type { Modules } from './trail.ts';
import type { Followed, Reading } from './turn-runs.ts';

/** What one file of code says of tables. */
export interface CodeFacts {
  readonly queries: readonly Query[];
  readonly models: readonly Model[];
  readonly connections?: readonly Connection[];
  /** It was to be read and could not be. */
  readonly notRead?: { readonly reason: string; readonly span: Span };
}

/** One file to be read. */
export interface Gated {
  readonly path: string;
  readonly id: string;
  readonly text: string;
  /** Those whose gate it passes. */
  readonly families: readonly Family[];
}

/** Reads files against modules that are loaded in rounds. */
export function openSession(
  tree: Tree,
  imports: ImportResolver,
  shelf: Shelf,
  entries: ReadonlyMap<string, { readonly id: string }>,
  others: OtherTexts,
  implementing: Implementers,
  familiesOf: (path: string, id: string, text: string) => readonly Family[],
) {
  const loaded = new Map<string, CodeModule | undefined>();
  const wanted = new Set<string>();
  const wantedTexts = new Set<string>();
  const wantedNames = new Set<string>();
  let lacks = false;
  let wantsSql = false;
  let canReadSql = false;
  let asked = nothingAsked();
  const idOf = (path: string) => entries.get(path)?.id ?? '';
  /** Works something out that may be asked for again: what it asked for and whether it lacks something are kept with it. */
  const noted = <T>(make: () => T): Noted<T> => {
    const around = { asked, lacks };
    asked = nothingAsked();
    lacks = false;
    const one = { value: make(), asked, lacks };
    ({ asked, lacks } = around);
    return one;
  };
  const taken = <T>(one: Noted<T>): T => {
    asked.before.add(one.asked);
    lacks ||= one.lacks;
    return one.value;
  };
  const whole = new Map<object, Noted<unknown>>();
  /** What lacks something is no different until more is loaded. */
  const lacking = new Map<object, Noted<unknown>>();
  const modules: Modules = {
    load: (path) => {
      if (!asked.files.has(path)) asked.files.set(path, idOf(path));
      if (loaded.has(path)) return loaded.get(path);
      lacks = true;
      wanted.add(path);
      return undefined;
    },
    resolve: (from, specifier) => {
      const key = `${from}\0${specifier}`;
      const found = imports.resolve(from, specifier);
      if (!asked.imports.has(key)) asked.imports.set(key, [from, specifier, answerText(found)]);
      return found;
    },
    implementers: (name) => {
      const paths = implementing.get(name);
      if (!paths) {
        lacks = true;
        wantedNames.add(name);
        return [];
      }
      asked.implementers.set(name, paths.join('\n'));
      return paths.flatMap((path) => {
        const module = modules.load(path);
        const classes = module?.classes.filter((one) => doesImplement(one, name)) ?? [];
        return module ? classes.map((node) => ({ module, node })) : [];
      });
    },
    texts: (suffix) => {
      asked.texts.set(suffix, others.mark(suffix));
      const held = others.get(suffix);
      if (held) return held;
      lacks = true;
      wantedTexts.add(suffix);
      return undefined;
    },
    once: <T>(of: object, make: () => T): T => {
      const before = (whole.get(of) ?? lacking.get(of)) as Noted<T> | undefined; // kept for this very object
      if (before) return taken(before);
      const one = noted(make);
      (one.lacks ? lacking : whole).set(of, one);
      return taken(one);
    },
  };
  const say = (module: CodeModule): Said => modules.once(module, () => sayAnew(module));
  const sayAnew = (module: CodeModule): Said => {
    const families = familiesOf(module.path, idOf(module.path), module.text);
    if (!canReadSql && families.some((family) => family.readsSql)) {
      wantsSql = true;
      lacks = true;
      return { queries: [], models: [] };
    }
    return saidBy(families, module, modules);
  };
  const followed = new Map<Node, Map<string, Noted<Followed>>>();
  const lackingFollowed = new Map<Node, Map<string, Noted<Followed>>>();
  const reading: Reading = {
    modules,
    find: (module) => say(module).queries,
    kept: <T extends Followed>(
      node: Node,
      key: string,
      fits: (before: Followed) => boolean,
      make: () => T,
    ): T => {
      for (const kept of [followed, lackingFollowed]) {
        const before = kept.get(node)?.get(key) as Noted<T> | undefined; // kept under this very key
        if (before && fits(before.value)) return taken(before);
      }
      const one = noted(make);
      if (one.value.cut.size === 0) {
        const kept = one.lacks ? lackingFollowed : followed;
        kept.set(node, (kept.get(node) ?? new Map<string, Noted<Followed>>()).set(key, one));
      }
      return taken(one);
    },
  };
  return {
    loadWanted: async () => {
      if (wantsSql) for (const dialect of ['postgres', 'sqlite'] as const) await loadSqlReader(dialect);
      canReadSql = wantsSql;
      await others.load(wantedTexts);
      wantedTexts.clear();
      await implementing.load(wantedNames);
      wantedNames.clear();
      lacking.clear();
      lackingFollowed.clear();
      const paths = [...wanted];
      wanted.clear();
      for (const path of paths) loaded.set(path, undefined);
      for (const [path, { text }] of await tree.read(paths.filter((path) => CODE_FILE.test(path)))) {
        const found = text === undefined ? undefined : shelf.parse(path, idOf(path), text);
        if (found && isModule(found)) loaded.set(path, found);
      }
    },
    read: ({ path, id, text }: Gated) => {
      lacks = false;
      asked = nothingAsked();
      const needs = () => toNeeds(asked, path);
      if (SCHEMA_FILE.test(path)) {
        const facts = declaredIn(path, modules);
        return { facts, lacks, needs };
      }
      const module = shelf.parse(path, id, text);
      let facts = isModule(module) ? factsOf(module, say(module), reading) : unread(path, text, module);
      if (isModule(module) && !lacks) {
        const reached = reachedInLoops(module, reading);
        facts = { ...facts, queries: [...facts.queries, ...reached] };
      }
      return { facts, lacks, needs };
    },
  };
}

/** Something that was worked out, what it asked for, and whether something was not there yet that may make it different. */
interface Noted<T> {
  readonly value: T;
  readonly asked: Asked;
  readonly lacks: boolean;
}

/** What families say of one module. */
interface Said {
  readonly queries: readonly (FoundQuery & { readonly family: string })[];
  readonly models: readonly Model[];
  readonly connections?: readonly Connection[];
}

function saidBy(families: readonly Family[], module: CodeModule, modules: Modules): Said {
  const queries: Said['queries'][number][] = [];
  const models: Model[] = [];
  const connections: Connection[] = [];
  for (const family of families) {
    const found = family.read(module, modules);
    for (const query of found.queries) queries.push({ ...query, family: family.name });
    for (const model of found.models) models.push({ ...model, family: family.name });
    connections.push(...(found.connections ?? []));
  }
  return { queries: withoutDoubles(queries), models, ...(connections.length > 0 ? { connections } : {}) };
}

/** What one family only guesses, or names by a convention, does not count where another knows the very same expression. */
function withoutDoubles(queries: Said['queries']): Said['queries'] {
  const isGuess = ({ guessed, tables }: Said['queries'][number]) =>
    guessed || tables.every((use) => !use.table || use.resolvedBy === 'convention');
  const known = new Map(queries.flatMap((query) => (isGuess(query) ? [] : [[placeOf(query), query.family]])));
  return queries.filter(
    (query) => !isGuess(query) || (known.get(placeOf(query)) ?? query.family) === query.family,
  );
}

function placeOf({ node }: FoundQuery): string {
  return `${node.start} ${node.end}`;
}

function factsOf(module: CodeModule, { queries, ...said }: Said, reading: Reading): CodeFacts {
  const placed = queries.map(({ node, ...query }): Query => {
    const turns = query.deferred ? undefined : loopAround(module, node, reading.modules);
    const isNear = turns && isInProcess(module, { ...query, node }, reading.modules);
    const around =
      isNear || (turns?.kind === 'resolver' && isGathered({ ...query, node })) ? undefined : turns;
    const loop = around && toLoop(module, node, around, query, reading);
    const isDdl = query.tables.some((use) => use.op === 'ddl');
    const swallowed = isDdl && isSwallowed(module, node);
    const isWrite = query.tables.some(({ op }) => op === 'update' || op === 'delete');
    const out = isWrite && query.hasFilter === false ? leftOut(module, node) : [];
    return {
      ...query,
      span: module.span(node),
      ...(loop ? { loop } : {}),
      ...(swallowed ? { swallowed } : {}),
      ...(out.length > 0 ? { leftOut: out } : {}),
    };
  });
  return { ...said, queries: placed };
}

/** The models of one file of a schema. */
function declaredIn(path: string, modules: Modules): CodeFacts {
  const schemas = schemasIn(modules.texts('.prisma') ?? []);
  const models = schemas.flatMap((schema) => modelsOf(schema, path));
  const file = schemas.flatMap((schema) => schema.files).find((one) => one.path === path);
  const facts = { queries: [], models };
  return file?.read.trouble ? { ...facts, ...withReason(path, file.text, file.read.trouble) } : facts;
}

function unread(
  path: string,
  text: string,
  trouble: { readonly reason: string; readonly offset: number },
): CodeFacts {
  return { queries: [], models: [], ...withReason(path, text, trouble) };
}

function withReason(
  path: string,
  text: string,
  { reason, offset }: { readonly reason: string; readonly offset: number },
): Pick<CodeFacts, 'notRead'> {
  return { notRead: { reason, span: toSpan(path, lineStarts(text), offset, offset) } };
}

/** Where an import leads, as a text that can be compared. */
export function answerOf(imports: ImportResolver, from: string, specifier: string): string {
  return answerText(imports.resolve(from, specifier));
}

function answerText(found: Resolution): string {
  return found.kind === 'file' ? found.path : `${found.kind}:`;
}
