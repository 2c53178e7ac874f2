import type { ExactPlan, ExactTried, IndexTrial, TableSize } from '../../exact.ts';
import type { Runner } from './run.ts';

/** Bytes of a page. */
const PAGE = 8_192;

/** Beyond, a table has a second file: https://www.postgresql.org/docs/current/storage-file-layout.html */
const MOST_PAGES = 131_071;

/** The index that is tried; no migration's has this name. */
const INDEX = 'tablewarden_index';

const QUERY = 'tablewarden_query';

/** How much cheaper a plan must become. */
const WORTH = 2;

/**
 * Whether the server would use an index for a query, and what that would save, on tables of the sizes given. The index is really
 * made, on an empty table; then the statistics say how large the table is, and its files are lengthened to as many pages, of
 * which none is written: the planner asks the file for its size. Nothing is run but the plan, and all of it goes with the
 * transaction: a table that was there before is written anew first, so that the files are the transaction's own. Null where
 * nothing can be said: before PostgreSQL 18 no statistics can be given, and PGlite has its files in memory.
 */
export async function comparePlans(
  runner: Runner,
  { text, table, plan: { columns, sizes, otherwise } }: IndexTrial,
): Promise<Omit<ExactTried, 'onRows'> | null> {
  const { session, lengthen } = runner;
  if (!lengthen || Number.parseInt(session.version, 10) < 18) return null;
  const does = async (statement: string) => (await runner.send(statement)).error === undefined;
  const name = `${quoted(table.schema)}.${quoted(table.name)}`;
  const keys = columns.map(quoted).join(', ');
  for (const statement of [
    ...runner.afresh.inside,
    'SET LOCAL max_parallel_workers_per_gather = 0',
    'SET LOCAL plan_cache_mode = force_generic_plan',
    ...sizes.map(
      (size) =>
        `ALTER TABLE ${quoted(size.schema)}.${quoted(size.name)} ADD COLUMN tablewarden_filler double precision DEFAULT pg_catalog.random()`,
    ),
    `CREATE INDEX ${INDEX} ON ${name} (${keys})`,
  ])
    if (!(await does(statement))) return null;
  for (const size of sizes) if (!(await enlarge(runner, lengthen, size))) return null;
  const ran = await prepared(runner, otherwise === undefined ? [text] : [text, otherwise]);
  if (ran === undefined) return null;
  const most = Math.max(0, ...[...ran.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const given = most === 0 ? '' : `(${Array.from({ length: most }, () => 'NULL').join(', ')})`;
  const explain = async () => {
    const { rows, error } = await session.send(`EXPLAIN (FORMAT JSON) EXECUTE ${QUERY}${given}`, {
      rows: true,
    });
    if (error) return undefined;
    const [{ Plan: root }] = JSON.parse(rows[0]?.[0] ?? '[{}]') as [{ Plan?: Node }]; // EXPLAIN's own document
    return root && reading(root, table.name);
  };
  const found = await explain();
  await does(`DROP INDEX ${quoted(table.schema)}.${INDEX}`);
  const without = await explain();
  await does(`DEALLOCATE ${QUERY}`); // no transaction's end forgets it
  if (!found || !without) return null;
  return { ...toTried(found, without, table.name, sizes), ...(ran === text ? {} : { ran }) };
}

/**
 * Prepares the first of some texts that the server takes, for EXPLAIN of one with `$1` is a statement that has parameters itself. A
 * reader writes `$1` for every value that it does not know: values of two types need two numbers.
 */
async function prepared(runner: Runner, texts: readonly string[]): Promise<string | undefined> {
  for (const text of texts.flatMap((one) => [one, numbered(one)])) {
    await runner.send('SAVEPOINT tablewarden_query');
    const { error } = await runner.send(`PREPARE ${QUERY} AS ${text}`);
    if (!error) return text;
    await runner.send('ROLLBACK TO SAVEPOINT tablewarden_query');
  }
  return undefined;
}

/** The text with another number for each parameter. */
function numbered(text: string): string {
  let number = 0;
  return text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+/g, (found) =>
    found.startsWith('$') ? `$${++number}` : found,
  );
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Node[];
}

interface Reading {
  readonly node: string;
  readonly cost: number;
  readonly usesIndex: boolean;
}

/** How a plan reads a table, and what all of it costs. */
function reading(root: Node, table: string): Reading | undefined {
  const nodes = [...nodesOf(root)];
  // what writes a table gets its rows from what reads it
  const node = nodes.find((one) => one['Relation Name'] === table && one['Node Type'] !== 'ModifyTable');
  if (!node) return undefined;
  const usesIndex = nodes.some((one) => one['Index Name'] === INDEX);
  return { node: node['Node Type'], cost: root['Total Cost'], usesIndex };
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const part of node.Plans ?? []) yield* nodesOf(part);
}

