import type { Dialect } from '../../schema/schema.ts';
import type { Chain, ChainTool, LeftOut, MigrationFile } from '../chain.ts';
import type { DialectWord } from './dialect.ts';
import type { Layout } from './layout.ts';
import type { Notation } from './notation.ts';

/** Texts of the marker files that were asked for, by path; those that are no text are missing. */
export type Texts = ReadonlyMap<string, string>;

/** What a tool makes of a folder: its chain, but for the dialect where the tool does not tell it. */
export interface Draft {
  /** What tells it apart where one folder holds several chains: the dialect in its files' names. */
  readonly part?: string;
  readonly migrations: readonly MigrationFile[];
  readonly leftOut: readonly LeftOut[];
  /** What the tool's own files say, nearest first, with the words that say it. */
  /** `shared`: said for several folders at once, as a workspace's manifest does; its own SQL knows better. */
  readonly dialect?: { readonly word: DialectWord; readonly reason: string; readonly shared?: true };
  readonly models?: Chain['models'];
  readonly prelude: (dialect: Dialect) => string;
  readonly transactional: (dialect: Dialect) => boolean;
  /** Only a chain if one of its first files makes or alters a table: nothing but the numbers speaks for it. */
  readonly doubtful?: boolean;
}

/** A migration tool: how its chains look in a path list, and in which order it runs them. */
export interface Tool {
  readonly name: ChainTool;
  /** Folders that may be its chains. */
  folders(layout: Layout): readonly string[];
  /** Loads what reading a marker file takes, where there are some. */
  prepare?(layout: Layout): Promise<void>;
  /** Marker files to read before {@link Tool.draft}. */
  markers(layout: Layout, folder: string): readonly string[];
  /** The chain or chains of a folder; a reason where it is the tool's and cannot be followed; undefined where it is not the tool's. */
  draft(
    layout: Layout,
    folder: string,
    texts: Texts,
    named: boolean,
  ): Draft | readonly Draft[] | string | undefined;
  /** A line that every file of the tool has: where it stands in the first files of a folder, the folder is the tool's. */
  readonly directive?: RegExp;
  /** Its migrations are code: what their words are says little of the database. */
  readonly isCode?: true;
  /** How its files write both directions; without it, a file is run whole. */
  readonly notation?: Notation;
}

/** Compares as tools written in Go, Rust and JavaScript sort names. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares digits as numbers of any length. */
export function byNumber(a: string, b: string): number {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return left.length - right.length || byText(left, right);
}

/** `0012` as `12`, `000` as `0`. */
export function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
