import type { Alteration } from '../alterations.ts';
import { isSameExpression } from '../compare/expression.ts';
import { tableName } from '../lookup.ts';
import { typeText } from '../name.ts';
import type { Column, Schema, Table } from '../schema.ts';
import { nameSql } from '../sql/names.ts';
import { columnBodySql } from '../sql/table-sql.ts';
import { partAlterations } from './part.ts';
import { said } from './said.ts';

/** One table at both sides, with the schemas that it stands in; one side may be missing. */
export interface TablePair {
  readonly before?: Table;
  readonly after?: Table;
  readonly schemas: { readonly before: Schema; readonly after: Schema };
}

/** Tables with all that is theirs. */
export function tableAlterations(before: Schema, after: Schema): readonly Alteration[] {
  const schemas = { before, after };
  const found: Alteration[] = [];
  for (const table of before.tables.values())
    if (!after.tables.has(table.id)) found.push(...ofTable({ before: table, schemas }));
  for (const table of after.tables.values())
    found.push(...ofTable({ before: before.tables.get(table.id), after: table, schemas }));
  return found;
}

function ofTable(pair: TablePair): readonly Alteration[] {
  const { before, after, schemas } = pair;
  const table = after ?? before;
  if (!table || table.temporary) return [];
  if (before === after && triggersOf(pair, 'before') === triggersOf(pair, 'after')) return [];
  const about = { table: tableName(table), tableId: table.id };
  const whole = before && after ? {} : { whole: true as const };
  const own = said(sideOf(before, schemas.before), sideOf(after, schemas.after));
  return [
    ...(own ? [{ object: 'table' as const, ...own, ...about, span: table.span }] : []),
    ...columnAlterations(pair).map((one) => ({ ...one, ...about, ...whole })),
    ...partAlterations(pair).map((one) => ({ ...one, ...about, ...whole })),
    ...triggerAlterations(pair).map((one) => ({ ...one, ...about, ...whole })),
  ];
}

function sideOf(table: Table | undefined, schema: Schema) {
  if (!table) return undefined;
  const parent = table.parentId === undefined ? undefined : schema.tables.get(table.parentId);
  const { partitionBy } = table;
  const texts = [
    ...(parent
      ? [`${table.kind === 'partition' ? 'PARTITION OF' : 'INHERITS'} ${nameSql(schema, parent)}`]
      : []),
    ...(partitionBy
      ? [`PARTITION BY ${partitionBy.strategy.toUpperCase()} (${partitionBy.columns.join(', ')})`]
      : []),
  ];
  return { name: tableName(table), text: texts.join(' ') };
}

function columnAlterations({ before, after, schemas }: TablePair): readonly Alteration[] {
  const side = (table: Table | undefined, column: Column | undefined, schema: Schema) =>
    table && column && { name: column.name, text: columnBodySql(schema, table, column) };
  const found: Alteration[] = [];
  const tell = (former: Column | undefined, now: Column | undefined, column: Column) => {
    if (former === now) return;
    const own = said(
      side(before, former, schemas.before),
      side(after, now, schemas.after),
      former && now && isSameColumn(former, now),
    );
    if (own) found.push({ object: 'column', ...own, columnId: column.id, span: column.span });
  };
  for (const column of before?.columns ?? [])
    if (!after?.columns.some(({ id }) => id === column.id)) tell(column, undefined, column);
  for (const column of after?.columns ?? [])
    tell(
      before?.columns.find(({ id }) => id === column.id),
      column,
      column,
    );
  return found;
}

function isSameColumn(a: Column, b: Column): boolean {
  return (
    typeText(a.type) === typeText(b.type) &&
    a.nullable === b.nullable &&
    a.identity === b.identity &&
    isSameExpression(a.default, b.default) &&
    isSameExpression(a.generated, b.generated)
  );
}

function triggersOf({ before, after, schemas }: TablePair, side: 'before' | 'after') {
  const id = (after ?? before)?.id ?? 0;
  return schemas[side].triggers.get(id);
}

function triggerAlterations(pair: TablePair): readonly Alteration[] {
  const [former, now] = [triggersOf(pair, 'before') ?? [], triggersOf(pair, 'after') ?? []];
  const names = new Set([...former, ...now].map(({ name }) => name));
  return [...names].flatMap((name): readonly Alteration[] => {
    const [one, other] = [former, now].map((list) => list.find((trigger) => trigger.name === name));
    const side = (trigger: typeof one) =>
      trigger && { name, text: `${trigger.events.join(' or ')}: ${trigger.function}` };
    const own = said(side(one), side(other));
    const span = (other ?? one)?.span;
    return own && span ? [{ object: 'trigger', ...own, span }] : [];
  });
}
