import type { Span } from '../../change/span.ts';
import type { QualifiedName } from '../../schema/name.ts';
import type { Dialect, Schema } from '../../schema/schema.ts';
import type { MigrationFile } from '../chain.ts';
import type { ChainChange } from '../chain-change.ts';
import type { SqlSource } from '../source.ts';

/** What a change that is not merged does to databases that others change too. Plain data: it can be kept. */
export interface OpenChange {
  readonly chains: readonly OpenChain[];
  /** What its code begins to use of tables that were there before. */
  readonly uses: readonly NewUse[];
}

/** Migrations that a change adds to one chain, in order. */
export interface OpenChain {
  readonly id: string;
  readonly dialect: Dialect;
  readonly migrations: readonly OpenMigration[];
  /** Why it cannot be compared: what it does to a database is not known. */
  readonly unknown?: string;
}

export interface OpenMigration {
  readonly file: Pick<MigrationFile, 'name' | 'path' | 'id' | 'order'>;
  readonly source: SqlSource;
}

/** A table, or a column of one, that code says and did not say before; by the names that they had before the change. */
export interface NewUse {
  readonly chain: string;
  readonly table: QualifiedName;
  readonly column?: string;
  readonly span: Span;
}

/** The schemas that a change was made on, by chain. */
export type Bases = ReadonlyMap<string, Schema>;

/** What a change does to chains, as it was followed. */
export function openChainsOf(chains: readonly ChainChange[]): readonly OpenChain[] {
  return chains.flatMap(({ id, kind, migrations, headSchema }) => {
    if (kind === 'same') return [];
    const { dialect } = headSchema;
    if (kind !== 'appended') return [{ id, dialect, migrations: [], unknown: EDITS }];
    return [{ id, dialect, migrations: migrations.map(toOpen) }];
  });
}

/** The schemas before a change that was followed. */
export function basesOf(chains: readonly ChainChange[]): Bases {
  return new Map(chains.map(({ id, baseSchema }) => [id, baseSchema]));
}

const EDITS = 'one of the two edits, moves or removes migrations that were there';

/** A migration that was read, as it is kept and compared. */
export function toOpen({
  file,
  source,
}: {
  readonly file: MigrationFile;
  readonly source: SqlSource;
}): OpenMigration {
  return { file: namesOf(file), source: plainSource(source) };
}

/** Without what folding does not ask for. */
function plainSource({ statements, ...source }: SqlSource): SqlSource {
  return {
    ...source,
    statements: statements.map(({ place: _, ...statement }) => ({ ...statement, uses: [], calls: [] })),
  };
}

function namesOf({ name, path, id, order }: MigrationFile): OpenMigration['file'] {
  return { name, path, id, order };
}
