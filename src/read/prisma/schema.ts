import type { QualifiedName } from '../../schema/name.ts';
import type { Block, Field, PrismaText } from './notation.ts';

/** A `.prisma` file, read. */
export interface PrismaFile {
  readonly path: string;
  readonly text: string;
  readonly read: PrismaText;
}

/** What a datasource and its models say, over all files that belong together. */
export interface PrismaSchema {
  /** The file that holds the datasource, or the first of them. */
  readonly path: string;
  readonly files: readonly PrismaFile[];
  /** By the name of the model. */
  readonly models: ReadonlyMap<string, PrismaModel>;
  /** By the name that the client gives it: `prisma.userAccount`. */
  readonly byProperty: ReadonlyMap<string, PrismaModel>;
  /** The kind of database, as chains name it; undefined where the schema does not say. */
  readonly database?: string;
  /** Relations are kept by the client: `relationMode = "prisma"`. */
  readonly withoutForeignKeys: boolean;
  /** By name. */
  readonly enums: ReadonlyMap<string, Block>;
  /** Folders that clients are generated into. */
  readonly outputs: readonly string[];
}

/** A model or view: a table as Prisma knows it. */
export interface PrismaModel {
  readonly name: string;
  /** What the client calls it; undefined where it has no such thing (`@@ignore`, a composite type). */
  readonly property?: string;
  readonly table: QualifiedName;
  readonly columns: ReadonlyMap<string, PrismaColumn>;
  readonly relations: ReadonlyMap<string, PrismaRelation>;
  /** Keys that a row may be looked up by: the names of their fields, and the name that stands for several. */
  readonly keys: readonly PrismaKey[];
  readonly file: PrismaFile;
  readonly block: Block;
}

/** A field that is a column. */
export interface PrismaColumn {
  readonly name: string;
  readonly column: string;
  /** As declared: `String`, `Int[]`. */
  readonly type: string;
  /** Undefined for lists, whose columns Prisma leaves as they are. */
  readonly nullable?: boolean;
  readonly field: Field;
  readonly start: number;
  readonly end: number;
}

/** A field that leads to another model. */
export interface PrismaRelation {
  readonly name: string;
  /** The name of the model. */
  readonly target: string;
  readonly isList: boolean;
  readonly join: PrismaJoin;
}

/** How two models are joined; names of columns, not of fields. */
export type PrismaJoin =
  /** The model with the field holds the foreign key. */
  | { readonly kind: 'own'; readonly columns: readonly string[]; readonly references: readonly string[] }
  /** The target holds it. */
  | { readonly kind: 'theirs'; readonly columns: readonly string[]; readonly references: readonly string[] }
  /** A table that only Prisma knows, with the column that refers to the model and the one that refers to the target. */
  | { readonly kind: 'table'; readonly table: QualifiedName; readonly own: string; readonly theirs: string }
  | { readonly kind: 'unknown' };

/** `@id`, `@unique`, `@@id([a, b])`, `@@unique([a, b], name: "pair")`. */
export interface PrismaKey {
  readonly fields: readonly string[];
  /** `a_b`, or as named. */
  readonly name: string;
}
