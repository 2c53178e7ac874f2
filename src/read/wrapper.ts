import type { UseKind } from './query.ts';

/** A function of a team's own that runs SQL, or asks a table that it is given. */
export interface Wrapper {
  /** Its name, or that of a method. */
  readonly function: string;
  /** The module that it is imported from, as imports name it. */
  readonly from?: string;
  /** Which argument, from 0, names a table. */
  readonly table?: number;
  /** Which argument, from 0, is SQL. */
  readonly sql?: number;
  /** What is done with the table; `read` where it is not said. */
  readonly op?: UseKind;
}
