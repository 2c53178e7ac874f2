import { doubtOf, tableName } from '../lookup.ts';
import { typeText } from '../name.ts';
import type { Column, Constraint, Index, Schema, Table, UserType, View } from '../schema.ts';
import { codeSpan } from './code-span.ts';
import { toMermaid } from './mermaid.ts';

/** Rises when the same schema is written otherwise: a document of an older format is to be written anew. */
export const FORMAT = 1;

/** The first line of such a document. */
const MARKER = /^<!-- tablewarden schema, format (\d+), chain (\S+): /;

/** Where a document says that it was written by {@link toMarkdown}: by which format, and of which chain. */
export function markerOf(text: string): { readonly format: number; readonly chain: string } | undefined {
  const [, format, chain] = MARKER.exec(text.replace(/^\uFEFF/, '')) ?? [];
  return format === undefined || chain === undefined
    ? undefined
    : { format: Number(format), chain: decodeURIComponent(chain) };
}

/** Mermaid draws no more than this on GitHub: https://mermaid.js.org/config/schema-docs/config.html#maxtextsize */
const LARGEST_DIAGRAM = 45_000;

/**
 * A schema as a document: a diagram, and for each table its columns, keys, indexes, CHECKs and foreign keys, in order of names. It
 * says nothing of the revision, so that the same schema gives the same bytes.
 */
