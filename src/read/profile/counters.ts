import type { Row } from './csv.ts';
import { type Entries, noEntries } from './entry.ts';
import { ProfileError } from './profile.ts';

/** What PostgreSQL writes in the place of a statement's text for those who may not see it. */
const HIDDEN = '<insufficient privilege>';

/**
 * Reads the rows of `pg_stat_statements`, `pg_stat_user_tables` or `pg_stat_user_indexes`, told by their columns: of every version
 * since 9.4, and of any SELECT that keeps the names. https://www.postgresql.org/docs/current/monitoring-stats.html
 */
export function readCounters(rows: readonly Row[]): Entries {
  const [first] = rows;
  if (!first) throw new ProfileError('it has no rows');
  const has = (...names: readonly string[]) => names.every((name) => Object.hasOwn(first, name));
  if (has('query', 'calls')) return statements(rows);
  if (has('relname', 'indexrelname', 'idx_scan')) return indexes(rows);
  if (has('relname', 'seq_scan')) return tables(rows);
  const missing = has('query') ? 'calls' : has('calls') ? 'query' : undefined;
  throw new ProfileError(
    missing
      ? `it has no column ${missing}: export all of pg_stat_statements`
      : `its columns (${Object.keys(first).slice(0, 5).join(', ')}, …) are not those of pg_stat_statements, pg_stat_user_tables or pg_stat_user_indexes`,
  );
}

function statements(rows: readonly Row[]): Entries {
  const seen = rows.filter((row) => text(row, 'query') !== HIDDEN);
  return {
    ...noEntries('pg_stat_statements'),
    hidden: rows.length - seen.length,
    statements: seen.map((row) => ({
      text: text(row, 'query') ?? '',
      calls: number(row, 'calls') ?? 0,
      // before PostgreSQL 13 planning was not measured, and the column had another name
      milliseconds: number(row, 'total_exec_time') ?? number(row, 'total_time'),
      rows: number(row, 'rows'),
    })),
  };
}

function tables(rows: readonly Row[]): Entries {
  return {
    ...noEntries('pg_stat_user_tables'),
    tables: rows.map((row) => ({
      table: tableOf(row),
      // none may as well mean that nothing was counted since the counters began anew
      liveRows: number(row, 'n_live_tup') || undefined,
      wholeScans: number(row, 'seq_scan'),
      wholeRows: number(row, 'seq_tup_read'),
    })),
  };
}

function indexes(rows: readonly Row[]): Entries {
  return {
    ...noEntries('pg_stat_user_indexes'),
    indexes: rows.map((row) => ({
      table: tableOf(row),
      index: text(row, 'indexrelname') ?? '',
      scans: number(row, 'idx_scan') ?? 0,
    })),
  };
}

function tableOf(row: Row) {
  const schema = text(row, 'schemaname');
  return { name: text(row, 'relname') ?? '', ...(schema ? { schema } : {}) };
}

function text(row: Row, name: string): string | undefined {
  const value = row[name];
  return value === undefined || value === null ? undefined : String(value);
}

/** Numbers stand as texts in CSV, and as texts in JSON too where they are larger than its numbers. */
function number(row: Row, name: string): number | undefined {
  const said = text(row, name)?.trim();
  if (said === undefined || said === '') return undefined;
  const value = Number(said);
  if (!Number.isFinite(value) || value < 0)
    throw new ProfileError(`${name} is ${JSON.stringify(said.slice(0, 40))} where a number is meant`);
  return value;
}
