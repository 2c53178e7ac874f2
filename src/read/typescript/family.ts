import type { Node } from 'oxc-parser';
import type { Connection, Model, Query } from '../query.ts';
import type { CodeModule } from './module.ts';
import type { Modules } from './trail.ts';

/**
 * One way in which code speaks to tables: a library, or text of SQL. A family is one file here (or a folder, where one
 * would be too long), and one line in `families.ts`. `README.md` beside this says how to write and test one.
 */
export interface Family {
  /** As facts show it: `drizzle`. */
  readonly name: string;
  /** A cheap test of a file's text: only files that pass are parsed for this family. A miss here is a miss for good. */
  readonly gate: RegExp;
  /** How the name of a file ends without which a tree has nothing to say in this family: `.prisma`. */
  readonly onlyWith?: string;
  /** Whether it reads SQL: the parser of SQL is loaded before `read`. */
  readonly readsSql: boolean;
  /**
   * What one file says, and nothing else: the same file and the same imported files give the same answer. Modules that
   * are asked for and not loaded yet come back as unknown; the file is read again once they are.
   */
  read(module: CodeModule, modules: Modules): Found;
}

/** What a family found in one file. */
interface Found {
  readonly queries: readonly FoundQuery[];
  readonly models: readonly FoundModel[];
  readonly connections?: readonly Connection[];
}

/** A query, by the expression that runs it. A use whose table is not known stays, with the reason. */
export interface FoundQuery extends Omit<Query, 'family' | 'span' | 'loop' | 'callPath'> {
  readonly node: Node;
}

export type FoundModel = Omit<Model, 'family'>;
