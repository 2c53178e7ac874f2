import { vocabulary } from '../facts/vocabulary.ts';
import type { Value } from '../prove/scratch.ts';
import type { ColumnOf, Expression } from './condition.ts';
import type { Needs, Way } from './needs.ts';
import { conjuncts, listOf, type Node, objectOf, textOf } from './query-tree.ts';
import { expressionOf, type Outputs, type Scope } from './read-expression.ts';
import { unqualifiedTables } from './tables-read.ts';

/** More ways than this are told as if any would do. */
const MOST_WAYS = 40;

/** The queries of WITH, read again wherever one is named: each time needs rows of its own. */
type Queries = ReadonlyMap<string, (scope: Scope) => readonly Found[]>;

interface Found extends Way {
  readonly outputs: Outputs;
  readonly scope: Scope;
}

const NO_OUTPUTS: Outputs = { columns: new Map(), certain: false };

/**
 * What a query needs, from the tree that DuckDB's `json_serialize_sql` makes of it. Told too little wherever the tree holds
 * something else than joins, conditions that can be computed, unions, subqueries and WITH: a rule is then run without
 * need. `aggregates` are the engine's aggregate functions: without GROUP BY they return a row of nothing.
 */
export function needsOf(tree: Value, aggregates: ReadonlySet<string>): Needs {
  const [statement] = listOf(objectOf(tree).statements);
  let numbers = 0;
  return ofNode(objectOf(objectOf(statement).node), new Map(), new Map()).map(pruned);

  function ofNode(node: Node, scope: Scope, outer: Queries): readonly Found[] {
    const queries = new Map(outer);
    for (const entry of listOf(objectOf(node.cte_map).map).map(objectOf)) {
      const before = new Map(queries);
      const query = objectOf(objectOf(objectOf(entry.value).query).node);
      queries.set(textOf(entry.key), (inner) => ofNode(query, inner, before));
    }
    if (node.type === 'SET_OPERATION_NODE' && node.setop_type === 'UNION')
      return either(
        ofNode(objectOf(node.left), scope, queries),
        ofNode(objectOf(node.right), scope, queries),
      );
    if (node.type !== 'SELECT_NODE' || returnsAlways(node)) return [anything(scope)];
    return ofSource(objectOf(node.from_table), scope, queries)
      .flatMap((way) => under(way, conjuncts(node.where_clause), queries))
      .map((way) => ({
        ...way,
        scope,
        outputs: outputsOf(listOf(node.select_list).map(objectOf), way.scope, scope),
      }));
  }

  function ofSource(source: Node, scope: Scope, queries: Queries): readonly Found[] {
    const alias = textOf(source.alias) || textOf(source.table_name);
    const named = (ways: readonly Found[]) =>
      ways.map((way) => ({
        ...way,
        scope: new Map(scope).set(alias, listOf(source.column_name_alias).length > 0 ? null : way.outputs),
      }));
    switch (source.type) {
      case 'BASE_TABLE': {
        const schema = textOf(source.schema_name);
        const name = textOf(source.table_name);
        const query = schema === '' ? queries.get(name) : undefined;
        return named(query ? query(new Map()) : [ofTable(schema === '' ? name : `${schema}.${name}`)]);
      }
      case 'SUBQUERY':
        return named(ofNode(objectOf(objectOf(source.subquery).node), scope, queries));
      case 'JOIN': {
        const [left, right] = [objectOf(source.left), objectOf(source.right)];
        if (source.join_type === 'LEFT') return ofSource(left, hiding(scope, right), queries);
        if (source.join_type !== 'INNER') return [anything(hiding(hiding(scope, left), right))];
        return limited(
          ofSource(left, scope, queries).flatMap((one) =>
            ofSource(right, one.scope, queries).map((other) => both(one, other)),
          ),
          () => anything(hiding(hiding(scope, left), right)),
        ).flatMap((way) => under(way, conjuncts(source.condition), queries));
      }
      default:
        return [anything(hiding(scope, source))];
    }
  }

  function ofTable(table: string): Found {
    const row = numbers++;
    const full = unqualifiedTables().get(table)?.head ?? table;
    const columns = (vocabulary().tables.get(full)?.columns ?? []).map(
      ({ name }) => [name, { row, column: name }] as const,
    );
    return {
      ...{ rows: { [row]: table }, conditions: [], equal: [], scope: new Map() },
      outputs: { columns: new Map(columns), certain: true },
    };
  }

  /** A way under conditions: on its rows, and with the rows that EXISTS asks for. */
  function under(way: Found, conditions: readonly Node[], queries: Queries): readonly Found[] {
    let ways: readonly Found[] = [conditions.reduce(withCondition, way)];
    for (const one of conditions)
      if (one.class === 'SUBQUERY' && one.subquery_type === 'EXISTS') {
        const inner = ofNode(objectOf(objectOf(one.subquery).node), way.scope, queries);
        ways = limited(
          ways.flatMap((left) => inner.map((right) => ({ ...both(left, right), scope: left.scope }))),
          () => way,
        );
      }
    return ways;
  }

  /** An aggregate without groups makes a row of nothing; so does an empty set of groups. */
  function returnsAlways(node: Node): boolean {
    const groups = listOf(node.group_sets);
    if (groups.length > 0) return groups.some((one) => listOf(one).length === 0);
    const selected = listOf(node.select_list).map(objectOf);
    if (node.aggregate_handling === 'FORCE_AGGREGATES')
      return !selected.some((one) => one.class === 'COLUMN_REF');
    return aggregatesIn([...selected, objectOf(node.having)]);
  }

  /** Whether some expressions hold an aggregate of their own query: one over columns of a query within belongs to that. */
  function aggregatesIn(expressions: readonly Node[], within: Scope = new Map()): boolean {
    return expressions.some((one) => {
      const parts = Object.values(one)
        .flatMap((value) => (Array.isArray(value) ? value : [value]))
        .map(objectOf);
      if (one.class === 'SUBQUERY') {
        const { node } = objectOf(one.subquery);
        return aggregatesIn(parts, hiding(within, objectOf(objectOf(node).from_table)));
      }
      if (one.class === 'FUNCTION' && aggregates.has(textOf(one.function_name)))
        return within.size === 0 || !homesIn(listOf(one.children)).some((home) => within.has(home));
      return aggregatesIn(parts, within);
    });
  }
}

