import type { QualifiedName } from '../../../schema/name.ts';
import type { ColumnPlace, Operation, OperationBody } from '../../../schema/operation.ts';
import { takeValue } from '../token/column.ts';
import { constraintStart, takeConstraint } from '../token/constraint.ts';
import type { Cursor } from '../token/cursor.ts';
import { takeColumn } from './column.ts';
import { takeIndex } from './table-index.ts';

type Body = OperationBody & { readonly tolerant?: boolean };

/** What the parts of an ALTER TABLE do, in order; `unknown` holds the first words of those whose effect is not known. */
export function alterTable(
  cursor: Cursor,
  table: QualifiedName,
): { readonly operations: readonly Operation[]; readonly unknown: readonly string[] } {
  const operations: Operation[] = [];
  const unknown: string[] = [];
  let now = table;
  for (const part of cursor.parts()) {
    const start = part.offset;
    const end = part.reading.text.slice(start, endOf(part)).trimEnd().length + start;
    const words = part.rest().split(/\s+/, 2).join(' ').toUpperCase();
    const found = alteration(part, now);
    if (!found) {
      unknown.push(words);
      continue;
    }
    const span = part.reading.span(start, end);
    for (const body of found)
      operations.push({ ...body, span: body.kind === 'add-column' ? body.column.span : span });
    const renamed = found.find((one) => one.kind === 'rename-table');
    if (renamed) now = { name: renamed.to };
  }
  return { operations: inOrder(operations), unknown };
}

/** MySQL judges an ALTER TABLE by its outcome: what is dropped goes first, columns come before the keys over them. */
const RANK: Partial<Record<Operation['kind'], number>> = {
  'drop-constraint': 0,
  'drop-index': 1,
  'drop-column': 2,
  'rename-column': 3,
  'redefine-column': 3,
  'add-column': 4,
  'rename-table': 6,
};

function inOrder(given: readonly Operation[]): readonly Operation[] {
  const replaced = given.some(
    (one) =>
      one.kind === 'create-index' ||
      one.kind === 'add-constraint' ||
      (one.kind === 'drop-constraint' && one.of === 'foreign key'),
  );
  return [...given]
    .sort((a, b) => (RANK[a.kind] ?? 5) - (RANK[b.kind] ?? 5))
    .map((one) =>
      replaced && (one.kind === 'drop-index' || one.kind === 'drop-constraint') ? { ...one, replaced } : one,
    );
}

function endOf(part: Cursor): number {
  return part.token(part.end - part.at - 1)?.end ?? part.offset;
}

/** The operations of one part: none where it changes nothing in the schema as modelled, undefined where it is not known. */
function alteration(cursor: Cursor, table: QualifiedName): readonly Body[] | undefined {
  switch (cursor.word()) {
    case 'add':
      return add(cursor, table);
    case 'drop':
      return drop(cursor, table);
    case 'modify':
    case 'change':
      return redefine(cursor, table);
    case 'alter':
      return alterColumn(cursor, table);
    case 'rename':
      return rename(cursor, table);
    default:
      return isOption(cursor) ? [] : undefined;
  }
}

/** Options of the table and of how it is altered. */
function isOption(cursor: Cursor): boolean {
  return /^(algorithm|lock|engine|auto_increment|comment|row_format|convert|default|charset|character|collate|order|enable|disable|force|with|without|key_block_size|stats_\w+|tablespace|compression|encryption|checksum|avg_row_length|max_rows|min_rows|pack_keys|connection|insert_method|union|delay_key_write|page_checksum|transactional|nowait|wait|online|ignore|partition|remove|coalesce|truncate|exchange|reorganize|optimize|analyze|check|rebuild|repair|discard|import|secondary_engine|secondary_load|secondary_unload)$/.test(
    cursor.word(),
  );
}

function add(cursor: Cursor, table: QualifiedName): readonly Body[] | undefined {
  cursor.need('add');
  if (cursor.isOneOf('partition', 'period', 'system')) return cursor.is('partition') ? [] : undefined;
  const index = takeIndex(cursor, table);
  if (index) return [index];
  if (cursor.isOneOf('constraint', 'primary', 'foreign', 'check', 'unique') && !isColumnNamedSo(cursor)) {
    const tolerant = skipIfNotExists(cursor);
    const constraint = takeConstraint(cursor, constraintStart(cursor));
    if (!constraint || !cursor.done) throw cursor.wrong();
    return [{ kind: 'add-constraint', table, constraint, ...tolerant }];
  }
  cursor.take('column');
  const tolerant = cursor.take('if', 'not', 'exists') ? { tolerant: true } : {};
  if (cursor.sign() === '(')
    return [...cursor.brackets().parts()].map((part) => ({
      kind: 'add-column',
      ...{ table, column: takeColumn(part), ...tolerant },
    }));
  const column = takeColumn(cursor);
  return [{ kind: 'add-column', table, column, ...placeOf(cursor), ...tolerant }];
}

