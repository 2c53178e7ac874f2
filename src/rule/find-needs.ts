import { vocabulary } from '../facts/vocabulary.ts';
import type { Value } from '../prove/scratch.ts';
import type { ColumnOf, Expression } from './condition.ts';
import {
  asGroup,
  bare,
  besidesOf,
  both,
  either,
  type Found,
  limited,
  NO_OUTPUTS,
  NOTHING,
  withBeside,
} from './found.ts';
import { conjuncts, listOf, type Node, objectOf, textOf } from './query-tree.ts';
import { expressionOf, type Outputs, type Scope } from './read-expression.ts';
import { unqualifiedTables } from './tables-read.ts';
import type { Beside, Needs } from './way.ts';

/** The queries of WITH, read again wherever one is named: each time needs rows of its own. */
type Queries = ReadonlyMap<string, (scope: Scope) => readonly Found[]>;

/**
 * What a query needs, from the tree that DuckDB's `json_serialize_sql` makes of it. Told too little wherever the tree holds
 * something else than joins, conditions that can be computed, unions, subqueries and WITH: a rule is then run without
 * need. `aggregates` are the engine's aggregate functions: without GROUP BY they return a row of nothing.
 */
export function needsOf(tree: Value, aggregates: ReadonlySet<string>): Needs {
  const [statement] = listOf(objectOf(tree).statements);
  let numbers = 0;
  return ofNode(objectOf(objectOf(statement).node), new Map(), new Map()).map(bare);

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
        () => anything(node, scope, queries),
      );
    if (node.type !== 'SELECT_NODE' || returnsAlways(node)) return [anything(node, scope, queries)];
    const { where_clause: _, from_table: __, cte_map: ___, ...rest } = node;
    const isGrouped = makesGroups(node);
    return ofSource(objectOf(node.from_table), scope, queries)
      .flatMap((way) => under(way, conjuncts(node.where_clause), queries))
      .map((way) => withBeside(way, besideIn(rest, way.scope, queries)))
      .map((way) => ({
        ...(isGrouped ? asGroup(way) : way),
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
      case 'BASE_TABLE':
        return named(ofName(source, queries));
      case 'SUBQUERY':
        return named(ofNode(objectOf(objectOf(source.subquery).node), scope, queries));
      case 'JOIN': {
        const [left, right] = [objectOf(source.left), objectOf(source.right)];
        const conditions = conjuncts(source.condition);
        if (source.join_type === 'LEFT')
          return ofSource(left, scope, queries).map((one) => {
            const joined = ofSource(right, one.scope, queries).flatMap((other) =>
              under(other, conditions, queries),
            );
            return { ...withBeside(one, besidesOf(joined)), scope: hiding(one.scope, right) };
          });
        if (source.join_type !== 'INNER')
          return [anything(source, hiding(hiding(scope, left), right), queries)];
        const isPlain = source.ref_type !== 'NATURAL' && listOf(source.using_columns).length === 0;
        return limited(
          ofSource(left, scope, queries).flatMap((one) =>
            ofSource(right, one.scope, queries).map((other) => both(one, other, isPlain)),
          ),
          () => anything(source, hiding(hiding(scope, left), right), queries),
        ).flatMap((way) => under(way, conditions, queries));
      }
      default:
        return [anything(source, hiding(scope, source), queries)];
    }
  }

  /** A table of the vocabulary, or what a query of WITH returns. */
  function ofName(source: Node, queries: Queries): readonly Found[] {
    const schema = textOf(source.schema_name);
    const name = textOf(source.table_name);
    const query = schema === '' ? queries.get(name) : undefined;
    return query ? query(new Map()) : [ofTable(schema === '' ? name : `${schema}.${name}`)];
  }

  function ofTable(table: string): Found {
    const row = numbers++;
    const full = unqualifiedTables().get(table)?.head ?? table;
    const columns = (vocabulary().tables.get(full)?.columns ?? []).map(
      ({ name }) => [name, { row, column: name }] as const,
    );
    return {
      ...{ ...NOTHING, rows: { [row]: table }, scope: new Map() },
      outputs: { columns: new Map(columns), certain: true },
    };
  }

  /** A way under conditions: on its rows, with the rows that EXISTS asks for and without those that NOT EXISTS forbids. */
  function under(way: Found, conditions: readonly Node[], queries: Queries): readonly Found[] {
    let ways: readonly Found[] = [way];
    for (const one of conditions) {
      const lacking = one.type === 'OPERATOR_NOT' ? objectOf(listOf(one.children)[0]) : {};
      if (isExists(one)) {
        const inner = within(one, way.scope, queries);
        ways = limited(
          ways.flatMap((left) =>
            inner.map((right) => ({ ...both(left, right), scope: left.scope, outputs: left.outputs })),
          ),
          () => withBeside({ ...way, exact: false }, besideIn(one, way.scope, queries)),
        );
      } else if (isExists(lacking)) {
        const inner = within(lacking, way.scope, queries);
        const lacks = inner.map(bare);
        ways = ways.map((left) =>
          withBeside({ ...left, lacks: [...left.lacks, lacks] }, besidesOf(inner, true)),
        );
      } else
        ways = ways.map((left) => withBeside(withCondition(left, one), besideIn(one, left.scope, queries)));
    }
    return ways;
  }

  function within(exists: Node, scope: Scope, queries: Queries): readonly Found[] {
    return ofNode(objectOf(objectOf(exists.subquery).node), scope, queries);
  }

  /** What subqueries in some part of a query read. */
  function besideIn(part: Node, scope: Scope, queries: Queries): readonly Beside[] {
    if (part.class === 'SUBQUERY')
      return [...besidesOf(within(part, scope, queries)), ...besideIn(objectOf(part.child), scope, queries)];
    return Object.values(part)
      .flatMap((value) => (Array.isArray(value) ? value : [value]))
      .flatMap((value) => besideIn(objectOf(value), scope, queries));
  }

  /** A part that is not looked into: whatever changes in what it reads may matter. */
  function anything(part: Node, scope: Scope, queries: Queries): Found {
    const beside = tablesIn(part, queries);
    return { ...NOTHING, exact: false, beside, outputs: NO_OUTPUTS, scope };
  }

  function tablesIn(part: Node, queries: Queries): readonly Beside[] {
    if (part.type === 'BASE_TABLE') return besidesOf(ofName(part, queries));
    return Object.values(part)
      .flatMap((value) => (Array.isArray(value) ? value : [value]))
      .flatMap((value) => tablesIn(objectOf(value), queries));
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

function isExists({ class: kind, subquery_type: type }: Node): boolean {
  return kind === 'SUBQUERY' && type === 'EXISTS';
}

/** Whether what a query returns for a row depends on the others: groups, windows, a limit. */
function makesGroups(node: Node): boolean {
  const limits = listOf(node.modifiers).map(objectOf);
  return (
    listOf(node.group_sets).length > 0 ||
    node.aggregate_handling === 'FORCE_AGGREGATES' ||
    objectOf(node.having).class !== undefined ||
    objectOf(node.qualify).class !== undefined ||
    limits.some(({ type }) => type !== 'ORDER_MODIFIER' && type !== 'DISTINCT_MODIFIER') ||
    holdsRows(listOf(node.select_list).map(objectOf))
  );
}

/** Whether some selected expressions look at other rows, or make several of one. */
function holdsRows(expressions: readonly Node[]): boolean {
  return expressions.some((one) => {
    if (one.class === 'WINDOW' || textOf(one.function_name) === 'unnest') return true;
    if (one.class === 'SUBQUERY') return false;
    return holdsRows(
      Object.values(one)
        .flatMap((value) => (Array.isArray(value) ? value : [value]))
        .map(objectOf),
    );
  });
}

/** The scope in which names of a part that is not looked into mean nothing that is known. */
function hiding(scope: Scope, source: Node): Scope {
  if (source.type === 'JOIN') return hiding(hiding(scope, objectOf(source.left)), objectOf(source.right));
  return new Map(scope).set(textOf(source.alias) || textOf(source.table_name), null);
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
  const [only, ...more] = name === '' ? own.map(([, value]) => value) : [scope.get(name)];
  return more.length === 0 ? (only ?? undefined) : undefined;
}

/** With a condition; one of which nothing can be computed is left to the engine. */
function withCondition(way: Found, condition: Node): Found {
  const holds = expressionOf(condition, way.scope);
  if (holds === null) return { ...way, exact: false };
  const rows = [...new Set(columnsIn(holds).map((column) => column.row))];
  return { ...way, conditions: [...way.conditions, { rows, holds }] };
}

function columnsIn(expression: Expression): readonly ColumnOf[] {
  if (expression === null || 'is' in expression) return [];
  return 'row' in expression ? [expression] : expression.of.flatMap(columnsIn);
}
