import { startOfFile } from '../change/span.ts';
import type { BoundUse } from '../read/bind-uses.ts';
import type { Chain } from '../read/chain.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { NotCompared } from '../read/models/compare-models.ts';
import type { Schema } from '../schema/schema.ts';
import { addChangeRows } from './change-rows.ts';
import { concernedTables } from './concerned.ts';
import { addDocumentRows } from './document-rows.ts';
import type { Facts } from './facts.ts';
import { type Identities, identitiesOf, sidesOf } from './identity.ts';
import { addDifferences } from './model-difference-rows.ts';
import { type AddRow, addSchemaRows, type FactRow, position } from './schema-rows.ts';
import { addUseRows } from './use-rows.ts';

/** Which facts are wanted. */
export interface FactOptions {
  /** The whole of every schema, and new baselines too; otherwise baselines are taken as they are. */
  readonly all: boolean;
  /** Only the tables that the change concerns, see {@link concernedTables}. Ignored with {@link all}. */
  readonly pruned: boolean;
  /**
   * Names of the tables that somebody reads, without a schema or with it; every table when undefined. What models say
   * differently, and what operations say of themselves, is found for a reader only.
   */
  readonly read?: ReadonlySet<string>;
}

/** All facts of a change as rows, before any database is there. */
export interface FactRows {
  /** By the table's full name, `head.tables`; tables without rows are left out. */
  readonly rows: ReadonlyMap<string, readonly FactRow[]>;
  readonly ids: Identities;
  /** Declared tables of the change that were not compared with the migrations. */
  readonly notCompared: readonly NotCompared[];
}

/** Turns what was read into rows of the vocabulary. */
export function factRows(facts: Facts, options: FactOptions): FactRows {
  const rows = new Map<string, FactRow[]>();
  const add: AddRow = (table, row) => {
    const known = rows.get(table);
    if (known) known.push(row);
    else rows.set(table, [row]);
  };
  const ids = identitiesOf(facts.chains);
  const loud = facts.chains.filter((chain) => options.all || !chain.baseline);
  const isRead = (table: string) => options.read?.has(table) ?? true;
  addChangeRows(facts, loud, ids, isRead('change.operations'), add);
  for (const chain of facts.chains) {
    const uses = usesOf(facts).filter((use) => isOf(use, chain, ids));
    const only = options.all || !options.pruned ? undefined : concernedTables(chain, uses);
    const sides = sidesOf(chain, options.all);
    for (const side of ['base', 'head'] as const) {
      const addToSide: AddRow = (table, row) => add(`${side}.${table}`, row);
      addSchemaRows(chain, sides[side], only, ids, addToSide);
      addChain(chain, chain.baseline && !options.all ? chain.head : chain[side], sides[side], addToSide);
    }
  }
  const silent = new Set(
    facts.chains.filter((chain) => !loud.includes(chain)).flatMap((chain) => pathsOf(chain.head)),
  );
  for (const side of ['base', 'head'] as const)
    addUseRows(
      facts,
      side,
      (path) => silent.has(path),
      ids,
      (table, row) => add(`${side}.${table}`, row),
    );
  addDocumentRows(facts, options.all, ids, add);
  const notCompared = isRead('model_differences') ? addDifferences(facts, options.all, ids, add) : [];
  return { rows, ids, notCompared };
}

/** Every use of a table on both sides; a declared table counts as one that is read. */
function usesOf({ uses, queries, models }: Facts): readonly Pick<BoundUse, 'chain' | 'tableId' | 'op'>[] {
  return [
    ...uses.base,
    ...uses.head,
    ...[...queries.base, ...queries.head].flatMap((query) => query.tables),
    ...[...models.base, ...models.head].map((model) => ({ ...model, op: 'read' as const })),
  ];
}

function isOf(use: Pick<BoundUse, 'chain'>, chain: ChainChange, ids: Identities): boolean {
  return use.chain !== undefined && ids.chainOf(use.chain) === chain;
}

/** Paths of a chain's migrations on one side. */
export function pathsOf(chain: Chain | undefined): readonly string[] {
  return chain?.migrations.map((file) => file.path) ?? [];
}

/** Files that made a foreign key which stands. */
function makersOfReferences({ tables }: Schema): ReadonlySet<string> {
  const made = [...tables.values()].flatMap(({ constraints }) => constraints);
  return new Set(made.flatMap(({ kind, span }) => (kind === 'foreign key' ? span.path : [])));
}

function addChain({ id }: ChainChange, chain: Chain | undefined, schema: Schema, add: AddRow): void {
  if (!chain) return;
  const { tool, dialect, dialectGuessed, transactional, leftOut } = chain;
  const unknown = [...schema.tainted.keys(), ...(leftOut.length > 0 ? ['*'] : [])];
  const makers = makersOfReferences(schema);
  const first = chain.migrations.findIndex(({ path }) => makers.has(path)) + 1 || null;
  add('chains', [id, tool, dialect, dialectGuessed, transactional, unknown, makers.size > 0, first]);
  chain.migrations.forEach((file, index) => {
    const { name, order, id: content, downPath = null } = file;
    add('migrations', [id, name, index + 1, order, content, downPath, ...position(startOfFile(file.path))]);
  });
  for (const { path, reason } of leftOut) add('left_out', [id, reason, ...position(startOfFile(path))]);
}
