import type { Policy } from './facts/facts.ts';
import type { ChainTool } from './read/chain.ts';
import type { Dialect } from './schema/schema.ts';

/** `tablewarden.yml`, validated, with defaults filled in: plain values for every room. */
export interface Config extends Policy {
  /** Where it was read; undefined where there is none. */
  readonly path?: string;
  readonly postgres: { readonly version?: number };
  readonly migrations: readonly {
    readonly path: string;
    readonly tool?: ChainTool;
    readonly dialect?: Dialect;
  }[];
  readonly rules: Readonly<Record<string, 'error' | 'warning' | 'note' | 'off'>>;
  readonly waivers: { readonly never: readonly string[] };
  /** Files that the documents rule compares with the schema. */
  readonly documents: readonly string[];
}
