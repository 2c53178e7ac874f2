import type { Scratch } from '../prove/scratch.ts';
import { needsOf } from './find-needs.ts';

import type { Rule } from './rule.ts';
import { rememberTables, tablesRead } from './tables-read.ts';
import type { Needs } from './way.ts';

/** A rule and what else is known of its query before it is run. */
interface Packed {
  readonly rule: Rule;
  readonly qualified?: readonly string[];
  readonly unqualified?: readonly string[];
}

/** Pages as one text that is read quickly: without their examples, with the tables that their queries read and need. */
export async function packPages(rules: readonly Rule[], scratch: Scratch): Promise<string> {
  const functions = `SELECT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'`;
  const aggregates = new Set((await scratch.query(functions)).map(({ name }) => String(name)));
  const packed: Packed[] = [];
  for (const { query, ...rest } of rules) {
    const rule = { ...rest, flagged: [], accepted: [] };
    if (query === undefined) packed.push({ rule });
    else {
      const needs = await needsOfQuery(query, scratch, aggregates);
      const { qualified, unqualified } = tablesRead(query);
      packed.push({
        rule: { ...rule, query, needs },
        qualified: [...qualified],
        unqualified: [...unqualified],
      });
    }
  }
  return JSON.stringify(packed);
}

async function needsOfQuery(
  query: string,
  scratch: Scratch,
  aggregates: ReadonlySet<string>,
): Promise<Needs> {
  const [row] = await scratch.query(`SELECT json_serialize_sql('${query.replaceAll("'", "''")}') AS tree`);
  return needsOf(row?.tree ?? null, aggregates);
}

/** The pages of a text that {@link packPages} made. */
export function unpackPages(text: string): readonly Rule[] {
  const packed = JSON.parse(text) as readonly Packed[]; // written by packPages
  return packed.map(({ rule, qualified = [], unqualified = [] }) => {
    if (rule.query !== undefined)
      rememberTables(rule.query, { qualified: new Set(qualified), unqualified: new Set(unqualified) });
    return rule;
  });
}
