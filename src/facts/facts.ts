import type { ChangedFile, Hunk } from '../change/change-set.ts';
import type { Marker } from '../change/markers.ts';
import type { Span } from '../change/span.ts';
import type { Proof } from '../prove/verdict.ts';
import type { BoundModel, BoundQuery, BoundUse } from '../read/bind-uses.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { CodeLevel } from '../read/code-of-change.ts';
import type { OtherConflict } from '../read/conflicts/beside-others.ts';
import type { Profile } from '../read/profile/profile.ts';
import type { Connection } from '../read/query.ts';
import type { ReadChange } from '../read/read-change.ts';

/** The configuration that rules may read, as plain rows. */
export interface Policy {
  readonly legacy: readonly {
    readonly table: string;
    readonly columns?: readonly string[];
    readonly use?: string;
    readonly because?: string;
    readonly since?: string;
    readonly owner?: string;
  }[];
  readonly hotTables: readonly string[];
  /** Severities that replace the pages' own, by rule. */
  readonly rules?: Readonly<Record<string, string>>;
  readonly owners: Readonly<Record<string, readonly string[]>>;
  /** Files that alone may use a table, by its name. */
  readonly tableOwners?: Readonly<Record<string, readonly string[]>>;
}

/** Everything that was read about a change, ready to become tables. */
export interface Facts {
  readonly chains: readonly ChainChange[];
  readonly files: readonly (ChangedFile & { readonly language: 'sql' | 'code' | 'other' })[];
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
  readonly markers: readonly Marker[];
  readonly uses: { readonly base: readonly BoundUse[]; readonly head: readonly BoundUse[] };
  readonly queries: { readonly base: readonly BoundQuery[]; readonly head: readonly BoundQuery[] };
  readonly models: { readonly base: readonly BoundModel[]; readonly head: readonly BoundModel[] };
  readonly snapshots?: ReadChange['snapshots'];
  readonly modelFiles?: ReadChange['modelFiles'];
  readonly documents?: ReadChange['documents'];
  /** How far code was read. */
  readonly code?: CodeLevel;
  readonly connections?: { readonly base: readonly Connection[]; readonly head: readonly Connection[] };
  readonly proofs: readonly Proof[];
  readonly others?: readonly OtherConflict[];
  readonly policy: Policy;
  /** What the configuration's profiles say. */
  readonly profile?: Profile;
  readonly notAnalysed: readonly { readonly span: Span; readonly reason: string }[];
}
