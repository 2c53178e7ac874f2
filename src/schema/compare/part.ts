import type { Applied } from '../applied.ts';
import type { Constraint, Index, Schema, Table } from '../schema.ts';
import { constraintDefinition, indexDefinition } from './definition.ts';
import { isSameExpression } from './expression.ts';
import { about, nameOf } from './said.ts';

/** Constraints and indexes of a table that both sides have. One that differs only in its name was renamed. */
export function compareParts(
  head: Schema,
  base: Table,
  table: Table,
  lost: Applied[],
  made: Applied[],
): void {
  compareConstraints(head, base, table, lost, made);
  compareIndexes(base, table, lost, made);
}

function compareConstraints(head: Schema, base: Table, table: Table, lost: Applied[], made: Applied[]): void {
  const { gone, fresh, renamed } = pair(base.constraints, table.constraints, isSameConstraint);
  const named = nameOf(table);
  const parts = (one: Constraint, of: Table) => ({
    columns: of.columns.filter(({ name }) => one.columns.includes(name)),
    objectName: one.name,
    ...(one.kind === 'foreign key' ? { refTableId: one.refTableId } : {}),
  });
  for (const [former, now] of renamed) {
    const { name: to, span } = now;
    if (former.name !== to)
      made.push(
        about(
          table,
          { kind: 'rename-constraint', table: named, name: former.name, to },
          span,
          parts(now, table),
        ),
      );
    if (now.validated && !former.validated)
      made.push(
        about(table, { kind: 'validate-constraint', table: named, name: to }, span, parts(now, table)),
      );
  }
  for (const one of gone) {
    const body = { kind: 'drop-constraint', table: named, name: one.name, cascade: false } as const;
    lost.push(about(table, body, one.span, parts(one, base)));
  }
  for (const one of fresh) {
    const constraint = constraintDefinition(head, one);
    made.push(
      about(table, { kind: 'add-constraint', table: named, constraint }, one.span, parts(one, table)),
    );
  }
}

function compareIndexes(base: Table, table: Table, lost: Applied[], made: Applied[]): void {
  const own = (of: Table) => of.indexes.filter((one) => one.madeBy === 'user');
  const { gone, fresh, renamed } = pair(own(base), own(table), isSameIndex);
  const parts = (one: Index, of: Table) => ({
    columns: of.columns.filter(({ name }) => one.columns.includes(name)),
    objectName: one.name,
  });
  const named = (name: string) => ({ schema: table.schema, name });
  for (const [former, now] of renamed)
    if (former.name !== now.name) {
      const body = { kind: 'rename-index', index: named(former.name), to: now.name } as const;
      made.push(about(table, body, now.span, parts(now, table)));
    }
  for (const one of gone) {
    const body = { kind: 'drop-index', index: named(one.name), cascade: false, concurrently: false } as const;
    lost.push(about(table, body, one.span, parts(one, base)));
  }
  for (const one of fresh) made.push(about(table, indexDefinition(table, one), one.span, parts(one, table)));
}

/** Pairs what is the same on both sides: first those of one name, then any. */
export function pair<T extends { readonly name: string }>(
  base: readonly T[],
  head: readonly T[],
  isSame: (a: T, b: T) => boolean,
) {
  const gone = new Set(base);
  const fresh = new Set(head);
  const renamed: [T, T][] = [];
  const take = (fits: (a: T, b: T) => boolean) => {
    for (const now of [...fresh]) {
      const former = [...gone].find((one) => fits(one, now));
      if (!former) continue;
      gone.delete(former);
      fresh.delete(now);
      renamed.push([former, now]);
    }
  };
  take((a, b) => a.name === b.name && isSame(a, b));
  take(isSame);
  return { gone, fresh, renamed };
}

/** But for name and place; one that is no longer valid is another. */
export function isSameConstraint(a: Constraint, b: Constraint): boolean {
  if (a.validated && !b.validated) return false;
  const [one, other] = ['expression' in a ? a.expression : '', 'expression' in b ? b.expression : ''];
  const shape = ({ span: _, name: __, validated: ___, ...rest }: Constraint) =>
    JSON.stringify(Object.entries({ ...rest, expression: '' }).sort());
  return shape(a) === shape(b) && isSameExpression(one, other);
}

/** But for name and place, and how it was built. */
export function isSameIndex(a: Index, b: Index): boolean {
  const shape = ({
    span: _,
    name: __,
    expressions: ___,
    predicate: ____,
    concurrently: _____,
    ...rest
  }: Index) => JSON.stringify(Object.entries(rest).sort());
  return (
    shape(a) === shape(b) &&
    a.expressions.length === b.expressions.length &&
    a.expressions.every((one, i) => isSameExpression(one, b.expressions[i])) &&
    isSameExpression(a.predicate, b.predicate)
  );
}