function toTried(
  found: Reading,
  { node, cost }: Reading,
  table: string,
  sizes: readonly TableSize[],
): Omit<ExactTried, 'onRows'> {
  const { rows = 0, isMeasured = false } = sizes.find((size) => size.name === table) ?? {};
  const at = `(at ${rows.toLocaleString('en-US')} rows${isMeasured ? '' : ', assumed'})`;
  const plan: ExactPlan = {
    ...{ table, rows, isMeasured },
    without: { node, cost },
    with: { node: found.node, cost: found.cost, usesIndex: found.usesIndex },
  };
  if (!found.usesIndex)
    return {
      holds: false,
      plan,
      said: `${node} on ${table}, cost ${costText(cost)}, also with this index ${at}`,
    };
  const said = `${node} on ${table}, cost ${costText(cost)} → ${costText(found.cost)} with this index ${at}`;
  return { holds: cost >= WORTH * found.cost, plan, said };
}

function costText(cost: number): string {
  return cost.toLocaleString('en-US', { maximumFractionDigits: cost < 100 ? 1 : 0 });
}

/** Gives a table and its indexes as many pages as it would have, and its statistics; false where that cannot be done. */
async function enlarge(
  { session }: Runner,
  lengthen: NonNullable<Runner['lengthen']>,
  { schema, name, rows, width, columns }: TableSize,
): Promise<boolean> {
  const pages = Math.min(Math.ceil((rows * width) / PAGE), MOST_PAGES);
  const whole = literal(`${quoted(schema)}.${quoted(name)}`);
  const files = await session.send(
    `SELECT c.relkind, pg_catalog.pg_relation_filepath(c.oid) FROM pg_catalog.pg_class c
     WHERE c.oid OPERATOR(pg_catalog.=) ${whole}::pg_catalog.regclass OR c.oid IN (
       SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid OPERATOR(pg_catalog.=) ${whole}::pg_catalog.regclass)`,
    { rows: true },
  );
  if (files.error || files.rows.length === 0) return false;
  for (const [kind, path] of files.rows) {
    // an entry of an index takes some 24 bytes
    const wanted = kind === 'r' ? pages : Math.min(Math.ceil((rows * 24) / PAGE), MOST_PAGES);
    if (!path || !(await lengthen(path, wanted * PAGE))) return false;
  }
  const of = `'schemaname', ${literal(schema)}, 'relname', ${literal(name)}`;
  const given = [
    `pg_catalog.pg_restore_relation_stats(${of}, 'relpages', ${pages}::pg_catalog.int4, 'reltuples', ${rows}::pg_catalog.float4)`,
    ...columns.map(
      (column) =>
        `pg_catalog.pg_restore_attribute_stats(${of}, 'attname', ${literal(column.name)}, 'inherited', false, 'null_frac', 0::pg_catalog.float4, 'avg_width', ${column.width}::pg_catalog.int4, 'n_distinct', ${column.distinct}::pg_catalog.float4)`,
    ),
  ];
  const { error } = await session.send(`SELECT ${given.join(', ')}`);
  return error === undefined;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
