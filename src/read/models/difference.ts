import type { Span } from '../../change/span.ts';
import type { Model } from '../query.ts';

/** Something that a declared table and its migrations say differently. */
export interface Difference {
  readonly kind:
    | 'table'
    | 'column'
    | 'type'
    | 'nullability'
    | 'default'
    | 'enum'
    | 'primary key'
    | 'unique'
    | 'index'
    | 'foreign key'
    | 'on delete';
  /** Who has it alone, where it is not there on one side. */
  readonly only?: 'model' | 'migrations';
  readonly columns: readonly string[];
  /** Of an index, constraint or enum, where it has one. */
  readonly object?: string;
  /** What the next migration does about it: `drop column nickname`. */
  readonly change: string;
  /** The same as SQL; undefined where the dialect has no statement for it. */
  readonly statement?: string;
  readonly span: Span;
}

/** A difference of one table of a chain. */
export interface ModelDifference extends Difference {
  readonly chain: string;
  readonly tableId?: number;
  /** As people say it. */
  readonly table: string;
  readonly family: Model['family'];
}

/** Whether the next migration takes something away, writes rows anew, or gives what code asks for already. */
export function isGrave({ kind, only }: Difference): boolean {
  return (
    kind === 'table' || kind === 'column' || kind === 'type' || (kind === 'primary key' && only !== 'model')
  );
}
