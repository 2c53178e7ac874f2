import { columnNamed, findTable, tableName } from '../../schema/lookup.ts';
import { type QualifiedName, typeText } from '../../schema/name.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import { isSameType } from '../models/same-type.ts';
import type { DescribedColumn, DescribedTable, DocumentDifference } from './document.ts';

/** What a document says of tables and the schema does not, and what it leaves out of a table that it lists. */
export function compareDocument(
  document: string,
  described: readonly DescribedTable[],
  schema: Schema,
): readonly DocumentDifference[] {
  const known = described.map((one) => ({ one, table: tableMeant(schema, one.name) }));
  // a document that names no table of the schema is about something else
  const isOurs = known.some(({ table }) => table !== undefined);
  const named = new Map<number, Set<string>>();
  for (const { one, table } of known)
    if (table) {
      const names = named.get(table.id) ?? new Set<string>();
      named.set(table.id, names);
      for (const column of one.columns) names.add(columnNamed(table, column.name, false)?.name ?? '');
    }
  const told = new Set<number>();
  return known.flatMap(({ one, table }): readonly DocumentDifference[] => {
    const base = { document, chain: schema.chain };
    if (!table) {
      if (!isOurs || isElsewhere(schema, one.name)) return [];
      const name = tableName({ schema: 'public', ...one.name });
      return [
        {
          ...base,
          table: name,
          columns: [],
          says: `describes ${name}, which no migration makes`,
          span: one.span,
        },
      ];
    }
    const own = { ...base, tableId: table.id, table: tableName(table) };
    const names = named.get(table.id) ?? new Set<string>();
    const differences = one.columns
      .flatMap((column) => compareColumn(schema, table, column))
      .map((found) => ({ ...own, ...found }));
    // what lists most columns of a table is taken to mean all of them
    const isListed = one.columns.length > 1 && names.size * 2 >= table.columns.length;
    if ((!one.isDefinition && !isListed) || told.has(table.id)) return differences;
    told.add(table.id);
    const missing = table.columns.filter(({ name, madeBy }) => !names.has(name) && !madeBy);
    return [
      ...differences,
      ...missing.map(({ name }) => ({
        ...own,
        columns: [name],
        says: `lacks column ${name}`,
        span: one.span,
      })),
    ];
  });
}

/** As it is written, or the only one of that name in another case or schema: documents are written for people. */
export function tableMeant(schema: Schema, name: QualifiedName): Table | undefined {
  const [wanted, home] = [name.name.toLowerCase(), name.schema?.toLowerCase()];
  const alike = [...schema.tables.values()].filter(
    (table) =>
      table.name.toLowerCase() === wanted &&
      (home === undefined || home === 'public' || home === 'main' || table.schema.toLowerCase() === home),
  );
  const found = findTable(schema, name) ?? (alike.length === 1 ? alike[0] : undefined);
  return found?.kind === 'partition' ? undefined : found;
}

/** A view, a table that is not modelled, or a name unlike those of the schema's tables. */
function isElsewhere(schema: Schema, { name }: QualifiedName): boolean {
  const areCapital = [...schema.tables.values()].some((table) => /^[A-Z]/.test(table.name));
  return (
    [...schema.views.values()].some((view) => view.name.toLowerCase() === name.toLowerCase()) ||
    schema.tainted.has(name.toLowerCase()) ||
    schema.tainted.has('*') ||
    !(areCapital ? /^[a-z]/i : /^[a-z]/).test(name)
  );
}

function compareColumn(
  schema: Schema,
  table: Table,
  described: DescribedColumn,
): readonly Pick<DocumentDifference, 'columns' | 'says' | 'span'>[] {
  const { name, type, span } = described;
  const column = columnNamed(table, name, false);
  if (!column) return [{ columns: [name], says: `names column ${name}, which is not there`, span }];
  if (type === undefined || !isTypeOf(schema, type)) return [];
  // a document may leave sizes out
  const made = /[(]/.test(type) ? column.type : { ...column.type, arguments: [] };
  if (isSameType(type, made, schema) !== false) return [];
  return [
    {
      columns: [column.name],
      says: `says that ${column.name} is ${type}, which is ${typeText(column.type)}`,
      span,
    },
  ];
}

const PLAIN =
  /^(smallint|integer|int[248]?|bigint|numeric|decimal|real|double precision|money|bool(ean)?|text|varchar|character varying|char|uuid|jsonb?|xml|bytea|date|timestamptz?|timestamp with(out)? time zone|timetz?|interval|inet|cidr|smallserial|serial|bigserial|datetime|tinyint|mediumint|(tiny|medium|long)(text|blob)|blob)$/;

/** Whether a word is a type of databases, and not one that people or another language use: `string`, `number`, `FK`. */
function isTypeOf(schema: Schema, type: string): boolean {
  const word = type
    .replace(/[([].*$/, '')
    .trim()
    .toLowerCase();
  return PLAIN.test(word) || schema.types.has(`public.${word}`);
}
