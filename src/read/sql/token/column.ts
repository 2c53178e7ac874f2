import type { TypeName } from '../../../schema/name.ts';
import type { ColumnDefinition, ConstraintDefinition } from '../../../schema/operation.ts';
import { constraintStart, takeConflict, takeConstraint, takeIndexOptions } from './constraint.ts';
import { Cursor } from './cursor.ts';

/** Reads the type at hand; a dialect knows which of its words make NOT NULL and counters of their own (`serial`). */
export type TakeType = (cursor: Cursor) => TypeName;

type Marks = {
  -readonly [K in
    | 'notNull'
    | 'default'
    | 'generated'
    | 'virtual'
    | 'identity'
    | 'onUpdate']?: ColumnDefinition[K];
};

/** `name type …` with everything that may stand on a column, up to the end of the cursor or to FIRST and AFTER. */
export function takeColumn(cursor: Cursor, takeType: TakeType): ColumnDefinition {
  const start = cursor.offset;
  const name = cursor.name();
  const type = takeType(cursor);
  const marks: Marks = {};
  const constraints: ConstraintDefinition[] = [];
  while (!cursor.done && !cursor.isOneOf('first', 'after')) {
    const given = constraintStart(cursor, name);
    if (takeMark(cursor, marks)) continue;
    const constraint = takeConstraint(cursor, given);
    if (constraint) constraints.push(constraint);
    else if (!cursor.take('null') && !takeConflict(cursor) && !takePassedOver(cursor)) throw cursor.wrong();
  }
  const { notNull = false, ...rest } = marks;
  return { name, type, notNull, ...rest, constraints, span: cursor.spanFrom(start) };
}

function takeMark(cursor: Cursor, marks: Marks): boolean {
  if (cursor.take('not', 'null')) marks.notNull = true;
  else if (cursor.take('default')) marks.default = takeValue(cursor);
  else if (cursor.takeOneOf('auto_increment', 'autoincrement')) marks.identity = 'by default';
  else if (cursor.take('on', 'update')) marks.onUpdate = takeValue(cursor);
  else if (cursor.take('generated', 'always', 'as') || cursor.take('as')) {
    marks.generated = cursor.brackets().rest();
    const kept = cursor.takeOneOf('stored', 'virtual', 'persistent');
    if (kept === undefined || kept === 'virtual') marks.virtual = true;
  } else return false;
  return true;
}

/** What is said of a column and changes nothing in the schema as modelled. */
function takePassedOver(cursor: Cursor): boolean {
  const before = cursor.at;
  if (
    cursor.take('collate') ||
    cursor.take('charset') ||
    cursor.take('character', 'set') ||
    cursor.take('srid')
  ) {
    cursor.take('=');
    cursor.at++;
  } else if (cursor.takeOneOf('comment', 'column_format', 'storage', 'engine_attribute')) {
    cursor.take('=');
    cursor.at++;
  } else takeIndexOptions(cursor);
  return cursor.at > before;
}

/** A default: a literal, a signed number, a name, a call, or anything in brackets. */
export function takeValue(cursor: Cursor): string {
  const start = cursor.offset;
  if (cursor.sign() === '(') cursor.brackets();
  else {
    if (cursor.sign() === '-' || cursor.sign() === '+') cursor.at++;
    if (cursor.done) throw cursor.wrong();
    const token = cursor.token();
    cursor.at++;
    if (token?.kind === 'word' && cursor.token()?.kind === 'string' && /^_|^[xbn]$/i.test(cursor.text(-1)))
      cursor.at++;
    if (cursor.sign() === '(') cursor.brackets();
  }
  return cursor.since(start);
}

/** Whether the part of a CREATE TABLE at hand is a constraint of the table and no column. */
export function opensConstraint(cursor: Cursor): boolean {
  if (cursor.is('constraint') || cursor.is('primary', 'key') || cursor.is('foreign', 'key')) return true;
  if (cursor.is('check', '(')) return true;
  if (!cursor.is('unique')) return false;
  if (cursor.sign(1) === '(') return true;
  return cursor.reading.dialect === 'mysql';
}

/** A cursor over the same stretch, from where the given one stands. */
export function copyOf(cursor: Cursor): Cursor {
  return new Cursor(cursor.reading, cursor.at, cursor.end);
}
