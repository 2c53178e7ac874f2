import type { ExactMigration, ExactOptions, ExactRows, ExactTrial } from './exact.ts';
import type { ScratchError, Value } from './scratch.ts';

/** What the parent asks of the engine child, one JSON object a line. */
export type Request = { readonly id: number; readonly instance: number } & (
  | { readonly call: 'open'; readonly exportTo?: string }
  | { readonly call: 'close' }
  | { readonly call: 'run' | 'run each'; readonly statements: readonly string[] }
  | { readonly call: 'query'; readonly sql: string; readonly limit?: number }
  | {
      readonly call: 'load';
      readonly table: string;
      readonly rows: readonly (readonly Value[])[];
    }
  | { readonly call: 'count'; readonly sql: string }
  | { readonly call: 'open exact'; readonly options: ExactOptions }
  | { readonly call: 'build' | 'attempt'; readonly migrations: readonly ExactMigration[] }
  | {
      readonly call: 'attempt on rows';
      readonly migrations: readonly ExactMigration[];
      readonly rows: readonly ExactRows[];
    }
  | {
      readonly call: 'try each';
      readonly migrations: readonly ExactMigration[];
      readonly rows: readonly ExactRows[];
      readonly trials: readonly ExactTrial[];
    }
  | { readonly call: 'keep'; readonly key: string }
  | { readonly call: 'catalog' }
);

/** What it answers, in the order of the requests. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly kind: ScratchError['kind']; readonly message: string };
}
