import type { Applied } from '../../schema/applied.ts';
import type { Operation } from '../../schema/operation.ts';
import type { Column, Table } from '../../schema/schema.ts';
import { impliedMysql } from './dialect-type.ts';
import type { Outcome } from './outcome.ts';
import { probeOfConstraint, probeOfIndex, probeOfLength } from './probe.ts';
import { attempt, judge, type Lowering, probe, probeAll } from './state.ts';
import {
  copySql,
  defaultSql,
  expressionSql,
  interimName,
  isCounted,
  relationName,
  replaceSql,
  sequenceSql,
} from './table.ts';
import { duckdbType, quoted } from './type.ts';

/** A change of one table: it was `before`, the fold made it `after`. */
export interface Change {
  readonly applied: Applied;
  readonly operation: Operation;
  readonly before: Table;
  readonly after: Table;
}

/** ALTER TABLE in DuckDB: its own ALTER where it takes it, a rebuilt table else, probes for constraints. */
export async function alter(lowering: Lowering, change: Change): Promise<Outcome> {
  const { operation, before, after } = change;
  const name = relationName(before);
  const native = (sql: string) => runNative(lowering, change, [`ALTER TABLE ${name} ${sql}`]);
  switch (operation.kind) {
    case 'rename-table':
      return native(`RENAME TO ${quoted(after.name)}`);
    case 'rename-column':
      return native(`RENAME COLUMN ${quoted(operation.column)} TO ${quoted(operation.to)}`);
    case 'drop-column':
      return native(`DROP COLUMN ${quoted(operation.column)}`);
    case 'add-column':
      return addColumn(lowering, change);
    case 'alter-type':
      return alterType(lowering, change, operation);
    case 'drop-not-null':
      return native(`ALTER COLUMN ${quoted(operation.column)} DROP NOT NULL`);
    case 'set-not-null':
      return native(`ALTER COLUMN ${quoted(operation.column)} SET NOT NULL`);
    case 'drop-default':
      return native(`ALTER COLUMN ${quoted(operation.column)} DROP DEFAULT`);
    case 'set-default':
      return setDefault(lowering, change, operation.column);
    case 'add-constraint':
    case 'validate-constraint':
      return addConstraint(lowering, change);
    case 'create-index':
      return createIndex(lowering, change);
    case 'redefine-column':
    case 'set-table-schema':
      return runNative(lowering, change, []);
    default:
      return { word: 'modelled' };
  }
}

/**
 * DuckDB's own ALTER; where it does not take it, the table is rebuilt as the fold has it. The copy has the last word on rows:
 * DuckDB's ALTER also looks at rows that were deleted.
 */
async function runNative(
  lowering: Lowering,
  change: Change,
  statements: readonly string[],
  using = new Map<string, string>(),
): Promise<Outcome> {
  const { before, after } = change;
  const refused =
    statements.length > 0 ? await attempt(lowering, after, statements) : { word: 'not-modelled' as const };
  if (!refused) return { word: statements.length === 1 ? 'executed' : 'emulated' };
  const interim = await attempt(lowering, after, copySql(before, after, lowering.schema, using));
  if (interim) {
    await lowering.scratch.run([`DROP TABLE IF EXISTS ${interimName(after)}`]);
    if (interim.word === 'failed' || interim.word === 'tainted') return interim;
  }
  const rebuilt = interim ?? (await attempt(lowering, after, replaceSql(before, after, lowering.schema)));
  if (!rebuilt) return { word: 'emulated' };
  lowering.absent.set(after.id, rebuilt.reason ?? 'it could not be rebuilt');
  return { word: 'modelled', reason: rebuilt.reason };
}

function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

async function addColumn(lowering: Lowering, change: Change): Promise<Outcome> {
  const { before, after, applied } = change;
  const column = columnOf(after, applied.columns[0] ?? '');
  if (!column) return { word: 'modelled' };
  const name = relationName(before);
  const { dialect } = lowering.schema;
  const implied = dialect === 'mysql' && !column.nullable ? impliedMysql(column.type) : undefined;
  const value = defaultSql(column, dialect) ?? implied;
  const type = duckdbType(column.type, lowering.schema);
  const make = (given: string | undefined) => [
    ...(isCounted(column) ? [sequenceSql(column, lowering.schema.dialect)] : []),
    `ALTER TABLE ${name} ADD COLUMN ${quoted(column.name)} ${type}${given === undefined ? '' : ` DEFAULT ${given}`}`,
  ];
  const harden =
    column.nullable || column.generated !== undefined
      ? []
      : [`ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} SET NOT NULL`];
  const made = make(value);
  const { failed } = await lowering.scratch.run([...made, ...harden]);
  const refused = failed && judge(lowering, after, failed.message);
  if (refused && failed.index === made.length) return refused;
  if (refused) {
    const bare = await attempt(lowering, after, make(undefined));
    if (bare) return bare;
    lowering.stale.set(after.id, `the default of "${column.name}" was not run`);
    const hardened = await attempt(lowering, after, harden);
    if (hardened) return hardened;
  }
  const broken =
    after.constraints.length > before.constraints.length ? await probeAll(lowering, after) : undefined;
  if (broken) return broken;
  if (refused) return { word: 'partial', reason: refused.reason };
  if (column.generated !== undefined)
    return { word: 'partial', reason: `column "${column.name}" is not generated` };
  return {
    word: column.nullable && after.constraints.length === before.constraints.length ? 'executed' : 'emulated',
  };
}

