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
  /** Whether the database refuses what the model takes: a NULL, and no default is there. */
  readonly isRefused?: boolean;
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

/**
 * Whether the next migration takes rows or values away or writes them anew, or the model lets code ask for, or write, what the
 * database refuses: a table, a column, a value of an enum, NULL.
 */
export function isGrave({ kind, only, isRefused }: Difference): boolean {
  switch (kind) {
    case 'table':
    case 'column':
    case 'type':
      return true;
    case 'primary key':
      return only !== 'model';
    case 'enum':
      return only === 'model';
    default:
      return isRefused === true;
  }
}
