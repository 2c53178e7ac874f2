import type { UserError } from '../errors.ts';
import { vocabulary } from '../facts/vocabulary.ts';
import { nearest } from '../nearest.ts';
import type { Scratch, Value } from '../prove/scratch.ts';
import { pageError } from './page-error.ts';
import type { Rule } from './rule.ts';
import { unqualifiedTables } from './tables-read.ts';

/** Table functions that make rows of their own arguments and read nothing. */
const HARMLESS = new Set([
  'unnest',
  'range',
  'generate_series',
  'json_each',
  'json_tree',
  'regexp_split_to_table',
]);

/**
 * What only the engine's parser can tell about the queries of users' pages, in one round trip: that each is one SELECT over
 * the vocabulary. Returns the first trouble as a `UserError`.
 */
export async function checkQueries(rules: readonly Rule[], scratch: Scratch): Promise<UserError | undefined> {
  const asked = rules.filter((rule) => rule.query !== undefined);
  if (asked.length === 0) return undefined;
  const texts = asked.map(
    ({ query }, index) =>
      `SELECT ${index} AS n, json_serialize_sql('${query?.replaceAll("'", "''")}') AS tree`,
  );
  const rows = await scratch.query(texts.join(' UNION ALL '), asked.length);
  const trees = new Map(rows.map((row) => [row.n, row.tree]));
  for (const [index, rule] of asked.entries()) {
    const trouble = troubleOf(rule, trees.get(index) ?? null);
    if (trouble) return trouble;
  }
  return undefined;
}

function troubleOf(rule: Rule, tree: Value): UserError | undefined {
  const line = rule.queryLine ?? 1;
  const { path } = rule;
  if (!isObject(tree)) return pageError(path, line, 'the query cannot be read', 'Write one SELECT.');
  if (tree.error === true) {
    const at = lineAt(rule, tree.position);
    if (tree.error_type === 'not implemented')
      return pageError(
        path,
        at,
        'the query is no SELECT',
        'Write one SELECT over the tables of the vocabulary.',
      );
    return pageError(
      path,
      at,
      `the query does not parse: ${tree.error_message}`,
      'Try it with `tablewarden facts "<SQL>"`.',
    );
  }
  const { statements } = tree;
  const count = Array.isArray(statements) ? statements.length : 0;
  if (count !== 1)
    return pageError(
      path,
      line,
      `the query has ${count} statements`,
      'A rule has one SELECT; write a second page.',
    );
  return troubleWithTables(rule, tree);
}

function troubleWithTables(rule: Rule, tree: Value): UserError | undefined {
  const known = vocabulary().tables;
  const bare = unqualifiedTables();
  const ctes = new Set<string>();
  walk(tree, (node) => {
    const { cte_map: map } = node;
    if (isObject(map) && Array.isArray(map.map))
      for (const entry of map.map) if (isObject(entry)) ctes.add(String(entry.key).toLowerCase());
  });
  let trouble: UserError | undefined;
  walk(tree, (node) => {
    if (trouble) return;
    const at = lineAt(rule, node.query_location);
    if (node.type === 'TABLE_FUNCTION' && isObject(node.function)) {
      const name = String(node.function.function_name).toLowerCase();
      if (!HARMLESS.has(name))
        trouble = pageError(
          rule.path,
          at,
          `the query calls the table function \`${name}\``,
          'Read the tables of the vocabulary.',
        );
    }
    if (node.type === 'SHOW_REF')
      trouble = pageError(rule.path, at, 'the query describes a table', 'Select from it instead.');
    if (node.type !== 'BASE_TABLE') return;
    const schema = String(node.schema_name).toLowerCase();
    const table = String(node.table_name).toLowerCase();
    if (schema === '') {
      if (ctes.has(table) || bare.has(table)) return;
      trouble = unknownTable(rule, at, table, [...bare.keys()]);
    } else if (!known.has(`${schema}.${table}`))
      trouble = unknownTable(rule, at, `${schema}.${table}`, [...known.keys()]);
  });
  return trouble;
}

function unknownTable(rule: Rule, line: number, name: string, known: readonly string[]): UserError {
  const near = nearest(name, known);
  return pageError(
    rule.path,
    line,
    `there is no table \`${name}\` in the vocabulary`,
    near ? `Did you mean \`${near}\`?` : `The tables are ${known.join(', ')}.`,
  );
}

type Node = { readonly [key: string]: Value };

function isObject(value: Value | undefined): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Visits every node of a tree, without recursion: a query may be nested deeply. */
function walk(tree: Value, visit: (node: Node) => void): void {
  const todo: Value[] = [tree];
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (Array.isArray(value)) todo.push(...[...value].reverse());
    else if (isObject(value)) {
      visit(value);
      todo.push(...Object.values(value).reverse());
    }
  }
}

/** The engine tells an offset in UTF-8 bytes, or an absurd number for none. */
function lineAt(rule: Rule, offset: Value | undefined): number {
  const line = rule.queryLine ?? 1;
  const bytes = Buffer.from(rule.query ?? '');
  const at = Number(offset);
  if (!Number.isInteger(at) || at < 0 || at > bytes.length) return line;
  return line + bytes.subarray(0, at).toString().split('\n').length - 1;
}
