import type { Span } from '../../../change/span.ts';
import type { QualifiedName } from '../../../schema/name.ts';
import type { ColumnRole, QueryColumn } from '../../query.ts';
import { conventionOf } from './naming-convention.ts';

/** A table of a query and what the query calls it. */
export interface ScopeTable {
  readonly alias?: string;
  /** Undefined where its columns are of no table: a subquery, a table that is not known. */
  readonly table?: QualifiedName;
  /** The column behind a name of code, where a model says it. */
  columnOf?(property: string): NamedColumn | undefined;
}

/** A column by its name in the database. */
export interface NamedColumn {
  readonly column: string;
  /** What a convention makes of it, where only its name in code is written. */
  readonly convention?: string;
}

/** `id`, `u.id`, `app.users.id` as a column of the tables of a query; undefined where it is of none of them. */
export function columnInScope(
  written: string,
  scope: readonly ScopeTable[],
  role: ColumnRole,
  span: Span,
): QueryColumn | undefined {
  const parts = written.split('.').map((part) => part.trim().replace(/^["`]|["`]$/g, ''));
  const name = parts.at(-1);
  if (name === undefined || !/^[A-Za-z_][\w$]*$/.test(name)) return undefined;
  const called = parts.length > 1 ? scope.filter((one) => isCalled(one, parts[0] ?? '')) : [];
  if (parts.length === 1 && scope.some(({ alias }) => alias === name)) return undefined;
  // `order.address.city` is a property of an embedded object
  const property = parts.length > 2 && called.length > 0 ? parts.slice(1).join('.') : name;
  const owner = parts.length > 2 && called.length > 0 ? parts[0] : parts.at(-2);
  const among = owner === undefined ? scope : scope.filter((one) => isCalled(one, owner));
  const known = among.flatMap((one) => (one.table ? [{ ...one, table: one.table }] : []));
  const [first] = known;
  if (!first) return undefined;
  const modelled = known.map((one) => one.columnOf?.(property)).find((one) => one !== undefined);
  const named = modelled ?? { column: name, ...conventionOf(name) };
  // it may be of a subquery, or the name of a result
  const isOpen = owner === undefined && (known.length < scope.length || /^(order|group)$/.test(role));
  const perhaps = isOpen && !modelled ? { perhaps: true } : {};
  return { tables: known.map(({ table }) => table), ...named, ...perhaps, role, span };
}

function isCalled({ alias, table }: ScopeTable, owner: string): boolean {
  return alias === undefined ? table?.name === owner : alias === owner;
}
