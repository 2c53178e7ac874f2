import type { Node, SelectStmt } from 'libpg-query';
import type { QualifiedName } from '../../../schema/name.ts';
import type { OutputDefinition } from '../../../schema/operation.ts';
import { nameOf, stringsOf, tableOf, typeOf } from './names.ts';

type Source = Omit<OutputDefinition, 'name'>;

/** What a query selects from: a table under its alias, or the output of a query in brackets. */
interface From {
  readonly alias: string | undefined;
  readonly relation?: QualifiedName;
  readonly outputs?: readonly OutputDefinition[];
}

/** Queries in brackets, one within the other, that are looked into. */
const MAX_DEPTH = 20;

const TRUTH: readonly string[] = ['=', '<>', '<', '<=', '>', '>=', '~', '~*', '!~', '!~*'];

/** The columns of a query's result with what their types come from; undefined where a name is not certain. */
export function outputsOf(root: unknown): readonly OutputDefinition[] | undefined {
  const node = root as Node; // the parser's own tree
  return 'SelectStmt' in node ? ofSelect(node.SelectStmt, 0) : undefined;
}

function ofSelect(select: SelectStmt, depth: number): readonly OutputDefinition[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (select.larg) {
    const left = ofSelect(select.larg, depth + 1);
    const right = select.rarg && ofSelect(select.rarg, depth + 1);
    return left?.map((one, at) => withoutLength(hasSource(one) ? one : { ...right?.[at], name: one.name }));
  }
  const from = (select.fromClause ?? []).flatMap((item) => fromOf(item, depth));
  const outputs = (select.targetList ?? []).map((item): OutputDefinition | undefined => {
    if (!('ResTarget' in item)) return undefined;
    const { name, val } = item.ResTarget;
    const shown = name ?? (val && nameOfValue(val));
    return shown === undefined ? undefined : { name: shown, ...sourceOf(val, from) };
  });
  return outputs.length > 0 && outputs.every((one) => one !== undefined) ? outputs : undefined;
}

/** Two queries put together keep a length only where both have it. */
function withoutLength(one: OutputDefinition): OutputDefinition {
  return one.type ? { ...one, type: { ...one.type, arguments: [] } } : one;
}

function hasSource(one: Source): boolean {
  return one.type !== undefined || one.column !== undefined;
}

/** The name that a column without AS gets, where it is a column or a cast of one. */
function nameOfValue(value: Node): string | undefined {
  if ('TypeCast' in value) return value.TypeCast.arg && nameOfValue(value.TypeCast.arg);
  if (!('ColumnRef' in value) || value.ColumnRef.fields?.some((field) => 'A_Star' in field)) return undefined;
  const parts = stringsOf(value.ColumnRef.fields);
  return parts.at(-1) || undefined;
}

function fromOf(item: Node, depth: number): readonly From[] {
  if ('RangeVar' in item) {
    const relation = tableOf(item.RangeVar);
    return [{ alias: item.RangeVar.alias?.aliasname ?? relation.name, relation }];
  }
  if ('JoinExpr' in item)
    return [item.JoinExpr.larg, item.JoinExpr.rarg].flatMap((side) => (side ? fromOf(side, depth) : []));
  if (!('RangeSubselect' in item)) return [{ alias: undefined }];
  const { subquery, alias } = item.RangeSubselect;
  const outputs = subquery && 'SelectStmt' in subquery ? ofSelect(subquery.SelectStmt, depth + 1) : undefined;
  return [{ alias: alias?.aliasname, outputs }];
}

function sourceOf(value: Node | undefined, from: readonly From[]): Source {
  if (!value) return {};
  if ('TypeCast' in value) return { type: typeOf(value.TypeCast.typeName) };
  if ('BoolExpr' in value || 'NullTest' in value || 'BooleanTest' in value)
    return { type: simple('boolean') };
  if ('ColumnRef' in value) return ofColumn(stringsOf(value.ColumnRef.fields), from);
  if ('A_Expr' in value && TRUTH.includes(nameOf(stringsOf(value.A_Expr.name)).name))
    return { type: simple('boolean') };
  if ('FuncCall' in value) {
    const called = stringsOf(value.FuncCall.funcname).at(-1);
    if (called === 'count') return { type: simple('bigint') };
    if (called === 'max' || called === 'min') return sourceOf(value.FuncCall.args?.[0], from);
  }
  return {};
}

function simple(name: string) {
  return { name, arguments: [], dimensions: 0 };
}

function ofColumn(parts: readonly string[], from: readonly From[]): Source {
  const column = parts.at(-1) ?? '';
  const alias = parts.length > 1 ? parts.at(-2) : undefined;
  const named = alias === undefined ? from : from.filter((one) => one.alias === alias);
  const [only, another] = named;
  if (only?.outputs && !another) {
    const { name: _, ...source } = only.outputs.find((one) => one.name === column) ?? { name: column };
    return source;
  }
  const relations = named.flatMap((one) => one.relation ?? []);
  return relations.length === named.length && relations.length > 0 ? { column: { relations, column } } : {};
}
