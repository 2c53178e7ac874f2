import { drizzle } from './family/drizzle/drizzle.ts';
import { rawSql } from './family/raw-sql.ts';
import type { Family } from './family.ts';

/** Every family, in the order in which a file is read. */
export const FAMILIES: readonly Family[] = [rawSql, drizzle];
