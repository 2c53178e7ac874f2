import { type Entries, noEntries, type ScanEntry, type StatementEntry } from './entry.ts';

/** A node as `EXPLAIN (FORMAT JSON)` writes it. https://www.postgresql.org/docs/current/sql-explain.html */
interface Node {
  readonly 'Node Type'?: string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly Filter?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Total Time'?: number;
  /** Rows and times of a node are those of one loop. */
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

/** One document of EXPLAIN, or of auto_explain, which also has the query. */
export interface PostgresPlan {
  readonly Plan: Node;
  readonly 'Query Text'?: string;
  readonly 'Execution Time'?: number;
}

/** Whether a document is one. */
export function isPostgresPlan(document: unknown): document is PostgresPlan {
  const plan = document instanceof Object && 'Plan' in document ? document.Plan : undefined;
  return plan instanceof Object && 'Node Type' in plan;
}

/** What plans do with tables. A query whose text is known counts for one call. */
export function readPostgresPlans(plans: readonly PostgresPlan[]): Entries {
  return {
    ...noEntries('explain'),
    scans: plans.flatMap(({ Plan }) => [...nodesOf(Plan)].flatMap((node) => toScan(node) ?? [])),
    statements: plans.flatMap((plan) => toStatement(plan) ?? []),
  };
}

function toStatement({ Plan, ...plan }: PostgresPlan): StatementEntry | undefined {
  const text = plan['Query Text'];
  if (text === undefined || Plan['Actual Rows'] === undefined) return undefined;
  const milliseconds = plan['Execution Time'] ?? Plan['Actual Total Time'];
  return { text, calls: 1, milliseconds, rows: Plan['Actual Rows'] };
}

function toScan(node: Node): ScanEntry | undefined {
  const name = node['Relation Name'];
  // a node that writes a table gets its rows from one that reads it
  if (name === undefined || node['Node Type'] === 'ModifyTable') return undefined;
  const conditions = [node['Index Cond'] ?? node['Recheck Cond'], node.Filter].filter(
    (one) => one !== undefined,
  );
  const loops = node['Actual Loops'];
  const ran = loops !== undefined && node['Actual Rows'] !== undefined;
  const kept = ran ? (node['Actual Rows'] ?? 0) * loops : undefined;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return {
    table: { name, ...(node.Schema === undefined ? {} : { schema: node.Schema }) },
    alias: node.Alias,
    condition: conditions.length > 0 ? conditions.map((one) => `(${one})`).join(' AND ') : undefined,
    isWhole: node['Node Type'] === 'Seq Scan',
    ...(kept === undefined
      ? {}
      : { rowsKept: Math.round(kept), rowsRead: Math.round(kept + removed * (loops ?? 1)) }),
    ...(ran && node['Actual Total Time'] !== undefined
      ? { milliseconds: node['Actual Total Time'] * loops }
      : {}),
  };
}

/** Without recursion: a file may nest as deep as it likes. */
function* nodesOf(root: Node): Generator<Node> {
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if (Array.isArray(node.Plans)) stack.push(...(node.Plans as readonly Node[]));
  }
}
