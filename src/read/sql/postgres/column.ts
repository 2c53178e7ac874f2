import type { ColumnDef, Constraint as ConstraintNode } from 'libpg-query';
import type { TypeName } from '../../../schema/name.ts';
import type { ColumnDefinition, ConstraintDefinition } from '../../../schema/operation.ts';
import { clauseEnd, type Reading } from '../reading.ts';
import { constraintNode, constraintOf, expressionAfter } from './constraint.ts';
import { typeOf } from './names.ts';

const SERIALS: Readonly<Record<string, string>> = {
  smallserial: 'smallint',
  serial: 'integer',
  bigserial: 'bigint',
};

/** The default that a serial column gets; the fold gives the sequence its real name and knows the column owns it. */
const SERIAL_DEFAULT = 'nextval(serial)';

/** A column definition. `serial` becomes its integer type, NOT NULL, with {@link SERIAL_DEFAULT}. */
export function columnOf(reading: Reading, node: ColumnDef): ColumnDefinition {
  const start = reading.offset(node.location ?? 0);
  const end = clauseEnd(reading, start);
  const marks = (node.constraints ?? []).flatMap((one) => constraintNode(one) ?? []);
  const ends = marks.map((mark, i) => endOfMark(reading, marks[i + 1], end, mark));
  const written = typeOf(node.typeName);
  const integer = written.schema ? undefined : SERIALS[written.name];
  const type: TypeName = integer ? { ...written, name: integer } : written;
  const constraints: ConstraintDefinition[] = [];
  let notNull = integer !== undefined || node.is_not_null === true;
  const column: {
    -readonly [Key in 'default' | 'generated' | 'virtual' | 'identity']?: ColumnDefinition[Key];
  } = integer ? { default: SERIAL_DEFAULT } : {};
  for (const [i, mark] of marks.entries()) {
    const stop = ends[i] ?? end;
    if (mark.contype === 'CONSTR_NOTNULL') notNull = true;
    else if (mark.contype === 'CONSTR_DEFAULT')
      column.default = expressionAfter(reading, mark, 'default', stop);
    else if (mark.contype === 'CONSTR_GENERATED') {
      column.generated = expressionAfter(reading, mark, 'as', stop);
      if (mark.generated_kind === 'v') column.virtual = true;
    } else if (mark.contype === 'CONSTR_IDENTITY') {
      column.identity = mark.generated_when === 'a' ? 'always' : 'by default';
      notNull = true;
    } else {
      const constraint = constraintOf(reading, mark, node.colname, stop);
      const deferrable = isDeferrable(marks.slice(i + 1)) ? { deferrable: true } : {};
      if (constraint) constraints.push({ ...constraint, ...deferrable });
    }
  }
  return { name: node.colname ?? '', type, notNull, ...column, constraints, span: reading.span(start, end) };
}

/** DEFERRABLE and INITIALLY DEFERRED behind a column's constraint are marks of their own, up to the next constraint. */
function isDeferrable(after: readonly ConstraintNode[]): boolean {
  const end = after.findIndex((mark) => !/^CONSTR_ATTR_/.test(mark.contype ?? ''));
  return after
    .slice(0, end < 0 ? undefined : end)
    .some(({ contype }) => contype === 'CONSTR_ATTR_DEFERRABLE' || contype === 'CONSTR_ATTR_DEFERRED');
}

/** A mark on a column ends where the next one starts. */
function endOfMark(
  reading: Reading,
  next: ConstraintNode | undefined,
  end: number,
  mark: ConstraintNode,
): number {
  if (!next || (next.location ?? 0) <= (mark.location ?? 0)) return end;
  return reading.text.slice(0, reading.offset(next.location ?? 0)).trimEnd().length;
}