/** The names of tables that stand before columns in some expressions. */
function homesIn(expressions: readonly Value[]): readonly string[] {
  return expressions.map(objectOf).flatMap((one) => {
    const [home, name] = listOf(one.column_names).map(textOf);
    if (home !== undefined) return name === undefined ? [] : [home];
    return homesIn(Object.values(one).flatMap((value) => (Array.isArray(value) ? value : [value])));
  });
}

/** Without what only served to find the needs. */
function pruned({ rows, conditions, equal }: Found): Way {
  return { rows, conditions, equal };
}

function anything(scope: Scope): Found {
  return { rows: {}, conditions: [], equal: [], outputs: NO_OUTPUTS, scope };
}

/** The scope in which names of a part that is not looked into mean nothing that is known. */
function hiding(scope: Scope, source: Node): Scope {
  if (source.type === 'JOIN') return hiding(hiding(scope, objectOf(source.left)), objectOf(source.right));
  return new Map(scope).set(textOf(source.alias) || textOf(source.table_name), null);
}

function both(one: Found, other: Found): Found {
  return {
    ...other,
    rows: { ...one.rows, ...other.rows },
    conditions: [...one.conditions, ...other.conditions],
    equal: [...one.equal, ...other.equal],
  };
}

function limited(ways: readonly Found[], instead: () => Found): readonly Found[] {
  return ways.length > MOST_WAYS ? [instead()] : ways;
}

/** Of a union the columns have the names of its first part. */
function either(left: readonly Found[], right: readonly Found[]): readonly Found[] {
  const [first] = left;
  if (!first || left.length + right.length > MOST_WAYS) return [anything(first?.scope ?? new Map())];
  const names = [...first.outputs.columns.keys()];
  const renamed = right.map((way) => {
    const columns = [...way.outputs.columns.values()];
    const isPaired = first.outputs.certain && way.outputs.certain && names.length === columns.length;
    if (!isPaired) return { ...way, outputs: NO_OUTPUTS };
    return {
      ...way,
      outputs: { certain: true, columns: new Map(names.map((name, at) => [name, columns[at] ?? null])) },
    };
  });
  return [...left, ...renamed];
}

function outputsOf(selected: readonly Node[], scope: Scope, outer: Scope): Outputs {
  const columns = new Map<string, Expression>();
  let certain = true;
  const add = (name: string, value: Expression) => {
    if (columns.has(name)) certain = false;
    else columns.set(name, value);
  };
  for (const [index, one] of selected.entries())
    if (one.class === 'STAR') {
      const known = starOf(one, scope, outer);
      if (!known?.certain) certain = false;
      for (const [name, value] of known?.columns ?? []) add(name, value);
    } else {
      const name = textOf(one.alias) || textOf(listOf(one.column_names).at(-1)) || `#${index}`;
      add(name, expressionOf(one, scope));
    }
  return { columns, certain };
}

function starOf(star: Node, scope: Scope, outer: Scope): Outputs | undefined {
  const lists = [star.exclude_list, star.replace_list, star.rename_list, star.qualified_exclude_list];
  if (star.columns === true || star.expr || lists.some((list) => listOf(list).length > 0)) return undefined;
  const name = textOf(star.relation_name);
  const own = [...scope].filter(([key, value]) => outer.get(key) !== value || !outer.has(key));
  const [only, more] = name === '' ? own.map(([, value]) => value) : [scope.get(name)];
  return only && !more ? only : undefined;
}

/** A condition on one row, or that two columns are equal; anything else is left to the engine. */
function withCondition(way: Found, condition: Node): Found {
  const holds = expressionOf(condition, way.scope);
  if (holds && 'call' in holds && holds.call === '=') {
    const [left, right] = holds.of;
    if (left && right && 'row' in left && 'row' in right && left.row !== right.row)
      return { ...way, equal: [...way.equal, [left, right]] };
  }
  const [row, more] = new Set(columnsIn(holds).map((column) => column.row));
  return row === undefined || more !== undefined
    ? way
    : { ...way, conditions: [...way.conditions, { row, holds }] };
}

function columnsIn(expression: Expression): readonly ColumnOf[] {
  if (expression === null || 'is' in expression) return [];
  return 'row' in expression ? [expression] : expression.of.flatMap(columnsIn);
}
