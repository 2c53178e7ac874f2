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

/**
 * Pages as one text that is read quickly: without their examples, with the tables that their queries read. What each query
 * needs has a line of its own, for only some are looked at.
 */
export async function packPages(rules: readonly Rule[], scratch: Scratch): Promise<string> {
  const functions = `SELECT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'`;
  const aggregates = new Set((await scratch.query(functions)).map(({ name }) => String(name)));
  const packed: Packed[] = [];
  const needs: Needs[] = [];
  for (const { query, ...rest } of rules) {
    const rule = { ...rest, flagged: [], accepted: [] };
    needs.push(query === undefined ? [] : await needsOfQuery(query, scratch, aggregates));
    if (query === undefined) packed.push({ rule });
    else {
      const { qualified, unqualified } = tablesRead(query);
      packed.push({
        rule: { ...rule, query },
        qualified: [...qualified],
        unqualified: [...unqualified],
      });
    }
  }
  return [packed, ...needs].map((line) => JSON.stringify(line)).join('\n');
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
  const [pages = '[]', ...needs] = text.split('\n');
  const packed = JSON.parse(pages) as readonly Packed[]; // written by packPages
  return packed.map(({ rule, qualified = [], unqualified = [] }, index) => {
    if (rule.query === undefined) return rule;
    rememberTables(rule.query, { qualified: new Set(qualified), unqualified: new Set(unqualified) });
    let read: Needs | undefined;
    return Object.defineProperty(rule, 'needs', {
      get: () => (read ??= JSON.parse(needs[index] ?? '[]') as Needs), // as above
    });
  });
}
