import type { Judgement } from './bench.ts';

/** What the judges missed and refused, against PostgreSQL. */
export interface Tally {
  /** Refused by PostgreSQL whatever the rows are: how many, and those that neither fold nor DuckDB refuses. */
  readonly faults: {
    readonly number: number;
    readonly byFold: number;
    readonly byDuckdb: number;
    readonly byPglite: number;
    readonly missed: readonly Judgement[];
  };
  /** Refused by PostgreSQL on rows: how many, and those of which DuckDB says nothing. */
  readonly rowFaults: {
    readonly number: number;
    readonly byDuckdb: number;
    readonly missed: readonly Judgement[];
  };
  /** Where PGlite was asked: how many changes it judged, and those of which it says something else than PostgreSQL. */
  readonly pglite: { readonly number: number; readonly other: readonly Judgement[] };
  /** Taken by PostgreSQL: how many, and those that fold or DuckDB refuses. */
  readonly valid: {
    readonly number: number;
    readonly refused: readonly Judgement[];
    readonly risky: readonly Judgement[];
  };
}

/** Sums up. A judge that says it cannot tell has neither caught nor refused. */
export function tally(all: readonly Judgement[]): Tally {
  const faults = all.filter((one) => one.postgres === 'refused');
  const rowFaults = all.filter((one) => one.postgres === 'refused on rows');
  const valid = all.filter((one) => one.postgres === 'applies');
  const isCaught = (one: Judgement) => one.fold === 'refused' || one.duckdb === 'refused';
  return {
    faults: {
      number: faults.length,
      byFold: faults.filter((one) => one.fold === 'refused').length,
      byDuckdb: faults.filter((one) => one.duckdb === 'refused').length,
      byPglite: faults.filter((one) => one.pglite === 'refused').length,
      missed: faults.filter((one) => !isCaught(one)),
    },
    rowFaults: {
      number: rowFaults.length,
      byDuckdb: rowFaults.filter((one) => one.duckdb !== 'applies' && one.duckdb !== 'unsure').length,
      missed: rowFaults.filter((one) => one.duckdb === 'applies' || one.duckdb === 'unsure'),
    },
    pglite: {
      number: all.filter((one) => one.pglite).length,
      other: all.filter((one) => one.pglite && one.pglite !== one.postgres),
    },
    valid: {
      number: valid.length,
      refused: valid.filter(isCaught),
      risky: valid.filter((one) => one.duckdb === 'refused on rows'),
    },
  };
}
