import type { Alteration } from '../alterations.ts';
import { isSameConstraint, isSameIndex, pair } from '../compare/part.ts';
import type { Constraint, Index, Schema, Table } from '../schema.ts';
import { constraintBodySql, indexBodySql } from '../sql/table-sql.ts';
import { said } from './said.ts';
import type { TablePair } from './table.ts';

/** Constraints, and the indexes that are made by themselves. */
export function partAlterations({ before, after, schemas }: TablePair): readonly Alteration[] {
  if (before === after) return [];
  const former = before && after ? withColumnsRenamed(before, after) : before;
  return [...constraintAlterations(former, after, schemas), ...indexAlterations(former, after, schemas)];
}

function constraintAlterations(
  before: Table | undefined,
  after: Table | undefined,
  schemas: TablePair['schemas'],
): readonly Alteration[] {
  const side = (table: Table | undefined, one: Constraint | undefined, schema: Schema) =>
    table &&
    one && {
      name: one.name,
      text: `${constraintBodySql(schema, one, table)}${one.validated ? '' : ' NOT VALID'}`,
    };
  const found: Alteration[] = [];
  for (const [former, now] of pairs(before?.constraints, after?.constraints, isSameConstraint)) {
    const same = former && now && isSameConstraint(former, now) && former.validated === now.validated;
    const own = said(side(before, former, schemas.before), side(after, now, schemas.after), same);
    const one = now ?? former;
    if (own && one) found.push({ object: 'constraint', ...own, columns: one.columns, span: one.span });
  }
  return found;
}

function indexAlterations(
  before: Table | undefined,
  after: Table | undefined,
  schemas: TablePair['schemas'],
): readonly Alteration[] {
  const own = (table: Table | undefined) => table?.indexes.filter(({ madeBy }) => madeBy === 'user');
  const side = (one: Index | undefined, schema: Schema) =>
    one && { name: one.name, text: `${indexBodySql(schema, one)}${one.valid ? '' : ' INVALID'}` };
  const found: Alteration[] = [];
  for (const [former, now] of pairs(own(before), own(after), isSameIndex)) {
    const same = former && now && isSameIndex(former, now);
    const told = said(side(former, schemas.before), side(now, schemas.after), same);
    const one = now ?? former;
    const columns = one?.columns.flatMap((column) => column ?? []);
    if (told && one) found.push({ object: 'index', ...told, columns, span: one.span });
  }
  return found;
}

/** What is the same on both sides, what is otherwise under its name, what is gone, what is new. */
function pairs<T extends { readonly name: string }>(
  before: readonly T[] = [],
  after: readonly T[] = [],
  isSame: (a: T, b: T) => boolean,
): readonly (readonly [T | undefined, T | undefined])[] {
  const { gone, fresh, renamed } = pair(before, after, isSame);
  const altered: [T, T][] = [];
  for (const now of [...fresh]) {
    const former = [...gone].find(({ name }) => name !== '' && name === now.name);
    if (!former) continue;
    gone.delete(former);
    fresh.delete(now);
    altered.push([former, now]);
  }
  return [
    ...[...gone].map((one) => [one, undefined] as const),
    ...renamed,
    ...altered,
    ...[...fresh].map((one) => [undefined, one] as const),
  ];
}

/** The table before, its constraints and indexes with the names that the columns have after. */
function withColumnsRenamed(before: Table, after: Table): Table {
  const names = new Map<string, string>();
  for (const column of before.columns) {
    const now = after.columns.find(({ id }) => id === column.id);
    if (now && now.name !== column.name) names.set(column.name, now.name);
  }
  if (names.size === 0) return before;
  const now = (column: string) => names.get(column) ?? column;
  return {
    ...before,
    constraints: before.constraints.map((one) => ({
      ...one,
      columns: one.columns.map(now),
      ...('refTableId' in one && one.refTableId === before.id ? { refColumns: one.refColumns.map(now) } : {}),
    })),
    indexes: before.indexes.map((one) => ({
      ...one,
      columns: one.columns.map((column) => (column === undefined ? undefined : now(column))),
      dependsOn: one.dependsOn.map(now),
      include: one.include.map(now),
    })),
  };
}