/** MariaDB's ADD CONSTRAINT IF NOT EXISTS. */
function skipIfNotExists(cursor: Cursor): { readonly tolerant?: boolean } {
  if (cursor.word(1) !== 'if') return {};
  throw cursor.wrong();
}

/** `ADD check tinyint`: a column of that name is followed by a type and not by brackets or KEY. */
function isColumnNamedSo(cursor: Cursor): boolean {
  return cursor.is('check') && cursor.sign(1) !== '(';
}

function placeOf(cursor: Cursor): { readonly place?: ColumnPlace } {
  if (cursor.take('first')) return { place: 'first' };
  return cursor.take('after') ? { place: { after: cursor.name() } } : {};
}

function drop(cursor: Cursor, table: QualifiedName): readonly Body[] | undefined {
  cursor.need('drop');
  const on = { table, cascade: false } as const;
  if (cursor.take('primary', 'key'))
    return [{ kind: 'drop-constraint', ...on, name: 'PRIMARY', of: 'primary key' }];
  const of = cursor.is('foreign', 'key')
    ? 'foreign key'
    : cursor.is('check') && !endsAfter(cursor, 1)
      ? 'check'
      : undefined;
  if (of || (cursor.is('constraint') && !endsAfter(cursor, 1))) {
    cursor.take('foreign');
    cursor.at++;
    const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
    const name = cursor.name();
    return [{ kind: 'drop-constraint', ...on, name, ...(of ? { of } : {}), ...tolerant }];
  }
  if (cursor.is('partition')) return [];
  if (cursor.isOneOf('index', 'key') && !endsAfter(cursor, 1)) {
    cursor.at++;
    const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
    const index = { name: cursor.name() };
    return [{ kind: 'drop-index', index, on: table, cascade: false, concurrently: false, ...tolerant }];
  }
  cursor.take('column');
  const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
  const column = cursor.name();
  cursor.takeOneOf('restrict', 'cascade');
  if (!cursor.done) throw cursor.wrong();
  return [{ kind: 'drop-column', column, ...on, ...tolerant }];
}

function endsAfter(cursor: Cursor, words: number): boolean {
  return cursor.token(words) === undefined;
}

function redefine(cursor: Cursor, table: QualifiedName): readonly Body[] {
  const verb = cursor.takeOneOf('modify', 'change');
  cursor.take('column');
  const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
  const former = verb === 'change' ? cursor.name() : undefined;
  const to = takeColumn(cursor);
  const place = placeOf(cursor);
  if (!cursor.done) throw cursor.wrong();
  return [{ kind: 'redefine-column', table, column: former ?? to.name, to, ...place, ...tolerant }];
}

function alterColumn(cursor: Cursor, table: QualifiedName): readonly Body[] | undefined {
  cursor.need('alter');
  if (cursor.isOneOf('index', 'check', 'constraint') && !cursor.is('check', 'set')) return [];
  cursor.take('column');
  const column = cursor.name();
  if (cursor.take('drop', 'default')) return [{ kind: 'drop-default', table, column }];
  if (cursor.take('set', 'default'))
    return [{ kind: 'set-default', table, column, expression: takeValue(cursor) }];
  return cursor.is('set') ? [] : undefined;
}

function rename(cursor: Cursor, table: QualifiedName): readonly Body[] {
  cursor.need('rename');
  const what = cursor.takeOneOf('column', 'index', 'key');
  if (!what) {
    cursor.takeOneOf('to', 'as');
    return [{ kind: 'rename-table', table, to: cursor.qualifiedName().name }];
  }
  const name = cursor.name();
  cursor.need('to');
  const to = cursor.name();
  if (what === 'column') return [{ kind: 'rename-column', table, column: name, to }];
  return [{ kind: 'rename-index', index: { name }, on: table, to }];
}
