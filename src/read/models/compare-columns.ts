import { columnNamed, mindsCase } from '../../schema/lookup.ts';
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
    const column = columnNamed(table, one.column, mindsCase(schema.dialect), one.convention);
    if (column) pairs.push({ declared: one, column });
    else {
      const type = one.stored?.type;
      differences.push({
        kind: 'column',
        only: 'model',
        columns: [one.column],
        change: `add column ${one.column}${type === undefined ? '' : ` (${shown(type)})`}`,
        statement:
          sqlTypeOf(schema, one) === undefined ? undefined : sql(`ADD COLUMN ${bodyOf(schema, one)}`),
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
    schema.dialect === 'mysql' ? sql(`MODIFY COLUMN ${redefinitionOf(schema, declared, column)}`) : undefined;
  const told = (statement: string) =>
    schema.dialect === 'postgres' ? sql(`ALTER COLUMN ${own} ${statement}`) : modify();

  if (stored.type !== undefined && isSameType(stored.type, column.type, schema) === false) {
    const change = `change the type of ${name} from ${typeText(column.type)} to ${shown(stored.type)}`;
    const type = sqlTypeOf(schema, declared);
    found.push({
      ...base,
      kind: 'type',
      change,
      statement: type === undefined ? undefined : told(`TYPE ${type}`),
    });
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
      isRefused: declared.nullable && column.default === undefined && column.identity === undefined,
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

/** A declared column as ADD COLUMN has it. */
function bodyOf(schema: Schema, declared: ModelColumn): string {
  const { column, nullable, stored } = declared;
  const marks = [
    ...(stored?.filling?.kind === 'value' ? [`DEFAULT ${stored.filling.sql}`] : []),
    ...(nullable === false ? ['NOT NULL'] : []),
  ];
  return [quotedName(column, schema.dialect), sqlTypeOf(schema, declared), ...marks].join(' ');
}

/** A column as MODIFY has it, which keeps only what it repeats: what the declaration does not tell is as the migrations made it. */
function redefinitionOf(schema: Schema, declared: ModelColumn, column: Column): string {
  const { nullable, stored } = declared;
  const filling = stored?.filling;
  const isNullable = nullable === undefined || stored?.isNullGuessed ? column.nullable : nullable;
  const given = filling === undefined ? column.default : filling.kind === 'value' ? filling.sql : undefined;
  const counts = filling === undefined ? column.identity !== undefined : filling.kind === 'counter';
  return [
    quotedName(column.name, schema.dialect),
    sqlTypeOf(schema, declared) ?? typeText(column.type),
    ...(isNullable ? [] : ['NOT NULL']),
    ...(given === undefined ? [] : [`DEFAULT ${given}`]),
    ...(column.onUpdate === undefined ? [] : [`ON UPDATE ${column.onUpdate}`]),
    ...(counts ? ['AUTO_INCREMENT'] : []),
  ].join(' ');
}

/** A declared type as SQL; undefined where it is not told, or is an enum to which the tool gives a name of its own. */
function sqlTypeOf({ dialect }: Schema, { stored }: ModelColumn): string | undefined {
  if (stored?.type !== 'enum') return stored?.type;
  if (dialect !== 'mysql' || !stored.labels) return undefined;
  return `enum(${stored.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(',')})`;
}

/** A type without the quotes of its name. */
function shown(type: string): string {
  return type.replace(/^"(.*)"/, '$1');
}
