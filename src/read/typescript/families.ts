import { drizzle } from './family/drizzle/drizzle.ts';
import { knex } from './family/knex/knex.ts';
import { objection } from './family/objection/objection.ts';
import { rawSql } from './family/raw-sql.ts';
import type { Family } from './family.ts';

/** Every family, in the order in which a file is read. */
const FAMILIES: readonly Family[] = [rawSql, drizzle, knex, objection];

/** The families whose gate a file's text passes. */
export function familiesOf(text: string): readonly Family[] {
  return FAMILIES.filter((family) => family.gate.test(text));
}
