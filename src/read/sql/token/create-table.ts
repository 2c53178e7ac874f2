import type { QualifiedName } from '../../../schema/name.ts';
import type { ColumnDefinition, ConstraintDefinition, Operation } from '../../../schema/operation.ts';
import type { TableUse } from '../../source.ts';
import { copyOf, opensConstraint } from './column.ts';
import { constraintStart, takeConstraint } from './constraint.ts';
import type { Cursor } from './cursor.ts';
import { queryDefinition, usesIn } from './query.ts';

/** What a dialect adds to the shape of CREATE TABLE that both share. */
export interface TableGrammar {
  takeColumn(part: Cursor): ColumnDefinition;
  /** An index among the columns, as an operation of its own; undefined where none stands. */
  takeIndex(part: Cursor, table: QualifiedName): Operation | undefined;
  /** What stands after the columns, up to AS; throws where it is not known. */
  takeOptions(cursor: Cursor): readonly string[];
}

/** What a statement says of a table, with the tables that it builds on. */
interface Created {
  readonly operations: readonly Operation[];
  readonly uses: readonly TableUse[];
}

/** `[IF NOT EXISTS] name (…) options [AS query]`, after CREATE [TEMPORARY] TABLE. */
export function createTable(cursor: Cursor, temporary: boolean, grammar: TableGrammar): Created {
  const tolerant = cursor.take('if', 'not', 'exists') ? { tolerant: true } : {};
  const table = cursor.qualifiedName();
  const kept = temporary || table.schema === 'pg_temp' ? { temporary: true } : {};
  const whole = cursor.reading.whole;
  const empty = { kind: 'create-table', table, ...kept, ...tolerant, span: whole } as const;
  const like = takeLike(cursor);
  if (like) {
    const including = ['defaults', 'constraints', 'indexes', 'identity', 'generated'];
    const operation = { ...empty, columns: [], constraints: [], like: [{ table: like.table, including }] };
    return { operations: [operation], uses: [{ ...like, op: 'ddl' }] };
  }
  const columns: ColumnDefinition[] = [];
  const constraints: ConstraintDefinition[] = [];
  const indexes: Operation[] = [];
  const isQuery = /^(select|with|values)$/.test(cursor.word(1));
  if (cursor.sign() === '(' && !isQuery)
    for (const part of cursor.brackets().parts()) {
      const index = grammar.takeIndex(part, table);
      if (index) indexes.push(index);
      else if (!opensConstraint(part)) columns.push(grammar.takeColumn(part));
      while (!part.done) constraints.push(tableConstraint(part));
    }
  const options = grammar.takeOptions(cursor);
  cursor.take('as');
  const asQuery = cursor.done ? undefined : queryDefinition(copyOf(cursor));
  const operation: Operation = {
    ...{ ...empty, columns, constraints },
    ...(options.length > 0 ? { options } : {}),
    ...(asQuery ? { asQuery } : {}),
  };
  const uses = [...referenceUses(columns, constraints), ...(asQuery ? usesIn(cursor, 'read') : [])];
  return { operations: [operation, ...indexes], uses };
}

function tableConstraint(part: Cursor): ConstraintDefinition {
  const constraint = takeConstraint(part, constraintStart(part));
  if (!constraint) throw part.wrong();
  return constraint;
}

/** `LIKE other` and `(LIKE other)`. */
function takeLike(cursor: Cursor) {
  const inner = cursor.is('(', 'like') ? cursor.brackets() : cursor;
  if (!inner.take('like')) return undefined;
  const start = inner.offset;
  const table = inner.qualifiedName();
  return { table, span: inner.spanFrom(start) };
}

/** The tables that foreign keys refer to. */
export function referenceUses(
  columns: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): readonly TableUse[] {
  return [...columns.flatMap((column) => column.constraints), ...constraints].flatMap((one) =>
    one.kind === 'foreign key' ? [{ table: one.refTable, op: 'ddl' as const, span: one.span }] : [],
  );
}
