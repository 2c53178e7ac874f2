import type { Node } from 'libpg-query';
import type { WrittenLiteral } from '../../../schema/operation.ts';

/** More rows of one INSERT are not looked through. */
const MOST_ROWS = 2000;

/**
 * Texts that a statement writes into a column of its table or compares one with, where that is certain. The server reads them
 * as values of the column's type before it looks at any row.
 */
export function literalsOf(node: Node): readonly WrittenLiteral[] {
  const found = [...ofStatement(node)];
  const distinct = new Map(found.map((one) => [JSON.stringify([one.column, one.value]), one]));
  return [...distinct.values()];
}

function* ofStatement(node: Node): Generator<WrittenLiteral> {
  if ('InsertStmt' in node) {
    const { cols, selectStmt } = node.InsertStmt;
    const names = (cols ?? []).map(nameOfTarget);
    const rows = selectStmt && 'SelectStmt' in selectStmt ? (selectStmt.SelectStmt.valuesLists ?? []) : [];
    for (const row of rows.slice(0, MOST_ROWS))
      for (const [at, value] of ('List' in row ? (row.List.items ?? []) : []).entries())
        yield* pair(names[at], value);
  }
  if ('UpdateStmt' in node) {
    const { targetList, fromClause, whereClause } = node.UpdateStmt;
    for (const target of targetList ?? [])
      if ('ResTarget' in target) yield* pair(nameOfTarget(target), target.ResTarget.val);
    if (!fromClause) yield* ofCondition(whereClause);
  }
  if ('DeleteStmt' in node && !node.DeleteStmt.usingClause) yield* ofCondition(node.DeleteStmt.whereClause);
}

function nameOfTarget(node: Node): string | undefined {
  return 'ResTarget' in node && !node.ResTarget.indirection ? node.ResTarget.name : undefined;
}

function* pair(column: string | undefined, value: Node | undefined): Generator<WrittenLiteral> {
  const text = textOf(value);
  if (column !== undefined && text !== undefined) yield { column, value: text };
}

function textOf(node: Node | undefined): string | undefined {
  return node && 'A_Const' in node && node.A_Const.sval ? (node.A_Const.sval.sval ?? '') : undefined;
}

/** Comparisons that AND, OR and NOT join. */
function* ofCondition(root: Node | undefined): Generator<WrittenLiteral> {
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if ('BoolExpr' in node) open.push(...(node.BoolExpr.args ?? []));
    if (!('A_Expr' in node)) continue;
    const { kind, lexpr, rexpr, name } = node.A_Expr;
    const operator = name?.[0] && 'String' in name[0] ? (name[0].String.sval ?? '') : '';
    if (!/^(=|<>|<=?|>=?)$/.test(operator)) continue;
    const items = kind === 'AEXPR_IN' && rexpr && 'List' in rexpr ? (rexpr.List.items ?? []) : [rexpr];
    if (kind !== 'AEXPR_OP' && kind !== 'AEXPR_IN') continue;
    if (items.every((item) => textOf(item) !== undefined))
      for (const item of items) yield* pair(columnOf(lexpr), item);
  }
}

function columnOf(node: Node | undefined): string | undefined {
  const [only, another] = node && 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : [];
  return only && !another && 'String' in only ? only.String.sval : undefined;
}
