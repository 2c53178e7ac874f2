import { MIRRORED } from '../query-parts.ts';
import { field, type Tree } from './tree.ts';

/** How a column is compared, and with which text literals. */
export interface Comparison {
  readonly comparison: string;
  readonly values?: readonly string[];
}

/** What a node of an expression says of the columns that stand bare on one of its sides, by their ColumnRef. */
export function comparisonsIn(node: Tree): readonly (readonly [column: Tree, Comparison])[] {
  const test = field(node, 'NullTest');
  if (test) {
    const column = field(test.arg, 'ColumnRef');
    const comparison = test.nulltesttype === 'IS_NOT_NULL' ? 'is not null' : 'is null';
    return column ? [[column, { comparison }]] : [];
  }
  const compared = field(node, 'A_Expr');
  if (!compared) return [];
  const comparison = nameOf(compared);
  if (comparison === undefined) return [];
  return (
    [
      [compared.lexpr, compared.rexpr, comparison],
      [compared.rexpr, compared.lexpr, MIRRORED[comparison] ?? comparison],
    ] as const
  ).flatMap(([side, other, word]) => {
    const column = field(side, 'ColumnRef');
    if (!column) return [];
    const values = literalsOf(other);
    return [[column, { comparison: word, ...(values.length > 0 ? { values } : {}) }] as const];
  });
}

const KINDS: Readonly<Record<string, string>> = {
  AEXPR_LIKE: 'like',
  AEXPR_ILIKE: 'ilike',
  AEXPR_SIMILAR: 'similar',
  AEXPR_BETWEEN: 'between',
  AEXPR_NOT_BETWEEN: 'not between',
  AEXPR_DISTINCT: 'is distinct',
  AEXPR_NOT_DISTINCT: 'is not distinct',
};

function nameOf({ kind, name }: Tree): string | undefined {
  const sign = Array.isArray(name) ? field(name.at(-1), 'String')?.sval : undefined;
  if (typeof sign !== 'string') return undefined;
  if (kind === 'AEXPR_OP') return sign;
  if (kind === 'AEXPR_IN' || kind === 'AEXPR_OP_ANY') return sign === '=' ? 'in' : 'not in';
  if (kind === 'AEXPR_OP_ALL') return 'not in';
  const word = typeof kind === 'string' ? KINDS[kind] : undefined;
  return word?.endsWith('like') && sign.startsWith('!') ? `not ${word}` : word;
}

/** The text literals that a value may be: itself, those of a list, or those of a CASE; none where it is anything else. */
export function literalsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(literalsOf);
  const constant = field(value, 'A_Const');
  if (constant) {
    const text = field(constant, 'sval')?.sval;
    return typeof text === 'string' ? [text] : [];
  }
  const cast = field(value, 'TypeCast');
  if (cast) return literalsOf(cast.arg);
  const items = field(value, 'List')?.items ?? field(value, 'A_ArrayExpr')?.elements;
  if (items) return literalsOf(items);
  const choice = field(value, 'CaseExpr');
  if (!choice) return [];
  const branches = Array.isArray(choice.args) ? choice.args : [];
  return literalsOf([...branches.map((branch) => field(branch, 'CaseWhen')?.result), choice.defresult]);
}

/** The text literals of INSERT … VALUES by the name of their column. */
export function literalsByColumn(insert: Tree): ReadonlyMap<string | undefined, readonly string[]> {
  const rows = listOf(field(insert.selectStmt, 'SelectStmt')?.valuesLists).map((row) =>
    listOf(field(row, 'List')?.items),
  );
  const names = listOf(insert.cols).map((one) => field(one, 'ResTarget')?.name);
  if (rows.length === 0) return new Map();
  return new Map(
    names.flatMap((name, at) =>
      typeof name === 'string' ? [[name, rows.flatMap((row) => literalsOf(row[at]))] as const] : [],
    ),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
