import { readCounters } from './counters.ts';
import { type Row, readCsv } from './csv.ts';
import { isDuckdbProfile, readDuckdbProfiles } from './duckdb-profile.ts';
import type { Entries } from './entry.ts';
import { readJsonDocuments } from './json-documents.ts';
import { isPostgresPlan, readPostgresPlans } from './postgres-plan.ts';
import { ProfileError } from './profile.ts';

/** Reads the text of a profile, whose kind its content tells; throws a {@link ProfileError} where it is none or is cut off. */
export function readEntries(text: string): Entries {
  const [first = ''] = /\S/.exec(text) ?? [];
  if (first === '') throw new ProfileError('it is empty');
  if (!'[{'.includes(first)) return readRows(text);
  const documents = readJsonDocuments(text).flatMap(unwrapped);
  if (documents.length > 0 && documents.every(isPostgresPlan)) return readPostgresPlans(documents);
  if (documents.length > 0 && documents.every(isDuckdbProfile)) return readDuckdbProfiles(documents);
  if (documents.some((one) => one instanceof Object && 'timing' in one && 'children' in one))
    throw new ProfileError('it is a profile of DuckDB before 1.1, whose form is not read');
  const rows = documents.filter((one): one is Row => one instanceof Object);
  if (rows.length === 0 || rows.length < documents.length)
    throw new ProfileError('its JSON is no list of rows, no plan of PostgreSQL and no profile of DuckDB');
  return readCounters(rows);
}

function readRows(text: string): Entries {
  if (/^\s*(QUERY PLAN\b|[\w ]+\|[^\n]*\n[-+]+\s*\n)/.test(text.slice(0, 4_000)))
    throw new ProfileError(
      'it is a table as psql prints it: export with `\\copy … csv header`, or JSON with `psql -At`',
    );
  return readCounters(readCsv(text));
}

/** Clients return the plan as the one column of a row. */
function unwrapped(document: unknown): readonly unknown[] {
  const plan = document instanceof Object && 'QUERY PLAN' in document ? document['QUERY PLAN'] : undefined;
  if (plan === undefined) return [document];
  return Array.isArray(plan) ? (plan as readonly unknown[]) : [plan];
}
