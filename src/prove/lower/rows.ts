import type { Statement } from '../../read/source.ts';
import type { Operation } from '../../schema/operation.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import type { Outcome } from './outcome.ts';
import { probesOf } from './probe.ts';
import { judge, type Lowering, probe, probeAll } from './state.ts';
import { expressionSql, relationName } from './table.ts';
import { quoted } from './type.ts';

type Write = Extract<Operation, { kind: 'write-rows' }>;

/** Characters above which a statement is a dump of data: DuckDB would read it for many seconds. */
const LONGEST = 2_000_000;

/** Runs a statement that writes rows as it is, then looks whether everything that must hold still does. */
export async function writeRows(
  lowering: Lowering,
  statement: Statement,
  operation: Write,
  table: Table,
): Promise<Outcome> {
  const { schema } = lowering;
  const skip = (reason: string): Outcome => {
    lowering.stale.set(table.id, `rows of ${table.name} were not written: ${reason}`);
    return { word: 'not-modelled', reason };
  };
  const called = statement.calls.find((call) => isOwnFunction(schema, call));
  if (called) return skip(`it calls ${called}, a function of the chain`);
  if (statement.text.length > LONGEST)
    return skip(`it is ${Math.round(statement.text.length / 1e6)} MB long`);
  if (table.partitionBy) return skip('rows are not routed to partitions');
  if (operation.verb === 'copy') return skip('COPY reads rows from outside');
  if (operation.verb === 'truncate')
    return run(lowering, table, [`DELETE FROM ${relationName(table)}`], 'emulated');
  if (lowering.absent.has(table.id)) return skip(`table ${table.name} is not in the scratch database`);
  const written = expressionSql(statement.text, schema.dialect);
  const keys = conflictKeys(written, table);
  const text = keys.length > 0 ? written : written.replace(/^INSERT\s+OR\s+(IGNORE|REPLACE)\b/i, 'INSERT');
  const names = keys.map((_, i) => `conflict_target${i}`);
  const indexes = keys.map((key, i) => `CREATE UNIQUE INDEX ${names[i]} ON ${relationName(table)} (${key})`);
  const { failed, changed } = await lowering.scratch.run([...indexes, text]);
  const indexNames = names.flatMap((name) => [name, `${quoted(table.schema)}.${name}`]);
  await lowering.scratch.runEach(indexNames.map((name) => `DROP INDEX IF EXISTS ${name}`));
  if (failed) {
    const outcome = judge(lowering, table, failed.message);
    return outcome.word === 'not-modelled' ? skip(outcome.reason ?? 'DuckDB cannot run it') : outcome;
  }
  if (changed !== 0) {
    lowering.filled.add(table.id);
    const broken =
      (await followReferences(lowering, operation, table)) ??
      (await probeOldParents(lowering, table)) ??
      (await probeAll(lowering, table));
    if (broken && broken.word !== 'modelled') return broken;
  }
  const trigger = schema.triggers
    .get(table.id)
    ?.find((one) => one.events.some((event) => event === operation.verb || operation.verb === 'merge'));
  if (trigger) {
    lowering.stale.set(table.id, `trigger ${trigger.name} was not run`);
    return { word: 'partial', reason: `trigger ${trigger.name} was not run` };
  }
  return { word: 'executed' };
}

/** A written row may refer to one that an older migration wrote, which a slice does not hold. */
async function probeOldParents(lowering: Lowering, table: Table): Promise<Outcome | undefined> {
  const probes = probesOf(table, lowering.schema).filter(
    ({ parentId }) => parentId !== undefined && lowering.sliced.has(parentId),
  );
  const broken = await probe(lowering, table, probes);
  if (broken?.word !== 'failed') return broken?.word === 'modelled' ? undefined : broken;
  const why = 'rows that older migrations wrote are not here';
  lowering.stale.set(table.id, why);
  return { ...broken, word: 'tainted', reason: `${broken.reason} (${why})` };
}

async function run(
  lowering: Lowering,
  table: Table,
  statements: readonly string[],
  word: 'emulated',
): Promise<Outcome> {
  const { failed } = await lowering.scratch.run(statements);
  return failed ? judge(lowering, table, failed.message) : { word };
}

/** What DuckDB wants a unique index for: the columns of ON CONFLICT (…), or every key where the text names none. */
function conflictKeys(text: string, table: Table): readonly string[] {
  const target = /\bON\s+CONFLICT\s*\(([^()]+)\)/i.exec(text)?.[1];
  if (target !== undefined) return [target];
  if (!/^INSERT\s+OR\s+(IGNORE|REPLACE)\b/i.test(text)) return [];
  const ofConstraints = table.constraints.filter(({ kind }) => kind === 'primary key' || kind === 'unique');
  const ofIndexes = table.indexes.filter(
    (one) =>
      one.unique && one.madeBy === 'user' && one.predicate === undefined && one.expressions.length === 0,
  );
  return [...ofConstraints, ...ofIndexes].map(({ columns }) =>
    columns.map((one) => quoted(one ?? '')).join(', '),
  );
}

/** Whether a call names a function that the chain itself made. */
export function isOwnFunction(schema: Schema, call: string): boolean {
  const name = call.split('.').at(-1) ?? call;
  for (const key of schema.functions.keys())
    if (key.slice(key.indexOf('.') + 1).toLowerCase() === name) return true;
  return false;
}

/** What deleted rows do to the rows that refer to them: ON DELETE CASCADE and SET NULL, else a refusal. */
async function followReferences(
  lowering: Lowering,
  operation: Write,
  table: Table,
): Promise<Outcome | undefined> {
  if (operation.verb === 'insert' || lowering.schema.dialect === 'sqlite') return undefined;
  const filled = [...lowering.filled];
  for (const child of filled.flatMap((id) => lowering.schema.tables.get(id) ?? [])) {
    if (lowering.absent.has(child.id)) continue;
    for (const constraint of child.constraints) {
      if (constraint.kind !== 'foreign key' || constraint.refTableId !== table.id || !constraint.validated)
        continue;
      const { columns, refColumns, onDelete } = constraint;
      const same = columns
        .map((column, i) => `p.${quoted(refColumns[i] ?? '')} = ${quoted(child.name)}.${quoted(column)}`)
        .join(' AND ');
      const there = columns.map((column) => `${quoted(column)} IS NOT NULL`).join(' AND ');
      const orphans = `${there} AND NOT EXISTS (SELECT 1 FROM ${relationName(table)} AS p WHERE ${same})`;
      if (onDelete === 'cascade')
        await lowering.scratch.run([`DELETE FROM ${relationName(child)} WHERE ${orphans}`]);
      else if (onDelete === 'set null') {
        const nulls = columns.map((column) => `${quoted(column)} = NULL`).join(', ');
        await lowering.scratch.run([`UPDATE ${relationName(child)} SET ${nulls} WHERE ${orphans}`]);
      } else {
        const broken = await probeAll(lowering, child);
        if (broken && broken.word !== 'modelled') return broken;
      }
    }
  }
  return undefined;
}