async function alterType(
  lowering: Lowering,
  change: Change,
  operation: Extract<Operation, { kind: 'alter-type' }>,
): Promise<Outcome> {
  const { before, after } = change;
  const column = columnOf(after, operation.column);
  if (!column) return { word: 'modelled' };
  const tooLong = await probeNarrowing(lowering, change, column, operation.using);
  if (tooLong) return tooLong;
  const name = `ALTER TABLE ${relationName(before)} ALTER COLUMN ${quoted(column.name)}`;
  const type = duckdbType(column.type, lowering.schema);
  const using =
    operation.using === undefined
      ? ''
      : ` USING CAST((${expressionSql(operation.using, lowering.schema.dialect)}) AS ${type})`;
  const value = defaultSql(column, lowering.schema.dialect);
  const steps =
    value === undefined
      ? [`${name} TYPE ${type}${using}`]
      : [`${name} DROP DEFAULT`, `${name} TYPE ${type}${using}`, `${name} SET DEFAULT ${value}`];
  const expressions =
    operation.using === undefined
      ? new Map<string, string>()
      : new Map([[column.name, expressionSql(operation.using, lowering.schema.dialect)]]);
  return runNative(lowering, change, steps, expressions);
}

/** Looks for texts that a shorter type refuses. What USING computes is not measured: an explicit cast cuts it off. */
async function probeNarrowing(
  lowering: Lowering,
  { before }: Change,
  column: Column,
  using: string | undefined,
): Promise<Outcome | undefined> {
  const former = columnOf(before, column.name);
  if (using !== undefined || !/^(text|citext|varchar|char|bpchar)$/.test(former?.type.name ?? ''))
    return undefined;
  const looked = probeOfLength(before, column);
  return looked && probe(lowering, before, [looked]);
}

async function setDefault(lowering: Lowering, change: Change, name: string): Promise<Outcome> {
  const column = columnOf(change.after, name);
  const value = column && defaultSql(column, lowering.schema.dialect);
  if (!column || value === undefined) return { word: 'modelled' };
  const sequence = isCounted(column) ? [sequenceSql(column, lowering.schema.dialect)] : [];
  const set = `ALTER TABLE ${relationName(change.before)} ALTER COLUMN ${quoted(name)} SET DEFAULT ${value}`;
  const refused = await attempt(lowering, change.after, [...sequence, set]);
  if (!refused) return { word: 'executed' };
  return refused.word === 'not-modelled' ? { word: 'partial', reason: refused.reason } : refused;
}

async function addConstraint(lowering: Lowering, { applied, operation, after }: Change): Promise<Outcome> {
  const constraint = after.constraints.find((one) => one.name === applied.objectName);
  if (!constraint || (!constraint.validated && operation.kind === 'add-constraint'))
    return { word: 'modelled' };
  if (constraint.kind === 'primary key')
    for (const column of constraint.columns) {
      const refused = await attempt(lowering, after, [
        `ALTER TABLE ${relationName(after)} ALTER COLUMN ${quoted(column)} SET NOT NULL`,
      ]);
      if (refused && refused.word !== 'not-modelled') return refused;
    }
  const looked = probeOfConstraint(after, constraint, lowering.schema);
  if (!looked) return { word: 'modelled' };
  return (await probe(lowering, after, [looked])) ?? { word: 'emulated' };
}

async function createIndex(lowering: Lowering, { applied, after }: Change): Promise<Outcome> {
  const index = after.indexes.find((one) => one.name === applied.objectName);
  const looked = index && probeOfIndex(after, index, lowering.schema);
  if (!looked) return { word: 'modelled' };
  return (await probe(lowering, after, [looked])) ?? { word: 'emulated' };
}
