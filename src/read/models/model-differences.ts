import { posix } from 'node:path';
import type { Schema } from '../../schema/schema.ts';
import type { BoundModel } from '../bind-uses.ts';
import type { ChainChange } from '../chain-change.ts';
import type { CodeLevel } from '../code-of-change.ts';
import { whyPassedOver } from '../tool/passed-over.ts';
import { type Comparison, compareModels } from './compare-models.ts';
import type { ModelDifference } from './difference.ts';
import type { Snapshots } from './drizzle-snapshot.ts';
import type { ModelFiles } from './model-files.ts';

/** What models and migrations of one side say differently, and whether the other side had that already. */
export interface DifferencesOfSide {
  readonly differences: readonly (ModelDifference & { readonly isNew: boolean })[];
  readonly notCompared: Comparison['notCompared'];
}

/** What was read of a change, as far as models are compared with migrations. */
export interface ModelsRead {
  readonly chains: readonly ChainChange[];
  readonly models: { readonly base: readonly BoundModel[]; readonly head: readonly BoundModel[] };
  /** Of chains of Drizzle. */
  readonly snapshots?: { readonly base: Snapshots; readonly head: Snapshots };
  /** What the tool's configuration names for models. */
  readonly modelFiles?: { readonly base: ModelFiles; readonly head: ModelFiles };
  /** How far code was read; `touched` when undefined. */
  readonly code?: CodeLevel;
}

/** Tools that write migrations from models, or whose models are written beside them, by the family of the models. */
const TOOLS: ReadonlySet<string> = new Set(['prisma', 'drizzle', 'typeorm', 'mikro-orm', 'sequelize']);

/** Where the models of each chain's own tool and its migrations differ. With `all` there is no before: everything is new. */
export function modelDifferences(read: ModelsRead, all: boolean): Record<'base' | 'head', DifferencesOfSide> {
  const sides = { base: ofSide(read, 'base'), head: ofSide(read, 'head') };
  const before = new Set(all ? [] : sides.base.differences.map(keyOf));
  const marked = (side: Comparison, isNew: (one: ModelDifference) => boolean): DifferencesOfSide => ({
    notCompared: side.notCompared,
    differences: side.differences.map((one) => ({ ...one, isNew: isNew(one) })),
  });
  return {
    base: marked(sides.base, () => false),
    head: marked(sides.head, (one) => !before.has(keyOf(one))),
  };
}

/** Tables and columns by their names: what was only renamed on both sides differs as it did. */
function keyOf({ chain, tableId, table, change }: ModelDifference): string {
  return JSON.stringify([chain, tableId ?? table, change]);
}

function ofSide(
  { chains, models, snapshots, modelFiles, code = 'touched' }: ModelsRead,
  side: 'base' | 'head',
): Comparison {
  const files = modelFiles?.[side] ?? new Map();
  const named = new Set([...files.values()].flatMap((one) => [...one.files]));
  const declared = models[side].filter(({ span: { path } }) => named.has(path) || !isAside(path));
  const kept = chains.filter((change) => change[side] && TOOLS.has(change[side].tool));
  const homes = homesOf(kept, declared, side, files);
  const compared = kept.map((change): Comparison => {
    const chain = change[side];
    if (!chain || (change.baseline && side === 'base')) return NOTHING;
    const own = declared.filter((model) => homes.get(model) === change);
    const schema = side === 'head' ? change.headSchema : change.baseSchema;
    if (own.length === 0) return NOTHING;
    const had = new Set(
      models.base.flatMap((model) => (model.chain === chain.id ? (model.tableId ?? []) : [])),
    );
    const expected = ({ id }: { readonly id: number }) => code === 'all' || had.has(id);
    const snapshot = snapshots?.[side].get(chain.id);
    const others = declared.filter(
      (model) => model.family === chain.tool && model.chain === chain.id && !homes.has(model),
    );
    return compareModels({ chain, schema, models: own, others, expected, ...(snapshot ? { snapshot } : {}) });
  });
  return {
    differences: compared.flatMap((one) => one.differences),
    notCompared: compared.flatMap((one) => one.notCompared),
  };
}

const NOTHING: Comparison = { differences: [], notCompared: [] };

/** Tests, and what is run by hand: they declare the part of a table that they need. */
function isAside(path: string): boolean {
  return (
    whyPassedOver(posix.dirname(path)) !== undefined ||
    /(^|\/)(scripts?|migrations?|seeds?|seeders?|docs?)\/|\.(test|spec|e2e|bench)\.\w+$/.test(path)
  );
}

/**
 * The chain whose migrations a model's tool writes: the one that has its table, and for a table that none has the one whose
 * configuration names its file, or that the models beside it speak to. None where a configuration names other files.
 */
function homesOf(
  chains: readonly ChainChange[],
  models: readonly BoundModel[],
  side: 'base' | 'head',
  files: ModelFiles,
): ReadonlyMap<BoundModel, ChainChange> {
  const homes = new Map<BoundModel, ChainChange>();
  const filesOf = (change: ChainChange) => files.get(change[side]?.id ?? '');
  const isNamed = ({ span }: BoundModel, change: ChainChange): boolean =>
    filesOf(change)?.files.has(span.path) ?? false;
  const fits = (model: BoundModel, change: ChainChange): boolean =>
    change[side]?.tool === model.family &&
    (model.dialect === undefined || model.dialect === schemaOf(change, side).dialect) &&
    (isNamed(model, change) || !filesOf(change)?.isWhole);
  for (const model of models) {
    const change = chains.find(({ id, base }) => id === model.chain || base?.id === model.chain);
    if (change && fits(model, change) && model.tableId !== undefined) homes.set(model, change);
  }
  const byPlace = new Map<string, Map<ChainChange, number>>();
  for (const [{ span }, change] of homes)
    for (const place of [span.path, posix.dirname(span.path)]) {
      const counts = byPlace.get(place) ?? new Map<ChainChange, number>();
      byPlace.set(place, counts.set(change, (counts.get(change) ?? 0) + 1));
    }
  for (const model of models) {
    if (model.chain !== undefined) continue;
    const { path } = model.span;
    const naming = chains.filter((one) => isNamed(model, one));
    const beside = byPlace.get(path) ?? byPlace.get(posix.dirname(path));
    const around = beside ? [...beside.keys()] : chains.filter((one) => fits(model, one));
    const [change, ...more] = naming.length > 0 ? naming : around;
    if (change && more.length === 0 && fits(model, change)) homes.set(model, change);
  }
  return homes;
}

function schemaOf(change: ChainChange, side: 'base' | 'head'): Schema {
  return side === 'head' ? change.headSchema : change.baseSchema;
}
