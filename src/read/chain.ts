import type { Dialect } from '../schema/schema.ts';

/** The migration tools whose rules are known, as the configuration names them. */
export const CHAIN_TOOLS = [
  'prisma',
  'drizzle',
  'diesel',
  'sqlx',
  'supabase',
  'goose',
  'golang-migrate',
  'dbmate',
  'flyway',
  'atlas',
  'liquibase',
  'node-pg-migrate',
  'knex',
  'typeorm',
  'mikro-orm',
  'sequelize',
  'kysely',
  'db-migrate',
  'sqitch',
  'pop',
  'sql-migrate',
  'tern',
  'rambler',
  'mybatis',
  'play',
  'schema-file',
  'numbered',
] as const;

export type ChainTool = (typeof CHAIN_TOOLS)[number];

/** One migration of a chain: the file that is run going up. */
export interface MigrationFile {
  /** What the tool calls it: folder or file name without suffix. */
  readonly name: string;
  readonly path: string;
  /** Blob id. */
  readonly id: string;
  /** What names the content of the files that it imports, where it is code. */
  readonly imports?: string;
  /** What orders it, as the tool compares it: the number or time stamp, or the journal's index. */
  readonly order: string;
  /** When it was written, in milliseconds since 1970, where the tool's journal tells. */
  readonly writtenAt?: number;
  /** Its down migration, if there is one. */
  readonly downPath?: string;
  /** Where a file beside it (`metadata.toml`) says otherwise than the chain's {@link Chain.transactional}. */
  readonly transactional?: boolean;
  /** Run again whenever its content changes, as Flyway's `R__` files are: an edit of it is news, not tampering. */
  readonly repeatable?: boolean;
  /** Meant to be edited in place: a whole schema, a Liquibase file that grows by changesets. */
  readonly editable?: boolean;
}

/** The migrations of one database, in the tool's own order. */
export interface Chain {
  /**
   * Its folder, relative, with `/`; unique in a tree: `packages/db/migrations`. `.` for the root. Where one folder holds
   * migrations for several databases, with the dialect behind it: `db/migrations#mysql`. The file, for a `schema-file`.
   */
  readonly id: string;
  readonly tool: ChainTool;
  readonly dialect: Dialect;
  /** What told the dialect: `prisma/schema.prisma: provider = "postgresql"`, or what it was guessed from. */
  readonly dialectReason: string;
  readonly dialectGuessed: boolean;
  /** Nothing speaks for this database more than for another. */
  readonly dialectUnclear?: true;
  readonly migrations: readonly MigrationFile[];
  /** Files, folders and patterns of the models that its migrations are made from, where the tool's configuration names them. */
  readonly models?: readonly string[];
  /** SQL of the tool's own ledger table, which it makes before the first migration, and of what its platform brings. */
  readonly prelude: string;
  /** Whether the tool wraps each migration in a transaction. */
  readonly transactional: boolean;
  /** Files in its folder that look like migrations and are not run (not in the journal, code): path and why. */
  readonly leftOut: readonly LeftOut[];
}

/** A file or folder that is not followed, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

/** A chain that the configuration names: where it is, and what cannot be told from its files. */
export interface NamedChain {
  readonly path: string;
  readonly tool?: ChainTool;
  readonly dialect?: Dialect;
}

/** What a tree holds of migrations. */
export interface Survey {
  /** By id. */
  readonly chains: readonly Chain[];
  /** Folders that hold migrations which are not followed: another database or tool, examples, no order; and why. */
  readonly notFollowed: readonly LeftOut[];
}
