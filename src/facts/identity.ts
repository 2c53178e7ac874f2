import type { ChainChange } from '../read/chain-change.ts';
import { tableName } from '../schema/lookup.ts';
import type { Schema, Table } from '../schema/schema.ts';

/** Identities of one chain start at a multiple of this in the facts: a schema's own are unique within its chain only. */
const STRIDE = 1_000_000_000;

/** What a table is called, for people and for SQL. */
export interface TableNames {
  readonly shown: string;
  readonly schema: string;
  readonly name: string;
}

/** Translates between a chain's own identities and those of the facts, which are unique across chains. */
export interface Identities {
  /** The chain of the change that has this id at either side. */
  chainOf(id: string): ChainChange | undefined;
  /** Identity in the facts of a table or column of a chain. */
  toFact(chain: ChainChange, id: number | undefined): number | null;
  /** Identity in the facts of a view: negative, the same on both sides. */
  viewToFact(chain: ChainChange, view: string): number;
  /** The chain and the chain's own identity; the identity is undefined for a view. */
  fromFact(
    id: number,
  ): { readonly chain: ChainChange; readonly id?: number; readonly names?: TableNames } | undefined;
}

/** Identities for the chains of one change. */
export function identitiesOf(chains: readonly ChainChange[]): Identities {
  const indexes = new Map(chains.map((chain, index) => [chain, index]));
  const views = chains.map((chain) => [
    ...new Set([...chain.baseSchema.views.keys(), ...chain.headSchema.views.keys()]),
  ]);
  const viewNumbers = views.map((names) => new Map(names.map((name, number) => [name, number])));
  const byId = new Map<string, ChainChange>();
  for (const chain of chains) if (chain.base) byId.set(chain.base.id, chain);
  for (const chain of chains) byId.set(chain.id, chain);
  const offset = (chain: ChainChange) => (indexes.get(chain) ?? 0) * STRIDE;
  return {
    chainOf: (id) => byId.get(id),
    toFact: (chain, id) => (id === undefined ? null : offset(chain) + id),
    viewToFact: (chain, view) => -offset(chain) - 1 - (viewNumbers[indexes.get(chain) ?? 0]?.get(view) ?? 0),
    fromFact: (id) => {
      const index = Math.floor((id < 0 ? -id - 1 : id) / STRIDE);
      const chain = chains[index];
      if (!chain) return undefined;
      if (id < 0) {
        const view = chain.headSchema.views.get(views[index]?.[-id - 1 - index * STRIDE] ?? '');
        return { chain, names: view && namesOf(view) };
      }
      const own = id - index * STRIDE;
      const table = tableAt(chain, own);
      return { chain, id: own, names: table && namesOf(table) };
    },
  };
}

/** The table of that identity as head has it, or base where head has it no more. */
export function tableAt(chain: ChainChange, id: number): Table | undefined {
  return chain.headSchema.tables.get(id) ?? chain.baseSchema.tables.get(id);
}

/** A type's or view's name for people: with its schema unless that is where connections start. */
export function shownName(object: { readonly schema: string; readonly name: string }): string {
  return tableName(object);
}

function namesOf(object: { readonly schema: string; readonly name: string }): TableNames {
  return { shown: tableName(object), schema: object.schema, name: object.name };
}

/** Both sides' schemas as rules are to see them: a new baseline is no change unless everything is asked for. */
export function sidesOf(chain: ChainChange, all: boolean): { readonly base: Schema; readonly head: Schema } {
  const silent = chain.baseline && !all;
  return { base: silent ? chain.headSchema : chain.baseSchema, head: chain.headSchema };
}
