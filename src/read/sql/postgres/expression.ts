import { type Node, parseSync } from 'libpg-query';
import type { Comparison, Expression } from '../../../schema/expression.ts';

const UNKNOWN: Expression = { kind: 'unknown' };

const COMPARISONS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='] satisfies readonly Comparison[];

/** What a CHECK or a predicate asks of a row. Call `loadSqlReader` for Postgres first. Text that does not parse is `unknown`. */
export function readExpression(text: string): Expression {
  try {
    const [parsed] = parseSync(`SELECT (${text})`).stmts ?? [];
    const select = parsed?.stmt && 'SelectStmt' in parsed.stmt ? parsed.stmt.SelectStmt : undefined;
    const target = select?.targetList?.[0];
    return target && 'ResTarget' in target ? read(target.ResTarget.val) : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

function read(node: Node | undefined): Expression {
  if (!node) return UNKNOWN;
  if ('ColumnRef' in node) {
    const last = node.ColumnRef.fields?.at(-1);
    return last && 'String' in last ? { kind: 'column', name: last.String.sval ?? '' } : UNKNOWN;
  }
  if ('A_Const' in node) return constant(node.A_Const);
  if ('TypeCast' in node) return cast(node.TypeCast.arg, namesOf(node.TypeCast.typeName?.names).at(-1));
  if ('BoolExpr' in node) {
    const operands = (node.BoolExpr.args ?? []).map(read);
    if (node.BoolExpr.boolop === 'NOT_EXPR') return { kind: 'not', operand: operands[0] ?? UNKNOWN };
    return { kind: node.BoolExpr.boolop === 'AND_EXPR' ? 'and' : 'or', operands };
  }
  if ('NullTest' in node) {
    const test: Expression = { kind: 'is', operand: read(node.NullTest.arg), what: 'null' };
    return node.NullTest.nulltesttype === 'IS_NULL' ? test : { kind: 'not', operand: test };
  }
  if ('BooleanTest' in node) return booleanTest(read(node.BooleanTest.arg), node.BooleanTest.booltesttype);
  if ('CoalesceExpr' in node)
    return { kind: 'call', name: 'coalesce', arguments: (node.CoalesceExpr.args ?? []).map(read) };
  if ('FuncCall' in node) {
    const name = namesOf(node.FuncCall.funcname).at(-1) ?? '';
    return { kind: 'call', name, arguments: (node.FuncCall.args ?? []).map(read) };
  }
  return 'A_Expr' in node ? operation(node.A_Expr) : UNKNOWN;
}

function constant(node: Extract<Node, { A_Const: unknown }>['A_Const']): Expression {
  if (node.isnull) return { kind: 'literal', value: null };
  if (node.sval) return { kind: 'literal', value: node.sval.sval ?? '' };
  if (node.ival) return { kind: 'literal', value: node.ival.ival ?? 0 };
  if (node.fval) return { kind: 'literal', value: Number(node.fval.fval) };
  if (node.boolval) return { kind: 'literal', value: node.boolval.boolval ?? false };
  return UNKNOWN;
}

/** A cast tells nothing of a row but for `(a IS NULL)::integer`, which counts. */
function cast(arg: Node | undefined, type: string | undefined): Expression {
  const operand = read(arg);
  const counts = operand.kind === 'is' || operand.kind === 'not';
  if (counts && /^int[248]$/.test(type ?? '')) return { kind: 'call', name: 'integer', arguments: [operand] };
  return operand;
}

function booleanTest(operand: Expression, type: string | undefined): Expression {
  const what = type?.endsWith('TRUE') ? 'true' : type?.endsWith('FALSE') ? 'false' : 'null';
  const test: Expression = { kind: 'is', operand, what };
  return type?.startsWith('IS_NOT') ? { kind: 'not', operand: test } : test;
}

function operation(node: Extract<Node, { A_Expr: unknown }>['A_Expr']): Expression {
  const operator = namesOf(node.name).at(-1) ?? '';
  const left = read(node.lexpr);
  const many = () => itemsOf(node.rexpr).map(read);
  switch (node.kind) {
    case 'AEXPR_OP':
      if (COMPARISONS.includes(operator))
        return { kind: 'compare', operator: operator as Comparison, left, right: read(node.rexpr) }; // one of them
      if (operator === '-' && !node.lexpr)
        return {
          kind: 'arithmetic',
          operator,
          left: { kind: 'literal', value: 0 },
          right: read(node.rexpr),
        };
      if (operator === '+' || operator === '-' || operator === '*')
        return { kind: 'arithmetic', operator, left, right: read(node.rexpr) };
      return UNKNOWN;
    case 'AEXPR_IN': {
      const among: Expression = { kind: 'in', operand: left, list: many() };
      return operator === '<>' ? { kind: 'not', operand: among } : among;
    }
    case 'AEXPR_OP_ANY':
      if (operator !== '=' || many().length === 0) return UNKNOWN;
      return { kind: 'in', operand: left, list: many() };
    case 'AEXPR_OP_ALL':
      if (operator !== '<>' || many().length === 0) return UNKNOWN;
      return { kind: 'not', operand: { kind: 'in', operand: left, list: many() } };
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low = UNKNOWN, high = UNKNOWN] = many();
      const operands: readonly Expression[] = [
        { kind: 'compare', operator: '>=', left, right: low },
        { kind: 'compare', operator: '<=', left, right: high },
      ];
      const between: Expression = { kind: 'and', operands };
      return node.kind === 'AEXPR_BETWEEN' ? between : { kind: 'not', operand: between };
    }
    case 'AEXPR_DISTINCT':
      return { kind: 'not', operand: equalOrBothNull(left, read(node.rexpr)) };
    case 'AEXPR_NOT_DISTINCT':
      return equalOrBothNull(left, read(node.rexpr));
    case 'AEXPR_LIKE': {
      const like: Expression = { kind: 'call', name: 'like', arguments: [left, read(node.rexpr)] };
      return operator.startsWith('!') ? { kind: 'not', operand: like } : like;
    }
    default:
      return UNKNOWN;
  }
}

/** IS NOT DISTINCT FROM. */
function equalOrBothNull(left: Expression, right: Expression): Expression {
  const isNull = (operand: Expression): Expression => ({ kind: 'is', operand, what: 'null' });
  const equal: Expression = { kind: 'compare', operator: '=', left, right };
  return {
    kind: 'or',
    operands: [
      { kind: 'is', operand: equal, what: 'true' },
      { kind: 'and', operands: [isNull(left), isNull(right)] },
    ],
  };
}

/** The elements of a list, of ARRAY[…], and of a cast of either. */
function itemsOf(node: Node | undefined): readonly Node[] {
  if (!node) return [];
  if ('List' in node) return node.List.items ?? [];
  if ('A_ArrayExpr' in node) return node.A_ArrayExpr.elements ?? [];
  return 'TypeCast' in node ? itemsOf(node.TypeCast.arg) : [];
}

function namesOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? (node.String.sval ?? []) : []));
}
