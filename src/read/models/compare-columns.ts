import { typeText } from '../../schema/name.ts';
import { quotedName } from '../../schema/quoted-name.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import { nameSql } from '../../schema/sql/names.ts';
import type { ModelColumn } from '../query.ts';
import type { Difference } from './difference.ts';
import { isSameDefault } from './same-default.ts';
import { isSameType } from './same-type.ts';

/** A declared column and the one of the migrations that is meant. */
interface Pair {
  readonly declared: ModelColumn;
  readonly column: Column;
}

/** The columns that one side lacks, and those that both have and say differently. */
export function compareColumns(
  schema: Schema,
  table: Table,
  declared: readonly ModelColumn[],
  isComplete: boolean,
): readonly Difference[] {
  const pairs: Pair[] = [];
  const differences: Difference[] = [];
  const sql = alter(schema, table);
  for (const one of declared) {
    const column = columnMeant(table, one, schema);
    if (column) pairs.push({ declared: one, column });
    else {
      const type = one.stored?.type;
      differences.push({
        kind: 'column',
        only: 'model',
        columns: [one.column],
        change: `add column ${one.column}${type === undefined ? '' : ` (${shown(type)})`}`,
        ...(type === undefined ? {} : { statement: sql(`ADD COLUMN ${bodyOf(schema, one)}`) }),
        span: one.span,
      });
    }
  }
  const meant = new Set(pairs.map(({ column }) => column));
  if (isComplete)
    for (const column of table.columns)
      if (!meant.has(column) && !column.madeBy)
        differences.push({
          kind: 'column',
          only: 'migrations',
          columns: [column.name],
          change: `drop column ${column.name}`,
          statement: sql(`DROP COLUMN ${quotedName(column.name, schema.dialect)}`),
          span: column.span,
        });
  return [...differences, ...pairs.flatMap((pair) => comparePair(schema, table, pair))];
}

/** The column that a declaration means, by its name or by what a convention makes of it. */
function columnMeant(
  table: Table,
  { column, convention }: ModelColumn,
  { dialect }: Schema,
): Column | undefined {
  const fold = (name: string) => (dialect === 'postgres' ? name : name.toLowerCase());
  const named = (name: string) => table.columns.find((one) => fold(one.name) === fold(name));
  return named(column) ?? (convention === undefined ? undefined : named(convention));
}

function comparePair(schema: Schema, table: Table, { declared, column }: Pair): readonly Difference[] {
  const { stored } = declared;
  if (!stored || column.generated !== undefined) return [];
  const { name } = column;
  const own = quotedName(name, schema.dialect);
  const sql = alter(schema, table);
  const base = { columns: [name], span: declared.span };
  const found: Difference[] = [];
  const isKey = table.constraints.some((one) => one.kind === 'primary key' && one.columns.includes(name));
  const modify = () =>
    schema.dialect === 'mysql'
      ? sql(`MODIFY COLUMN ${bodyOf(schema, { ...declared, column: name })}`)
      : undefined;
  const told = (statement: string) =>
    schema.dialect === 'postgres' ? sql(`ALTER COLUMN ${own} ${statement}`) : modify();

  if (stored.type !== undefined && isSameType(stored.type, column.type, schema) === false) {
    const change = `change the type of ${name} from ${typeText(column.type)} to ${shown(stored.type)}`;
    found.push({ ...base, kind: 'type', change, statement: told(`TYPE ${stored.type}`) });
  }
  if (
    declared.nullable !== undefined &&
    !stored.isNullGuessed &&
    declared.nullable !== column.nullable &&
    !isKey &&
    stored.filling?.kind !== 'counter'
  ) {
    const change = declared.nullable ? `let ${name} be NULL` : `make ${name} NOT NULL`;
    found.push({
      ...base,
      kind: 'nullability',
      change,
      statement: told(declared.nullable ? 'DROP NOT NULL' : 'SET NOT NULL'),
    });
  }
  const filling = compareFilling(declared, column);
  if (filling) {
    const statement = told(filling.sql === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${filling.sql}`);
    found.push({ ...base, kind: 'default', change: filling.change, statement });
  }
  return found;
}

function compareFilling(
  { stored }: ModelColumn,
  column: Column,
): { readonly change: string; readonly sql?: string } | undefined {
  const filling = stored?.filling;
  const { name, default: given } = column;
  const counts = column.identity !== undefined || /^nextval\s*\(/i.test(given ?? '');
  if (!filling || filling.kind === 'counter') return undefined;
  if (filling.kind === 'nothing')
    return given === undefined || counts ? undefined : { change: `take the default ${given} from ${name}` };
  const { sql } = filling;
  if (/^\(?null\)?$/i.test(sql)) return undefined;
  if (counts || /\bnextval\b/i.test(sql)) return undefined;
  if (given === undefined) return { change: `give ${name} the default ${sql}`, sql };
  return isSameDefault(sql, given, column) === false
    ? { change: `change the default of ${name} from ${given} to ${sql}`, sql }
    : undefined;
}

function alter(schema: Schema, table: Table): (what: string) => string | undefined {
  return (what) =>
    schema.dialect === 'sqlite' && !/^(ADD|DROP) COLUMN/.test(what)
      ? undefined
      : `ALTER TABLE ${nameSql(schema, table)} ${what};`;
}

function bodyOf({ dialect }: Schema, { column, nullable, stored }: ModelColumn): string {
  const filling = stored?.filling;
  const marks = [
    ...(filling?.kind === 'value' ? [`DEFAULT ${filling.sql}`] : []),
    ...(nullable === false ? ['NOT NULL'] : []),
  ];
  const labels = stored?.labels?.map((label) => `'${label.replaceAll("'", "''")}'`).join(',');
  const type = stored?.type === 'enum' && labels !== undefined ? `enum(${labels})` : (stored?.type ?? '');
  return [quotedName(column, dialect), type, ...marks].join(' ');
}

/** A type without the quotes of its name. */
function shown(type: string): string {
  return type.replace(/^"(.*)"/, '$1');
}
