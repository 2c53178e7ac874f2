import type { Operation } from '../../../schema/operation.ts';
import type { Reading } from '../reading.ts';
import { takeColumn } from '../token/column.ts';
import { createTable, referenceUses, type TableGrammar } from '../token/create-table.ts';
import { Cursor } from '../token/cursor.ts';
import { createIndex } from '../token/index-key.ts';
import { namedIn, usesIn } from '../token/query.ts';
import { writeRows } from '../token/rows.ts';
import { transaction } from '../token/transaction.ts';
import { createTrigger, dropTrigger } from '../token/trigger.ts';
import { notModelled, one, type Understood, without } from '../token/understood.ts';
import { createView, dropRelations } from '../token/view.ts';
import { pragma } from './pragma.ts';
import { takeType } from './type.ts';

const TABLE: TableGrammar = {
  takeColumn: (part) => takeColumn(part, takeType),
  takeIndex: () => undefined,
  takeOptions: (cursor) => {
    const options: string[] = [];
    while (!cursor.done && !cursor.is('as')) {
      if (cursor.take('without', 'rowid')) options.push('without rowid');
      else if (cursor.take('strict')) options.push('strict');
      else if (!cursor.take(',')) throw cursor.wrong();
    }
    return options;
  },
};

/** What one statement of SQLite says; undefined where no statement of SQLite's opens with these words. */
export function understand(reading: Reading): Understood | undefined {
  const cursor = new Cursor(reading);
  switch (cursor.word()) {
    case 'create':
      return create(cursor);
    case 'alter':
      return alter(cursor);
    case 'drop':
      return drop(cursor);
    case 'insert':
    case 'replace':
    case 'update':
    case 'delete':
      return writeRows(cursor);
    case 'with':
      return writeRows(cursor) ?? readRows(cursor);
    case 'select':
    case 'values':
      return readRows(cursor);
    case 'pragma':
      return pragma(cursor);
    default:
      return transaction(cursor) ?? other(cursor);
  }
}

function readRows(cursor: Cursor): Understood {
  return one(cursor.reading, { kind: 'read-rows' }, usesIn(cursor, 'read'), namedIn(cursor).calls);
}

function create(cursor: Cursor): Understood | undefined {
  cursor.need('create');
  const temporary = cursor.takeOneOf('temp', 'temporary') !== undefined;
  if (cursor.take('table')) return { ...createTable(cursor, temporary, TABLE), calls: [] };
  if (cursor.take('view')) return createView(cursor, false);
  if (cursor.take('trigger')) return createTrigger(cursor);
  if (cursor.take('virtual', 'table')) {
    cursor.take('if', 'not', 'exists');
    const { name } = cursor.qualifiedName();
    cursor.need('using');
    return notModelled(`${name} is a virtual table of ${cursor.name()}`);
  }
  const unique = cursor.take('unique');
  if (!cursor.take('index')) return undefined;
  const index = createIndex(cursor, { unique, method: 'btree' });
  if (index.kind !== 'create-index') throw cursor.wrong();
  return { operations: [index], uses: usesOn(cursor), calls: [] };
}

/** The table that follows the first ON. */
function usesOn(given: Cursor): Understood['uses'] {
  const cursor = new Cursor(given.reading);
  while (!cursor.done && !cursor.is('on')) cursor.at++;
  cursor.take('on');
  const start = cursor.offset;
  const table = cursor.qualifiedName();
  return [{ table, op: 'ddl', span: cursor.spanFrom(start) }];
}

function alter(cursor: Cursor): Understood | undefined {
  cursor.need('alter');
  if (!cursor.take('table')) return undefined;
  const nameAt = cursor.offset;
  const table = cursor.qualifiedName();
  const use = { table, op: 'ddl', span: cursor.spanFrom(nameAt) } as const;
  if (cursor.take('rename', 'to'))
    return one(cursor.reading, { kind: 'rename-table', table, to: cursor.name() });
  const start = cursor.offset;
  const operation = alteration(cursor, table);
  if (!operation)
    return notModelled(`ALTER TABLE … ${cursor.rest().split(/\s+/, 2).join(' ').toUpperCase()}`, [use]);
  if (!cursor.done) throw cursor.wrong();
  const span =
    operation.kind === 'add-column'
      ? operation.column.span
      : cursor.reading.span(start, cursor.reading.text.length);
  const references = operation.kind === 'add-column' ? referenceUses([operation.column], []) : [];
  return { operations: [{ ...operation, span }], uses: [use, ...references], calls: [] };
}

type Alteration = Extract<
  Operation,
  { kind: 'add-column' | 'drop-column' | 'rename-column' | 'redefine-column' }
>;

/** ADD, DROP and RENAME COLUMN, and `ALTER COLUMN … TO …`, which only libSQL has. */
function alteration(cursor: Cursor, table: Alteration['table']): Alteration | undefined {
  const span = cursor.reading.whole;
  if (cursor.take('add')) {
    cursor.take('column');
    return { kind: 'add-column', table, column: takeColumn(cursor, takeType), span };
  }
  if (cursor.take('drop')) {
    cursor.take('column');
    return { kind: 'drop-column', table, column: cursor.name(), cascade: false, span };
  }
  if (cursor.take('rename')) {
    cursor.take('column');
    const column = cursor.name();
    cursor.need('to');
    return { kind: 'rename-column', table, column, to: cursor.name(), span };
  }
  if (cursor.take('alter', 'column')) {
    const column = cursor.name();
    if (!cursor.take('to')) return undefined;
    return { kind: 'redefine-column', table, column, to: takeColumn(cursor, takeType), span };
  }
  return undefined;
}

function drop(cursor: Cursor): Understood | undefined {
  cursor.need('drop');
  if (cursor.take('table')) return dropRelations(cursor, 'table');
  if (cursor.take('view')) return dropRelations(cursor, 'view');
  if (cursor.take('trigger')) return dropTrigger(cursor);
  if (!cursor.take('index')) return undefined;
  const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
  const index = cursor.qualifiedName();
  return one(cursor.reading, { kind: 'drop-index', index, cascade: false, concurrently: false, ...tolerant });
}

function other(cursor: Cursor): Understood | undefined {
  const word = cursor.word();
  if (/^(analyze|reindex|vacuum|explain)$/.test(word)) return without(cursor.reading, word.toUpperCase());
  if (/^(attach|detach)$/.test(word)) return notModelled(`${word.toUpperCase()}: another database's file`);
  return undefined;
}