export function toMarkdown(schema: Schema): string {
  const tables = [...schema.tables.values()].filter(({ temporary }) => !temporary).toSorted(byName);
  const views = [...schema.views.values()].toSorted(byName);
  const enums = [...schema.types.values()].filter(({ kind }) => kind === 'enum').toSorted(byName);
  const sections = [
    `<!-- tablewarden schema, format ${FORMAT}, chain ${encoded(schema.chain)}: written by \`tablewarden schema --format markdown\`; what is edited here is lost -->`,
    `# The schema of ${code(schema.chain)}`,
    `As its migrations leave it: ${tables.length === 1 ? '1 table' : `${tables.length} tables`}, ${schema.dialect}.`,
    ...diagram({ ...schema, tables: new Map(tables.map((table) => [table.id, table])) }),
    ...tables.map((table) => tableSection(schema, table)),
    ...(enums.length > 0 ? [`## Enumerated types\n\n${enums.map(enumLine).join('\n')}`] : []),
    ...(views.length > 0 ? [`## Views\n\n${views.map(viewLine).join('\n')}`] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function encoded(chain: string): string {
  return encodeURIComponent(chain).replaceAll('%2F', '/').replaceAll('--', '%2D%2D');
}

function byName(a: { readonly schema: string; readonly name: string }, b: typeof a): number {
  const [left, right] = [a, b].map((one) => `${tableName(one)}\0${one.schema}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/** Whole, or with the columns of keys alone where it is too large to be drawn; left out where that is too. */
function diagram(schema: Schema): readonly string[] {
  if (schema.tables.size === 0) return [];
  const slim = {
    ...schema,
    tables: new Map([...schema.tables].map(([id, table]) => [id, withKeysOnly(table)])),
  };
  const found = [schema, slim]
    .map((one) => toMermaid({ schema: one }))
    .find((text) => text.length <= LARGEST_DIAGRAM);
  return found === undefined
    ? ['The diagram is left out: it would be too large to be drawn.']
    : [`\`\`\`mermaid\n${found}\`\`\``];
}

function withKeysOnly(table: Table): Table {
  const keys = new Set(
    table.constraints.flatMap(({ kind, columns }) =>
      kind === 'primary key' || kind === 'foreign key' ? columns : [],
    ),
  );
  return { ...table, columns: table.columns.filter(({ name }) => keys.has(name)) };
}

function tableSection(schema: Schema, table: Table): string {
  const parent = table.parentId === undefined ? undefined : schema.tables.get(table.parentId);
  const doubt = doubtOf(schema, table.name);
  const parts = [
    `## ${code(tableName(table))}`,
    ...(parent
      ? [`${table.kind === 'partition' ? 'A partition of' : 'Inherits from'} ${code(tableName(parent))}.`]
      : []),
    ...(table.partitionBy
      ? [`Partitioned by ${table.partitionBy.strategy} of ${names(table.partitionBy.columns)}.`]
      : []),
    ...(doubt ? ['A statement that is not followed may have altered it.'] : []),
    ...(table.columns.length > 0 ? [columnTable(table)] : []),
    ...list([
      ...table.constraints.toSorted(byKind).map((one) => constraintLine(schema, one)),
      ...table.indexes
        .filter((index) => index.constraintName === undefined && index.madeBy !== 'engine')
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(indexLine),
    ]),
  ];
  return parts.join('\n\n');
}

function columnTable(table: Table): string {
  const rows = table.columns.map((column) => [
    code(column.name),
    code(typeText(column.type)),
    column.nullable ? 'yes' : 'no',
    defaultOf(column),
    keysOf(table, column),
  ]);
  return [['Column', 'Type', 'Null', 'Default', 'Key'], ['---', '---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function defaultOf(column: Column): string {
  if (column.generated !== undefined) return `generated: ${code(column.generated)}`;
  if (column.identity !== undefined) return `identity, ${column.identity}`;
  return column.default === undefined ? '' : code(column.default);
}

function keysOf({ constraints }: Table, { name }: Column): string {
  const has = (kind: Constraint['kind']) =>
    constraints.some((one) => one.kind === kind && one.columns.includes(name));
  return [
    ...(has('primary key') ? ['primary'] : []),
    ...(has('foreign key') ? ['foreign'] : []),
    ...(has('unique') ? ['unique'] : []),
  ].join(', ');
}

const ORDER: readonly Constraint['kind'][] = ['primary key', 'unique', 'foreign key', 'check', 'exclude'];

function byKind(a: Constraint, b: Constraint): number {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function constraintLine(schema: Schema, one: Constraint): string {
  const named = one.name === '' ? '' : ` ${code(one.name)}`;
  switch (one.kind) {
    case 'primary key':
      return `Primary key${named}: ${names(one.columns)}`;
    case 'unique':
      return `Unique${named}: ${names(one.columns)}${one.nullsNotDistinct ? ', NULLs are equal' : ''}`;
    case 'foreign key': {
      const parent = schema.tables.get(one.refTableId);
      const to = parent ? tableName(parent) : (one.refName ?? '?');
      const actions = [
        ...(one.onDelete === 'no action' ? [] : [`, ON DELETE ${one.onDelete.toUpperCase()}`]),
        ...(one.onUpdate === 'no action' ? [] : [`, ON UPDATE ${one.onUpdate.toUpperCase()}`]),
        ...(one.validated ? [] : [', not validated']),
      ];
      const refs = one.refColumns.length > 0 ? ` (${names(one.refColumns)})` : '';
      return `Foreign key${named}: ${names(one.columns)} to ${code(to)}${refs}${actions.join('')}`;
    }
    case 'check':
      return `Check${named}: ${code(one.expression)}${one.validated ? '' : ', not validated'}`;
    case 'exclude':
      return `Exclusion${named}: ${code(one.expression)}`;
  }
}

function indexLine(index: Index): string {
  let expression = 0;
  const keys = index.columns.map((column, at) => {
    const key = code(column ?? index.expressions[expression++] ?? '');
    const order = index.orders?.[at];
    return order === undefined ? key : `${key} ${order}`;
  });
  const include = index.include.length > 0 ? `, with ${names(index.include)}` : '';
  const where = index.predicate === undefined ? '' : `, where ${code(index.predicate)}`;
  const method = index.method === 'btree' || index.method === '' ? '' : `, ${code(index.method)}`;
  return `${index.unique ? 'Unique index' : 'Index'} ${code(index.name)}: ${keys.join(', ')}${method}${include}${where}`;
}

function enumLine(type: UserType): string {
  return `- ${code(tableName(type))}: ${names(type.labels)}`;
}

function viewLine(view: View): string {
  const columns = view.columns ? `: ${names(view.columns)}` : '';
  return `- ${code(tableName(view))}${view.materialized ? ', materialized' : ''}${columns}`;
}

function list(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join('\n')];
}

function names(all: readonly string[]): string {
  return all.map(code).join(', ');
}

/** Names, types and expressions on one line, without what is not seen. */
function code(text: string): string {
  // a bar ends the cell of a table, within backticks too
  return codeSpan(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}\s]+/gu, ' ').trim(), /[`|\\]/);
}
