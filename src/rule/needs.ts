import type { FactRows } from '../facts/fact-rows.ts';
import { vocabulary } from '../facts/vocabulary.ts';
import type { Value } from '../prove/scratch.ts';
import { unqualifiedTables } from './tables-read.ts';

/** A row that a query cannot do without: of this table, with one of these values in each of these columns. */
interface Need {
  readonly table: string;
  readonly where: Readonly<Record<string, readonly string[]>>;
}

/** Ways in which a query may return a row, each with all that it needs; a query returns nothing where no way is open. */
export type Needs = readonly (readonly Need[])[];

/** Whether the facts have, for some way, every row that it needs. What is asked on the side `base` is asked on `head` before. */
export function areMet(needs: Needs, { rows }: FactRows): boolean {
  const { tables } = vocabulary();
  const bare = unqualifiedTables();
  const isMet = ({ table, where }: Need) => {
    const full = bare.get(table)?.head ?? table;
    const { columns = [] } = tables.get(full) ?? {};
    const tests = Object.entries(where).flatMap(([column, values]) => {
      const at = columns.findIndex(({ name }) => name === column);
      return at < 0 ? [] : [{ at, values }];
    });
    const found = rows.get(full === 'change.lines' ? 'change.hunks' : full) ?? [];
    return found.some((row) => tests.every(({ at, values }) => values.includes(String(row[at]))));
  };
  return needs.some((way) => way.every(isMet));
}

/** More ways than this are told as if any would do. */
const MOST_WAYS = 40;

const ANY: Needs = [[]];

type Node = { readonly [key: string]: Value };
type Known = ReadonlyMap<string, Needs>;

/**
 * What a query needs, from the tree that DuckDB's `json_serialize_sql` makes of it. Told too little wherever the tree holds
 * something else than joins, conditions on text, unions, subqueries and WITH: a rule is then run without need.
 * `aggregates` are the engine's aggregate functions: without GROUP BY they return a row of nothing.
 */
export function needsOf(tree: Value, aggregates: ReadonlySet<string>): Needs {
  const [statement] = listOf(objectOf(tree).statements);
  return ofNode(objectOf(objectOf(statement).node), new Map());

  function ofNode(node: Node, outer: Known): Needs {
    const known = new Map(outer);
    for (const entry of listOf(objectOf(node.cte_map).map).map(objectOf))
      known.set(textOf(entry.key), ofNode(objectOf(objectOf(objectOf(entry.value).query).node), known));
    if (node.type === 'SET_OPERATION_NODE' && node.setop_type === 'UNION')
      return either(ofNode(objectOf(node.left), known), ofNode(objectOf(node.right), known));
    if (node.type !== 'SELECT_NODE' || returnsAlways(node)) return ANY;
    const conditions = conjuncts(node.where_clause);
    return both(ofSource(objectOf(node.from_table), conditions, known), ofSubqueries(conditions, known));
  }

  function ofSource(source: Node, conditions: readonly Node[], known: Known): Needs {
    switch (source.type) {
      case 'BASE_TABLE':
        return ofTable(source, conditions, known);
      case 'SUBQUERY':
        return ofNode(objectOf(objectOf(source.subquery).node), known);
      case 'JOIN': {
        const [left, right] = [objectOf(source.left), objectOf(source.right)];
        if (source.join_type === 'LEFT') return ofSource(left, conditions, known);
        if (source.join_type !== 'INNER') return ANY;
        const all = [...conditions, ...conjuncts(source.condition)];
        return both(
          both(ofSource(left, all, known), ofSource(right, all, known)),
          ofSubqueries(conjuncts(source.condition), known),
        );
      }
      default:
        return ANY;
    }
  }

  function ofTable(source: Node, conditions: readonly Node[], known: Known): Needs {
    const schema = textOf(source.schema_name);
    const name = textOf(source.table_name);
    const needed = schema === '' ? known.get(name) : undefined;
    if (needed) return needed;
    const alias = textOf(source.alias) || name;
    const where: Record<string, readonly string[]> = {};
    for (const condition of conditions)
      for (const [column, values] of Object.entries(valuesBy(condition, alias)))
        where[column] = where[column]?.filter((value) => values.includes(value)) ?? values;
    return [[{ table: schema === '' ? name : `${schema}.${name}`, where }]];
  }

  function ofSubqueries(conditions: readonly Node[], known: Known): Needs {
    return conditions
      .filter((one) => one.class === 'SUBQUERY' && one.subquery_type === 'EXISTS')
      .map((one) => ofNode(objectOf(objectOf(one.subquery).node), known))
      .reduce(both, ANY);
  }

  /** An aggregate without groups makes a row of nothing; so does an empty set of groups. */
  function returnsAlways(node: Node): boolean {
    const groups = listOf(node.group_sets);
    if (groups.length > 0) return groups.some((one) => listOf(one).length === 0);
    const selected = listOf(node.select_list).map(objectOf);
    if (node.aggregate_handling === 'FORCE_AGGREGATES')
      return !selected.some((one) => one.class === 'COLUMN_REF');
    return calls([...selected, objectOf(node.having)]).some((name) => aggregates.has(name));
  }
}

/** The values that a condition leaves to columns of the table of that alias. */
function valuesBy(condition: Node, alias: string): Readonly<Record<string, readonly string[]>> {
  if (condition.type === 'COMPARE_EQUAL')
    return valuesOf([objectOf(condition.left), objectOf(condition.right)], alias);
  if (condition.type === 'COMPARE_IN') return valuesOf(listOf(condition.children).map(objectOf), alias);
  if (condition.type !== 'CONJUNCTION_OR') return {};
  const [first = {}, ...others] = listOf(condition.children).map((branch) =>
    Object.fromEntries(conjuncts(branch).flatMap((one) => Object.entries(valuesBy(one, alias)))),
  );
  const shared = Object.keys(first).filter((column) => others.every((one) => one[column] !== undefined));
  return Object.fromEntries(
    shared.map((column) => [column, [first, ...others].flatMap((one) => one[column] ?? [])]),
  );
}

/** `alias.column` beside texts; anything else says nothing. */
function valuesOf(
  [column, ...constants]: readonly Node[],
  alias: string,
): Readonly<Record<string, readonly string[]>> {
  const [home, name, more] = listOf(column?.column_names);
  if (column?.class !== 'COLUMN_REF' || textOf(home) !== alias || name === undefined || more !== undefined)
    return {};
  const values = constants.map((one) => objectOf(one.value).value);
  if (!constants.every((one) => one.class === 'CONSTANT') || !values.every((one) => typeof one === 'string'))
    return {};
  return { [textOf(name)]: values.map(String) };
}

function conjuncts(condition: Value | undefined): readonly Node[] {
  const node = objectOf(condition);
  if (node.type === 'CONJUNCTION_AND') return listOf(node.children).flatMap(conjuncts);
  return node.class === undefined ? [] : [node];
}

/** Names of the functions called in some expressions, those of their subqueries too. */
function calls(expressions: readonly Node[]): readonly string[] {
  return expressions.flatMap((one) => [
    ...(one.class === 'FUNCTION' ? [textOf(one.function_name)] : []),
    ...calls(
      Object.values(one)
        .flatMap((value) => (Array.isArray(value) ? value : [value]))
        .map(objectOf),
    ),
  ]);
}

function both(left: Needs, right: Needs): Needs {
  if (left.length * right.length > MOST_WAYS) return left;
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function either(left: Needs, right: Needs): Needs {
  return left.length + right.length > MOST_WAYS ? ANY : [...left, ...right];
}

function objectOf(value: Value | undefined): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
