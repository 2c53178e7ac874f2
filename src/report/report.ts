import type { Span } from '../change/span.ts';
import type { Finding, WaivedFinding } from '../finding/finding.ts';
import type { Proof } from '../prove/verdict.ts';
import type { ProfileCoverage } from '../read/profile/profile.ts';
import type { SchemaChange } from './schema-change.ts';

/** What was read, in numbers, and what was not, with why. */
interface Coverage {
  /** Changed files that Tablewarden looks into: SQL, migrations, schema and code. */
  readonly files: number;
  readonly statements: number;
  readonly analysed: number;
  readonly notAnalysed: readonly (Span & { readonly reason: string })[];
  /** Uses of tables by code, in the files that were read, and those of them whose table's name is not known. */
  readonly uses?: number;
  readonly usesUnknown?: number;
  /** What became of the profiles that the configuration names. */
  readonly profiles?: readonly ProfileCoverage[];
}

/** A chain as the summary names it. */
export interface ChainLine {
  readonly id: string;
  readonly tool: string;
  readonly dialect: string;
  readonly dialectReason: string;
  readonly dialectGuessed: boolean;
  readonly migrations: number;
  readonly newMigrations: number;
  /** Said once in the summary: a baseline, a rewritten chain, files left out. */
  readonly notes: readonly string[];
}

/** Everything that one check has to say; formats only render it. */
export interface Report {
  readonly version: string;
  readonly base: string;
  readonly head: string;
  readonly chains: readonly ChainLine[];
  /** What happens to the tables of each chain that the change concerns. */
  readonly changes: readonly SchemaChange[];
  readonly findings: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  /** Claims that a trial on an exact engine contradicted. */
  readonly dismissed: readonly Finding[];
  readonly proof: readonly Proof[];
  readonly coverage: Coverage;
  /** Rules that could not be judged here, and rules of the user's that failed: id and why. */
  readonly notJudged: readonly {
    readonly rule: string;
    readonly reason: string;
    readonly places?: readonly Span[];
  }[];
  /** `success`, `failure` (a finding at or above the fail level) or `neutral` (something was not read or a proof died). */
  readonly conclusion: 'success' | 'failure' | 'neutral';
  /** Milliseconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}
