import { type Entries, noEntries, type ScanEntry } from './entry.ts';

/** A node as DuckDB's profiler writes it. https://duckdb.org/docs/stable/dev/profiling */
interface Node {
  readonly operator_type?: string;
  readonly operator_cardinality?: number;
  readonly operator_rows_scanned?: number;
  readonly operator_timing?: number;
  readonly extra_info?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
}

/** One run of a query: times are seconds. */
export interface DuckdbProfile extends Node {
  readonly query_name?: string;
  readonly latency?: number;
  readonly rows_returned?: number;
  readonly children: readonly Node[];
}

/** Whether a document is one, as DuckDB writes them since 1.1. */
export function isDuckdbProfile(document: unknown): document is DuckdbProfile {
  return (
    document instanceof Object &&
    'children' in document &&
    Array.isArray(document.children) &&
    ('query_name' in document || 'latency' in document)
  );
}

/** What profiles say of queries and tables: of each one run. */
export function readDuckdbProfiles(profiles: readonly DuckdbProfile[]): Entries {
  return {
    ...noEntries('duckdb'),
    statements: profiles.flatMap(({ query_name: text, latency, rows_returned: rows }) =>
      text
        ? [{ text, calls: 1, rows, ...(latency === undefined ? {} : { milliseconds: latency * 1_000 }) }]
        : [],
    ),
    scans: profiles.flatMap((one) => [...nodesOf(one)].flatMap((node) => toScan(node) ?? [])),
  };
}

function toScan(node: Node): ScanEntry | undefined {
  const { Table: table, Type: type, Filters: filters } = node.extra_info ?? {};
  if (node.operator_type !== 'TABLE_SCAN' || typeof table !== 'string') return undefined;
  const [name = '', schema] = table.split('.').reverse();
  const isDefault = schema === undefined || schema === 'main';
  const listed = Array.isArray(filters) ? (filters as readonly unknown[]) : [filters];
  const conditions = listed.filter((one) => typeof one === 'string' && one !== '');
  return {
    table: { name, ...(isDefault ? {} : { schema }) },
    condition: conditions.length > 0 ? conditions.map((one) => `(${one})`).join(' AND ') : undefined,
    isWhole: type === 'Sequential Scan',
    rowsRead: node.operator_rows_scanned,
    rowsKept: node.operator_cardinality,
    ...(node.operator_timing === undefined ? {} : { milliseconds: node.operator_timing * 1_000 }),
  };
}

/** Without recursion: a file may nest as deep as it likes. */
function* nodesOf(root: Node): Generator<Node> {
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if (Array.isArray(node.children)) stack.push(...(node.children as readonly Node[]));
  }
}
