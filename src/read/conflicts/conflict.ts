import type { Span } from '../../change/span.ts';
import type { Alteration } from '../../schema/alterations.ts';

/** One thing about which two changes disagree, with the place of each that says it. */
export type Conflict = { readonly ours: Span; readonly theirs: Span } & (
  | {
      /** A migration that applies by itself no longer does after the other change. */
      readonly kind: 'refused';
      /** Whose change is there before. */
      readonly after: 'ours' | 'theirs';
      readonly message: string;
    }
  | {
      /** Both make it: the second is refused, or passed over because of IF NOT EXISTS. */
      readonly kind: 'made twice';
      readonly name: string;
      /** Both say the same of it. */
      readonly same: boolean;
      readonly second: 'refused' | 'passed over';
    }
  /** Both drop it, and the second is refused. */
  | { readonly kind: 'dropped twice'; readonly name: string }
  | {
      /** Both orders apply, and leave different schemas. */
      readonly kind: 'order matters';
      /** From ours first to theirs first: `before` is what stands where theirs comes last. */
      readonly alteration: Alteration;
    }
  /** Both add a migration of this name or number. */
  | { readonly kind: 'same number'; readonly number: string }
  | {
      /** The code of one begins to use what the other takes away. */
      readonly kind: 'used';
      readonly by: 'ours' | 'theirs';
      /** `orders.total` */
      readonly name: string;
      /** What it is called from then on; undefined where it is dropped. */
      readonly renamedTo?: string;
    }
);
