import { nameText, type TypeName, typeText } from '../../schema/name.ts';
import type { Column, Constraint, Index, Schema } from '../../schema/schema.ts';
import type { CatalogColumn, CatalogConstraint, CatalogIndex } from './catalog.ts';

/** How the catalog's names of types differ from the canonical ones. */
const TYPES: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  character: 'char',
  bpchar: 'char',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'bit varying': 'varbit',
};

/** A type as `format_type` writes it, in canonical words: `timestamp(3) without time zone` is `timestamp(3)`. */
export function catalogType(text: string): string {
  const match = /^(.*?)(\(.*?\))?( with(?:out)? time zone)?((?:\[\])*)$/.exec(text);
  const name = `${match?.[1] ?? text}${match?.[3] ?? ''}`;
  const known = Object.hasOwn(TYPES, name) ? TYPES[name] : name;
  return `${known}${match?.[2] ?? ''}${match?.[4] ?? ''}`.replaceAll('"', '');
}

const CAST =
  /::\s*(?:"[^"]+"|[a-z_][\w]*)(?:\s*\.\s*(?:"[^"]+"|\w+))?(?:\s+(?:varying|precision|with(?:out)? time zone))?(?:\s*\([\d, ]*\))?(?: with(?:out)? time zone)?(?:\s*\[\])*/gi;

/**
 * An expression without what the server adds or leaves out when it writes it: casts, brackets, schemas, case and space.
 * Literals count only where `exact` is true.
 */
function plainExpression(text: string, exact: boolean): string {
  const strings: string[] = [];
  const held = text.replace(/(?:(?<!\w)e)?'(?:[^']|'')*'/gi, (string) => {
    strings.push(exact ? string.replace(/^e/i, '') : '?');
    return `\u0001${strings.length - 1}\u0001`;
  });
  const plain = held
    .replace(CAST, '')
    .replace(/"/g, '')
    .toLowerCase()
    .replace(/[\s()]|\b(?:pg_catalog|public)\./g, '')
    .replace(/^(?:current_timestamp|transaction_timestamp)$/, 'now')
    .replace(/\binterval(?=\u0001)/g, '');
  const whole = plain.replace(/\u0001(\d+)\u0001/g, (_, at) => strings[Number(at)] ?? '');
  return exact ? whole : whole.replace(/^(-?[\d.]+|true|false|\?)$/, '?');
}

/** Whether a column may be NULL, in SQL's words. */
export function nullText(notNull: boolean): string {
  return notNull ? 'NOT NULL' : 'NULL';
}

/** With the schema of a type that is no built-in one, as the catalog has it. */
export function foldedType(type: TypeName, schema: Schema): string {
  const name = type.name === 'bpchar' ? 'char' : type.name;
  const args = type.name === 'char' && type.arguments.length === 0 ? ['1'] : type.arguments;
  const own = type.schema === undefined && schema.types.has(`public.${type.name}`);
  const dimensions = Math.min(type.dimensions, 1);
  return typeText({ ...type, ...(own ? { schema: 'public' } : {}), name, arguments: args, dimensions });
}

/** The server writes the literals of other types in its own way: `'90 day'` as `'90 days'`, `'f'` as `false`. */
function isText({ name, dimensions }: TypeName): boolean {
  return (
    dimensions === 0 &&
    !/^(smallint|integer|bigint|numeric|real|double precision|boolean|date|time|interval)/.test(name)
  );
}

/** What a column holds by itself, as the fold has it; literals of types that the server rewrites count as alike. */
export function defaultText(column: Column): string | undefined {
  if (column.identity) return `identity ${column.identity}`;
  if (column.generated !== undefined) return 'generated';
  return column.default === undefined ? undefined : plainExpression(column.default, isText(column.type));
}

/** The same as the server has it. */
export function saidDefault(column: CatalogColumn, { type }: Column): string | undefined {
  if (column.identity) return `identity ${column.identity}`;
  if (column.generated) return 'generated';
  return column.default === null ? undefined : plainExpression(column.default, isText(type));
}

interface ConstraintParts {
  readonly kind: string;
  readonly columns: readonly string[];
  readonly refTable: string;
  readonly refColumns: readonly string[];
  readonly onDelete: string | null;
  readonly onUpdate: string | null;
  readonly validated: boolean;
  readonly deferrable: boolean;
}

/** A constraint but for its name, as the fold has it. */
export function constraintText(one: Constraint, schema: Schema): string {
  const parent = one.kind === 'foreign key' ? schema.tables.get(one.refTableId) : undefined;
  const references =
    one.kind === 'foreign key'
      ? { refColumns: one.refColumns, onDelete: one.onDelete, onUpdate: one.onUpdate }
      : { refColumns: [], onDelete: null, onUpdate: null };
  const { kind, columns, validated, deferrable = false } = one;
  const refTable = parent ? nameText(parent) : '';
  return joinConstraint({ kind, columns, validated, deferrable, refTable, ...references });
}

/** The same as the server has it. */
export function saidConstraint(one: CatalogConstraint): string {
  return joinConstraint({
    ...one,
    refTable: one.refTable === null ? '' : `${one.refSchema}.${one.refTable}`,
  });
}

function joinConstraint(one: ConstraintParts): string {
  // The server lists a CHECK's columns by their place in the table, and an exclusion's may be expressions.
  const columns = one.kind === 'check' ? [...one.columns].sort() : one.kind === 'exclude' ? [] : one.columns;
  const references = one.refTable
    ? ` references ${one.refTable} (${one.refColumns.join(', ')}) on delete ${one.onDelete} on update ${one.onUpdate}`
    : '';
  const state = `${one.deferrable ? ' deferrable' : ''}${one.validated ? '' : ' not valid'}`;
  return `${one.kind} (${columns.join(', ')})${references}${state}`;
}

/** An index but for its name, as the fold has it. */
export function indexText(one: Index): string {
  return joinIndex({
    ...one,
    columns: one.columns.map((name) => name ?? null),
    partial: one.predicate !== undefined,
  });
}

/** The same as the server has it. */
export function saidIndex(one: CatalogIndex): string {
  return joinIndex({ ...one, partial: one.predicate !== null });
}

type IndexParts = Pick<CatalogIndex, 'columns' | 'include' | 'method' | 'unique' | 'valid'> & {
  readonly partial: boolean;
};

function joinIndex(one: IndexParts): string {
  const keys = one.columns.map((name) => name ?? '<expression>').join(', ');
  const include = one.include.length > 0 ? ` include (${one.include.join(', ')})` : '';
  return `${one.unique ? 'unique ' : ''}${one.method} (${keys})${include}${one.partial ? ' partial' : ''}${one.valid ? '' : ' invalid'}`;
}
