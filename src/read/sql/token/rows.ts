import type { Operation } from '../../../schema/operation.ts';
import type { TableUse } from '../../source.ts';
import { Cursor } from './cursor.ts';
import { namedIn } from './query.ts';
import type { Understood } from './understood.ts';

/** INSERT, REPLACE, UPDATE, DELETE, also after WITH; undefined for other statements. */
export function writeRows(cursor: Cursor): Understood | undefined {
  const { reading } = cursor;
  const named = namedIn(cursor);
  const head = new Cursor(reading, cursor.at, cursor.end);
  if (head.is('with')) skipWith(head);
  const verb = head.takeOneOf('insert', 'replace', 'update', 'delete');
  if (!verb) return undefined;
  const op = verb === 'replace' ? 'insert' : (verb as 'insert' | 'update' | 'delete'); // takeOneOf returns one of its words
  while (!head.done && !head.is('into') && !head.is('from') && isModifier(head)) head.at++;
  head.takeOneOf('into', 'from');
  const start = head.offset;
  const table = severalTables(head, op) ?? head.qualifiedName();
  const end = head.endOfPrevious;
  const columns = op === 'update' ? updated(head) : op === 'insert' ? inserted(head) : [];
  const copied = op === 'insert' ? copiedColumns(head) : undefined;
  const operation: Operation = {
    kind: 'write-rows',
    verb: op,
    table,
    columns,
    ...(copied ? { copied } : {}),
    hasWhere: hasWord(head, 'where'),
    span: reading.whole,
  };
  const target: TableUse = { table, op, span: reading.span(start, end) };
  const others = named.tables
    .filter((one) => one.start !== start)
    .map(
      ({ name, start: from, end: to }): TableUse => ({
        table: name,
        op: 'read',
        span: reading.span(from, to),
      }),
    );
  return { operations: [operation], uses: [target, ...others], calls: named.calls };
}

/** Moves over `WITH [RECURSIVE] name [(…)] AS (…), …`. */
function skipWith(head: Cursor): void {
  head.need('with');
  head.take('recursive');
  do {
    head.name();
    if (head.sign() === '(') head.skip();
    head.need('as');
    head.take('not');
    head.take('materialized');
    head.brackets();
  } while (head.take(','));
}

function isModifier(head: Cursor): boolean {
  if (head.take('or')) return true;
  return head.isOneOf(
    ...[
      'ignore',
      'low_priority',
      'high_priority',
      'delayed',
      'quick',
      'replace',
      'abort',
      'fail',
      'rollback',
    ],
  );
}

/** MySQL's `DELETE a FROM a JOIN b …` and `UPDATE a JOIN b … SET`: the first table that is written. */
function severalTables(head: Cursor, op: 'insert' | 'update' | 'delete') {
  if (op !== 'delete' || head.reading.dialect !== 'mysql') return undefined;
  const ahead = new Cursor(head.reading, head.at, head.end);
  ahead.qualifiedName();
  if (!ahead.is('from')) return undefined;
  const alias = head.qualifiedName();
  const from = namedIn(ahead).tables;
  return (
    from.find(({ end }) => aliasAfter(head, end) === alias.name) ??
    from.find((one) => one.name.name === alias.name)
  )?.name;
}

function aliasAfter(head: Cursor, end: number): string | undefined {
  const cursor = new Cursor(head.reading, head.at, head.end);
  while (!cursor.done && cursor.offset < end) cursor.at++;
  cursor.take('as');
  return cursor.isName() ? cursor.name() : undefined;
}

function inserted(head: Cursor): readonly string[] {
  if (head.take('as')) head.name();
  if (head.sign() !== '(' || /^(select|with|values)$/.test(head.word(1)))
    return head.is('set') ? updated(head) : [];
  return [...head.brackets().parts()].flatMap((part) => (part.isName() ? part.name() : []));
}

/** What a SELECT gives to each column, by position: the plain column that it is, or nothing that is known. */
function copiedColumns(given: Cursor): readonly (string | undefined)[] | undefined {
  const head = new Cursor(given.reading, given.at, given.end);
  if (!head.take('select') || head.isOneOf('distinct')) return undefined;
  const from = head.at;
  while (!head.done && !head.is('from')) head.skip();
  const parts = [...new Cursor(head.reading, from, head.at).parts()];
  if (parts.some((part) => part.sign(part.end - part.at - 1) === '*')) return undefined;
  return parts.map((part) => {
    if (!part.isName() || part.token()?.kind === 'string') return undefined;
    let name = part.name();
    while (part.take('.')) name = part.name();
    if (part.done) return name;
    return part.is('as') || (part.isName() && part.end - part.at === 1) ? name : undefined;
  });
}

/** Columns left of `=` after SET. */
function updated(given: Cursor): readonly string[] {
  const head = new Cursor(given.reading, given.at, given.end);
  while (!head.done && !head.is('set')) head.skip();
  if (!head.take('set')) return [];
  const from = head.at;
  while (
    !head.done &&
    !/^(from|where|order|limit|returning)$/.test(head.word()) &&
    !head.is('on', 'duplicate')
  )
    head.skip();
  const found: string[] = [];
  for (const part of new Cursor(head.reading, from, head.at).parts()) {
    if (part.sign() === '(')
      found.push(...[...part.brackets().parts()].flatMap((one) => (one.isName() ? one.name() : [])));
    else if (part.isName()) {
      let name = part.name();
      while (part.take('.')) name = part.name();
      if (part.sign() === '=' || part.is(':', '=')) found.push(name);
    }
  }
  return found;
}

function hasWord(given: Cursor, word: string): boolean {
  const cursor = new Cursor(given.reading, given.at, given.end);
  while (!cursor.done) {
    if (cursor.word() === word) return true;
    cursor.skip();
  }
  return false;
}
