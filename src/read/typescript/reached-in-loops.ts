import type { Node } from 'oxc-parser';
import type { Query } from '../query.ts';
import { unwrapped } from './call-chain.ts';
import { type Callee, calleeOf } from './callee.ts';
import type { FoundQuery } from './family.ts';
import { handedIn } from './handed-in.ts';
import { loopAround } from './loop.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction } from './scope.ts';
import type { Modules } from './trail.ts';
import { waitsForOthers } from './turn.ts';

/** Calls between a loop and a query that are followed. */
const HOPS = 3;

/** What is followed in, and what was found before. */
export interface Following {
  readonly modules: Modules;
  /** The queries of a module by family, as families found them. */
  find(module: CodeModule): readonly (FoundQuery & { readonly family: string })[];
  /** What a function was found to reach before, under the same key and where `fits`; else it is made, and kept. */
  kept(node: Node, key: string, fits: (before: Reach) => boolean, make: () => Reach): Reach;
}

/** A query that a function runs, with the calls that lead to it. */
interface Reached {
  readonly query: FoundQuery & { readonly family: string };
  readonly path: readonly string[];
}

/** All that a function runs. */
export interface Reach {
  readonly found: readonly Reached[];
  /** The functions that were followed, itself among them. */
  readonly through: ReadonlySet<Node>;
  /** Those that were being followed already, so that what they run is not among the found. */
  readonly cut: ReadonlySet<Node>;
}

/** The queries that loops of a module reach through the functions they call: one entry a call, with the tables of all that it runs. */
export function reachedInLoops(module: CodeModule, following: Following): readonly Query[] {
  const { modules } = following;
  const own = new Set(following.find(module).map(({ node }) => node));
  const known = new Map<Node, readonly Reached[]>();
  const found: Query[] = [];
  for (const { links } of module.chains)
    for (const link of links) {
      if (!link.args || own.has(link.node) || link.node.type !== 'CallExpression') continue;
      const loop = loopAround(module, link.node, modules);
      if (!loop) continue;
      const callee = runBy(module, link.node, modules);
      if (!callee) continue;
      const reached = known.get(callee.node) ?? reachedFrom(callee, following, 1, new Set()).found;
      known.set(callee.node, reached);
      const together = inOne(reached);
      if (!together) continue;
      const waits = loop.waits || waitsForOthers(callee.module, callee.node);
      const kind =
        callee.node.start < link.node.start && link.node.end <= callee.node.end && callee.module === module
          ? 'recursion'
          : loop.kind;
      found.push({ ...together, span: module.span(link.node), loop: { ...loop, kind, waits } });
    }
  return found;
}

function runBy(module: CodeModule, call: Node, modules: Modules): Callee | undefined {
  return calleeOf(module, call, modules) ?? handedIn(module, call, modules);
}

/** What a function reaches; what another way found is taken where nothing that is open now was a part of it. */
function reachedFrom(callee: Callee, following: Following, hop: number, open: ReadonlySet<Node>): Reach {
  const { node, name } = callee;
  if (open.has(node)) return { found: [], through: new Set(), cut: new Set([node]) };
  const fits = ({ through }: Reach) => ![...open].some((one) => through.has(one));
  return following.kept(node, `${hop} ${name}`, fits, () => follow(callee, following, hop, open));
}

function follow(callee: Callee, following: Following, hop: number, open: ReadonlySet<Node>): Reach {
  const { module, node, name } = callee;
  const here = `${name} ${placeOf(module, node)}`;
  const within = (inner: Node) => inner.start >= node.start && inner.end <= node.end;
  const direct = following
    .find(module)
    .filter((query) => within(query.node) && !query.guessed)
    .map((query) => ({ query, path: [here, placeOf(module, query.node)] }));
  const through = new Set([node]);
  const cut = new Set<Node>();
  if (direct.length > 0 || hop >= HOPS) return { found: direct, through, cut };
  const inner = new Set([...open, node]);
  const further: Reached[] = [];
  for (const below of nodesBelow(node)) {
    if (below.type !== 'CallExpression' || !isRunWith(module, below, node)) continue;
    const next = runBy(module, below, following.modules);
    if (!next) continue;
    const passesOn = below === onlyCall(node);
    const reach = reachedFrom(next, following, passesOn ? hop : hop + 1, inner);
    for (const { query, path } of reach.found)
      further.push({ query, path: [here, ...(passesOn ? path.slice(1) : path)] });
    for (const one of reach.through) through.add(one);
    for (const one of reach.cut) if (one !== node) cut.add(one);
  }
  return { found: further, through, cut };
}

/** The call of a function that does nothing but pass on: it is no step of its own. */
function onlyCall(node: Node): Node | undefined {
  if (!isFunction(node) || !node.body) return undefined;
  const [only, second] = node.body.type === 'BlockStatement' ? node.body.body : [];
  const value = node.body.type === 'BlockStatement' ? returned(only) : node.body;
  const inner = value && !second ? unwrapped(value) : undefined;
  return inner?.type === 'AwaitExpression' ? unwrapped(inner.argument) : inner;
}

function returned(statement: Node | undefined): Node | undefined {
  if (statement?.type === 'ReturnStatement') return statement.argument ?? undefined;
  return statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
}

/** Whether a call is run when the function is: it stands in no function of its own that is only kept. */
function isRunWith(module: CodeModule, call: Node, root: Node): boolean {
  for (let above = module.parentOf(call); above && above !== root; above = module.parentOf(above))
    if (isFunction(above) && module.parentOf(above)?.type !== 'CallExpression') return false;
  return true;
}

function placeOf(module: CodeModule, node: Node): string {
  const { path, line } = module.span({ start: node.start, end: node.start });
  return `${path}:${line}`;
}

/** All queries that a call runs as one: by the shortest way to one that reads, if any does. */
function inOne(reached: readonly Reached[]): Omit<Query, 'span'> | undefined {
  const reads = reached.filter(({ query }) => query.tables.some((use) => use.op === 'read'));
  const [nearest] = [...(reads.length > 0 ? reads : reached)].sort((a, b) => a.path.length - b.path.length);
  if (!nearest) return undefined;
  const { family, database } = nearest.query;
  const tables = new Map(
    reached.flatMap(({ query }) =>
      query.tables.map((use) => [JSON.stringify([use.table, use.op]), use] as const),
    ),
  );
  return {
    family,
    database,
    tables: [...tables.values()],
    columns: [],
    columnsComplete: false,
    hasLimit: false,
    callPath: nearest.path,
  };
}
