import { type Expression, within } from '../../schema/expression.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import { domainOfMysql, domainOfSqlite } from './dialect-value.ts';
import { evaluate, type SeenRow } from './evaluate.ts';
import { type Domain, domainOf, type SeedValue } from './value.ts';

/** The values that one column may have in seeded rows, by itself. */
export interface Pool {
  readonly column: Column;
  readonly domain: Domain | undefined;
  /** It is a key by itself: no two rows have the same value. */
  readonly isKey: boolean;
  /** At least one; the first is the ordinary one. NULL stands last, where it is allowed. */
  readonly values: readonly SeedValue[];
}

/** A CHECK of a table, read. */
export interface Check {
  readonly name: string;
  readonly columns: readonly string[];
  readonly expression: Expression;
}

/** So many different values are looked at, of a key and of a column that a CHECK restricts. */
const DISTINCT = 24;

/** Longest text or bytes made for a CHECK on a length. */
const MAX_LENGTH = 2000;

/** The values of a column that its type and the checks on it alone allow; a reason where there are none. */
export function poolOf(
  column: Column,
  table: Table,
  schema: Schema,
  checks: readonly Check[],
): Pool | { readonly reason: string } {
  const domain = domainIn(schema, column);
  const own = checks.filter((check) => check.columns.every((name) => name === column.name));
  const unreadable = own.some((check) => [...within(check.expression)].some((one) => one.kind === 'unknown'));
  const allowed = (value: SeedValue) => own.every((check) => holds(check, column, domain, value));
  const key = uniqueKeys(table).some((one) => one.length === 1 && one[0] === column.name);
  const values: SeedValue[] = [];
  if (domain && !(unreadable && column.nullable))
    for (const value of candidates(column, domain, checks, key))
      if (!values.some((one) => same(one, value)) && allowed(value)) values.push(value);
  if (column.nullable && (values.length === 0 || allowed(null))) values.push(null);
  if (values.length > 0) return { column, domain, isKey: key, values };
  return {
    reason: domain
      ? `no value for "${column.name}" is known that its CHECK allows`
      : `no value of type ${column.type.name} is known for "${column.name}"`,
  };
}

function domainIn(schema: Schema, column: Column): Domain | undefined {
  if (schema.dialect === 'sqlite') return domainOfSqlite(column);
  return schema.dialect === 'mysql' ? domainOfMysql(column) : domainOf(column, schema);
}

export function same(a: SeedValue, b: SeedValue): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/** Columns of the primary key, unique constraints and unique indexes, also of those that hold for some rows only. */
export function uniqueKeys(table: Table): readonly (readonly string[])[] {
  const ofConstraints = table.constraints.flatMap((one) =>
    one.kind === 'primary key' || one.kind === 'unique' ? [one.columns] : [],
  );
  const ofIndexes = table.indexes.flatMap((index) => {
    if (!index.unique || index.constraintName !== undefined) return [];
    const named = index.columns.flatMap((name) => name ?? []);
    return [[...new Set(index.expressions.length > 0 ? [...named, ...index.dependsOn] : named)]];
  });
  return [...ofConstraints, ...ofIndexes].filter((key) => key.length > 0);
}

function* candidates(
  column: Column,
  domain: Domain,
  checks: readonly Check[],
  key: boolean,
): Generator<SeedValue> {
  const counted = function* (): Generator<SeedValue> {
    for (let i = 0; i < DISTINCT; i++) {
      const value = domain.distinct(i);
      if (value !== undefined) yield value;
    }
  };
  if (key) yield* counted();
  yield domain.ordinary;
  for (const check of checks) yield* mentioned(column, domain, check.expression);
  yield* domain.awkward;
  if (!key) yield* counted();
}

/** Values that a check compares a column with, and their neighbours. */
function* mentioned(column: Column, domain: Domain, check: Expression): Generator<SeedValue> {
  for (const one of within(check)) {
    if (one.kind === 'call' && one.name === 'like') yield* shaped(column, one.arguments);
    const pairs =
      one.kind === 'compare'
        ? [[one.left, one.right] as const, [one.right, one.left] as const]
        : one.kind === 'in'
          ? one.list.map((item) => [one.operand, item] as const)
          : [];
    for (const [operand, { ...other }] of pairs) {
      if (other.kind !== 'literal' || other.value === null) continue;
      if (isColumn(operand, column)) yield* near(String(other.value), domain);
      else if (
        operand.kind === 'call' &&
        /length/.test(operand.name) &&
        isColumn(operand.arguments[0], column)
      )
        yield* ofLength(Number(other.value), domain);
    }
  }
}

function isColumn(expression: Expression | undefined, column: Column): boolean {
  return expression?.kind === 'column' && expression.name === column.name;
}

/** Texts that a LIKE with `%` takes. */
function* shaped(column: Column, [operand, pattern]: readonly Expression[]): Generator<SeedValue> {
  if (!isColumn(operand, column) || pattern?.kind !== 'literal') return;
  for (const filling of ['', 'a', 'b']) yield String(pattern.value).replaceAll('%', filling);
}

/** Values of about that length, each different from those of another length. */
function* ofLength(length: number, { sort }: Domain): Generator<SeedValue> {
  const letters = sort === 'text' ? ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] : [];
  const bytes = sort === 'bytes' ? ['00', '01', '02', '03', '04', '05', '06', 'ff'] : [];
  for (const near of [length, length - 1, length + 1])
    for (const one of [...letters, ...bytes]) yield one.repeat(Math.min(Math.max(near, 0), MAX_LENGTH));
}

function near(text: string, { sort, distinct }: Domain): readonly SeedValue[] {
  if (sort === 'label') return labels(distinct).includes(text) ? [text] : [];
  if (sort === 'boolean') return [/^t/i.test(text) ? 'true' : 'false'];
  const number = Number(text);
  const counted = sort === 'number' && Number.isInteger(number);
  if (sort === 'number' && Number.isNaN(number)) return [];
  return counted ? [text, String(number + 1), String(number - 1)] : [text];
}

function labels(distinct: Domain['distinct']): readonly SeedValue[] {
  const found: SeedValue[] = [];
  for (let i = 0, one = distinct(0); one !== undefined; one = distinct(++i)) found.push(one);
  return found;
}

function holds(check: Check, column: Column, domain: Domain | undefined, value: SeedValue): boolean {
  const row: SeenRow = {
    value: (name) => (name === column.name ? value : undefined),
    sort: () => domain?.sort ?? 'other',
  };
  return evaluate(check.expression, row) !== false;
}
