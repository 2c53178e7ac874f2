import type { Rebuilt } from '../applied.ts';
import type { Column, Table, TableId } from '../schema.ts';

/** What an operation concerned. */
export interface Done {
  /** As it is after the operation, or before it where it is gone. */
  readonly table?: Table;
  readonly columns?: readonly Column[];
  readonly objectName?: string;
  readonly refTableId?: TableId;
  readonly rebuilt?: Rebuilt;
}
