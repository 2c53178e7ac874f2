import type { MergedSide } from './merges.ts';

/** What a tree holds at one path. `id` names the content: a git blob id, or a hash of the bytes outside git. */
export interface TreeEntry {
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  readonly id: string;
}

/** One side of a change: a commit, the index, the working tree or a folder. Reads only; nothing outside it is followed. */
export interface Tree {
  /** What reports call it: a full commit id, `working tree`, `nothing` (before the first commit), or a folder. */
  readonly name: string;
  /** Every path of the tree, sorted by code unit. Read once and kept. */
  entries(): Promise<ReadonlyMap<string, TreeEntry>>;
  /** The contents of the given paths, in one batch; paths that the tree lacks, and submodules, are left out. */
  read(paths: Iterable<string>): Promise<ReadonlyMap<string, FileText>>;
  /** The part of it that lies at or below the given paths, where that is told without every path of the tree. */
  part?(paths: readonly string[]): Tree;
  /** Paths of files whose text may hold one of the words, as a whole word; undefined where only reading them all tells. */
  search?(words: readonly string[]): Promise<readonly string[] | undefined>;
}

/** A file's content as text, or why it has none. */
export type FileText =
  | { readonly text: string; readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252' }
  /**
   * `binary`: holds NUL bytes and is no UTF-16; `too large`: above the limit, in bytes, of the reader; `symlink`: never
   * followed; `missing`: the repository knows of it and lacks its content, as partial clones do.
   */
  | {
      readonly text: undefined;
      readonly reason: 'binary' | 'too large' | 'symlink' | 'missing';
      readonly bytes: number;
    };

/** Lines of head that a change added or altered: 1-based, `count` may be 0 for a pure deletion after `line`. */
export interface Hunk {
  readonly line: number;
  readonly count: number;
}

/** One file that the change touches. `path` is head's, or base's for a deleted file. */
export interface ChangedFile {
  readonly path: string;
  /** The path at base where it is another one. */
  readonly oldPath?: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly kind: 'file' | 'symlink' | 'submodule';
}

/** What changed: two trees and the files that differ between them. */
export interface ChangeSet {
  readonly base: Tree;
  readonly head: Tree;
  readonly files: readonly ChangedFile[];
  /** Hunks of the given head paths, in one batch; an added file is one hunk. Paths outside {@link files} are left out. */
  hunks(paths: Iterable<string>): Promise<ReadonlyMap<string, readonly Hunk[]>>;
  /** Of the merge commits between the two, where both are git's: what they have otherwise than one of their parents. */
  merges?(): Promise<readonly MergedSide[]>;
}
