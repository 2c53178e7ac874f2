import type { ConstraintDefinition } from '../../../schema/operation.ts';
import type { ReferentialAction } from '../../../schema/schema.ts';
import type { Cursor } from './cursor.ts';
import { columnsIn } from './query.ts';

/** What is known of a constraint before its kind: where its text starts, its name, and the column that it is written on. */
export interface ConstraintStart {
  readonly start: number;
  readonly name?: string;
  readonly column?: string;
}

/** A name after CONSTRAINT, where one is written; MySQL may leave the name out. */
export function constraintStart(cursor: Cursor, column?: string): ConstraintStart {
  const start = cursor.offset;
  const own = column === undefined ? {} : { column };
  if (!cursor.take('constraint')) return { start, ...own };
  if (cursor.isOneOf('primary', 'unique', 'foreign', 'check', 'references') && !cursor.isName(1))
    return { start, ...own };
  if (/^(primary|unique|foreign|check)$/.test(cursor.word()) && cursor.reading.dialect === 'mysql')
    return { start, ...own };
  return { start, name: cursor.name(), ...own };
}

/** PRIMARY KEY, UNIQUE, CHECK, FOREIGN KEY or REFERENCES at hand; undefined where none of them stands. */
export function takeConstraint(cursor: Cursor, given: ConstraintStart): ConstraintDefinition | undefined {
  const { start, name, column } = given;
  const own = column === undefined ? [] : [column];
  const named = name === undefined ? {} : { name };
  if (cursor.take('primary', 'key') || (column !== undefined && isBareKey(cursor))) {
    const indexed = column === undefined ? takeIndexName(cursor) : {};
    const columns = keyColumns(cursor, own);
    takeIndexOptions(cursor);
    const reach = cursor.spanFrom(start);
    return { ...named, ...indexed, kind: 'primary key', columns, span: reach };
  }
  if (cursor.take('unique')) {
    cursor.takeOneOf('key', 'index');
    const indexed = column === undefined ? takeIndexName(cursor) : {};
    const columns = keyColumns(cursor, own);
    takeIndexOptions(cursor);
    return { ...named, ...indexed, kind: 'unique', columns, span: cursor.spanFrom(start) };
  }
  if (cursor.take('check')) {
    const inside = cursor.brackets();
    const enforced = !cursor.take('not', 'enforced');
    cursor.take('enforced');
    takeConflict(cursor);
    const body = { kind: 'check', columns: columnsIn(inside), expression: inside.rest() } as const;
    return { ...named, ...body, notValid: !enforced, span: cursor.spanFrom(start) };
  }
  if (cursor.take('foreign', 'key')) {
    const indexed = cursor.sign() === '(' ? undefined : cursor.name();
    const columns = keyColumns(cursor, own);
    return references(cursor, start, columns, name ?? indexed);
  }
  return column !== undefined && cursor.is('references') ? references(cursor, start, own, name) : undefined;
}

/** MySQL's `id int KEY`. */
function isBareKey(cursor: Cursor): boolean {
  return cursor.reading.dialect === 'mysql' && cursor.take('key');
}

function takeIndexName(cursor: Cursor): { readonly name?: string } {
  const name = cursor.isName() && !cursor.isOneOf('using', 'on') ? cursor.name() : undefined;
  return name === undefined ? {} : { name };
}

/** The names in `(a, b(10), c DESC)`; those of the column that it is written on where no brackets stand. */
function keyColumns(cursor: Cursor, own: readonly string[]): readonly string[] {
  if (cursor.take('using')) cursor.at++;
  if (cursor.sign() !== '(' || own.length > 0) return own;
  return [...cursor.brackets().parts()].flatMap((part) => (part.isName() ? part.name() : []));
}

/** `ASC`, `ON CONFLICT IGNORE`, `AUTOINCREMENT` stay for the column; `USING BTREE`, `COMMENT '…'`, `VISIBLE` are passed over. */
export function takeIndexOptions(cursor: Cursor): void {
  for (;;) {
    if (cursor.takeOneOf('asc', 'desc', 'visible', 'invisible')) continue;
    if (cursor.isOneOf('using', 'comment')) {
      cursor.at += 2;
    } else if (cursor.isOneOf('key_block_size', 'parser') || cursor.is('with', 'parser')) {
      cursor.take('with');
      cursor.at++;
      cursor.take('=');
      cursor.at++;
    } else if (!takeConflict(cursor)) return;
  }
}

/** SQLite's ON CONFLICT. */
export function takeConflict(cursor: Cursor): boolean {
  if (!cursor.take('on', 'conflict')) return false;
  cursor.takeOneOf('rollback', 'abort', 'fail', 'ignore', 'replace');
  return true;
}

function references(
  cursor: Cursor,
  start: number,
  columns: readonly string[],
  name: string | undefined,
): ConstraintDefinition {
  cursor.need('references');
  const refTable = cursor.qualifiedName();
  const refColumns = cursor.sign() === '(' ? [...cursor.brackets().parts()].map((part) => part.name()) : [];
  const actions: { delete: ReferentialAction; update: ReferentialAction } = {
    delete: 'no action',
    update: 'no action',
  };
  let deferrable = false;
  for (;;) {
    if (cursor.is('on', 'delete') || cursor.is('on', 'update')) {
      cursor.at++;
      const on = cursor.word() === 'delete' ? 'delete' : 'update';
      cursor.at++;
      actions[on] = action(cursor);
    } else if (cursor.take('match')) cursor.at++;
    else if (cursor.is('not', 'deferrable') || cursor.is('deferrable')) {
      deferrable = !cursor.take('not');
      cursor.at++;
      if (cursor.take('initially')) cursor.at++;
    } else break;
  }
  return {
    ...(name === undefined ? {} : { name }),
    kind: 'foreign key',
    columns,
    refTable,
    refColumns,
    onDelete: actions.delete,
    onUpdate: actions.update,
    notValid: false,
    ...(deferrable ? { deferrable } : {}),
    span: cursor.spanFrom(start),
  };
}

function action(cursor: Cursor): ReferentialAction {
  if (cursor.take('no', 'action')) return 'no action';
  if (cursor.take('set', 'null')) return 'set null';
  if (cursor.take('set', 'default')) return 'set default';
  const word = cursor.takeOneOf('cascade', 'restrict');
  if (word === 'cascade' || word === 'restrict') return word;
  throw cursor.wrong();
}
