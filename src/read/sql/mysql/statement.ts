import type { Operation } from '../../../schema/operation.ts';
import type { TableUse } from '../../source.ts';
import type { Reading } from '../reading.ts';
import { createTable, referenceUses, type TableGrammar } from '../token/create-table.ts';
import { Cursor } from '../token/cursor.ts';
import { createIndex } from '../token/index-key.ts';
import { namedIn, usesIn } from '../token/query.ts';
import { writeRows } from '../token/rows.ts';
import { transaction } from '../token/transaction.ts';
import { createTrigger, dropTrigger } from '../token/trigger.ts';
import { notModelled, one, type Understood, without } from '../token/understood.ts';
import { createView, dropRelations } from '../token/view.ts';
import { alterTable } from './alter.ts';
import { takeColumn } from './column.ts';
import { takeIndex } from './table-index.ts';

const TABLE: TableGrammar = {
  takeColumn,
  takeIndex,
  takeOptions: (cursor) => {
    while (!cursor.done && !cursor.isOneOf('as', 'select', 'with', 'replace', 'ignore')) cursor.skip();
    cursor.takeOneOf('replace', 'ignore');
    return [];
  },
};

/** Statements on which neither tables, columns, constraints, indexes nor rows depend. */
const WITHOUT =
  /^(set|use|grant|revoke|flush|analyze|optimize|lock|unlock|show|describe|desc|explain|check|repair|reset|delimiter|comment|help|kill|purge|do|prepare|deallocate|handler)$/;

/** What one statement of MySQL or MariaDB says; undefined where no statement of theirs opens with these words. */
export function understand(reading: Reading): Understood | undefined {
  const cursor = new Cursor(reading);
  const word = cursor.word();
  switch (word) {
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
    case 'table':
      return readRows(cursor);
    case 'truncate':
      return truncate(cursor);
    case 'rename':
      return renameTables(cursor);
    case 'set':
      return session(cursor) ?? without(reading, 'SET');
    case 'load':
      return notModelled('LOAD DATA reads rows from a file');
    case 'execute':
      return notModelled('EXECUTE runs a statement that is put together at run time');
    case 'call':
      return notModelled('CALL runs a procedure, whose body is not followed');
    default:
      return transaction(cursor) ?? (WITHOUT.test(word) ? without(reading, word.toUpperCase()) : undefined);
  }
}

function readRows(cursor: Cursor): Understood {
  const body = { kind: 'read-rows' } as const;
  if (cursor.is('(', 'select')) return one(cursor.reading, body, usesIn(cursor, 'read'));
  return one(cursor.reading, body, usesIn(cursor, 'read'), namedIn(cursor).calls);
}

function create(cursor: Cursor): Understood | undefined {
  const { reading } = cursor;
  cursor.need('create');
  const replace = cursor.take('or', 'replace');
  if (cursor.isOneOf('database', 'schema', 'user', 'role', 'tablespace', 'server', 'resource'))
    return without(reading, `CREATE ${cursor.word().toUpperCase()}`);
  const temporary = cursor.take('temporary');
  if (cursor.take('table')) {
    const created = createTable(cursor, temporary, TABLE);
    const [first] = created.operations;
    const former = replace && first?.kind === 'create-table' ? [dropOf(first)] : [];
    return { ...created, operations: [...former, ...created.operations], calls: [] };
  }
  while (cursor.isOneOf('algorithm', 'definer', 'sql', 'aggregate', 'online', 'offline'))
    skipAttribute(cursor);
  if (cursor.take('view')) return createView(cursor, replace);
  if (cursor.take('trigger')) return createTrigger(cursor);
  const routine = cursor.takeOneOf('procedure', 'function');
  if (routine === 'procedure' || routine === 'function') return createRoutine(cursor, routine, replace);
  if (cursor.take('event')) return notModelled('CREATE EVENT');
  if (cursor.is('sequence')) return notModelled('CREATE SEQUENCE');
  const unique = cursor.take('unique');
  const method = cursor.takeOneOf('fulltext', 'spatial') ?? 'btree';
  if (!cursor.takeOneOf('index')) return undefined;
  return { operations: [createIndex(cursor, { unique, method })], uses: useAfter(reading, 'on'), calls: [] };
}

function dropOf(created: Extract<Operation, { kind: 'create-table' }>): Operation {
  return { kind: 'drop-table', table: created.table, cascade: false, tolerant: true, span: created.span };
}

/** `ALGORITHM = MERGE`, `DEFINER = user@host`, `SQL SECURITY INVOKER`. */
function skipAttribute(cursor: Cursor): void {
  if (cursor.take('sql', 'security')) cursor.at++;
  else {
    cursor.at++;
    if (!cursor.take('=')) return;
    cursor.at++;
    if (cursor.sign() === '@') cursor.at += 2;
    if (cursor.sign() === '(') cursor.skip();
  }
}

function createRoutine(cursor: Cursor, routine: 'procedure' | 'function', replace: boolean): Understood {
  const tolerant = cursor.take('if', 'not', 'exists') ? { tolerant: true } : {};
  const name = cursor.qualifiedName();
  const body = { kind: 'create-function', function: name, routine, replace, language: 'sql' } as const;
  return one(cursor.reading, { ...body, arguments: [], returns: '', body: cursor.rest(), ...tolerant });
}

function useAfter(reading: Reading, word: string): readonly TableUse[] {
  const cursor = new Cursor(reading);
  while (!cursor.done && !cursor.is(word)) cursor.skip();
  cursor.take(word);
  const start = cursor.offset;
  const table = cursor.qualifiedName();
  return [{ table, op: 'ddl', span: cursor.spanFrom(start) }];
}

function alter(cursor: Cursor): Understood | undefined {
  const { reading } = cursor;
  cursor.need('alter');
  cursor.takeOneOf('online', 'offline');
  cursor.take('ignore');
  if (!cursor.take('table'))
    return /^(database|schema|user|view|event|server|instance|definer|algorithm|sql|function|procedure|tablespace)$/.test(
      cursor.word(),
    )
      ? without(reading, `ALTER ${cursor.word().toUpperCase()}`)
      : undefined;
  const tableTolerant = cursor.take('if', 'exists') ? { tableTolerant: true } : {};
  const start = cursor.offset;
  const table = cursor.qualifiedName();
  const use = { table, op: 'ddl', span: cursor.spanFrom(start) } as const;
  const { operations, unknown } = alterTable(cursor, table);
  const made = operations.map((operation) => ({ ...operation, ...tableTolerant }));
  const nothing = { kind: 'no-effect', what: 'ALTER TABLE options', span: reading.whole } as const;
  return {
    operations: made.length > 0 || unknown.length > 0 ? made : [nothing],
    uses: [use, ...operations.flatMap(usesOf)],
    calls: [],
    ...(unknown.length > 0 ? { notModelled: `ALTER TABLE … ${unknown.join(', ')}` } : {}),
  };
}

function usesOf(operation: Operation): readonly TableUse[] {
  if (operation.kind === 'add-constraint') return referenceUses([], [operation.constraint]);
  return operation.kind === 'add-column' ? referenceUses([operation.column], []) : [];
}

function drop(cursor: Cursor): Understood | undefined {
  const { reading } = cursor;
  cursor.need('drop');
  cursor.take('temporary');
  if (cursor.takeOneOf('table', 'tables')) return dropRelations(cursor, 'table');
  if (cursor.take('view')) return dropRelations(cursor, 'view');
  if (cursor.take('trigger')) return dropTrigger(cursor);
  if (cursor.takeOneOf('procedure', 'function')) {
    const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
    return one(reading, {
      kind: 'drop-function',
      function: cursor.qualifiedName(),
      cascade: false,
      ...tolerant,
    });
  }
  if (cursor.isOneOf('database', 'schema')) return notModelled(`DROP ${cursor.word().toUpperCase()}`);
  if (cursor.isOneOf('user', 'role', 'event', 'server', 'tablespace', 'prepare'))
    return without(reading, `DROP ${cursor.word().toUpperCase()}`);
  if (!cursor.take('index')) return undefined;
  const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
  const { name } = cursor.qualifiedName();
  cursor.need('on');
  const on = cursor.qualifiedName();
  const body = { kind: 'drop-index', index: { name }, on, cascade: false, concurrently: false } as const;
  return one(reading, { ...body, ...tolerant }, useAfter(reading, 'on'));
}

function truncate(cursor: Cursor): Understood {
  cursor.need('truncate');
  cursor.take('table');
  const start = cursor.offset;
  const table = cursor.qualifiedName();
  const use = { table, op: 'delete', span: cursor.spanFrom(start) } as const;
  return one(cursor.reading, { kind: 'write-rows', verb: 'truncate', table, columns: [], hasWhere: false }, [
    use,
  ]);
}

function renameTables(cursor: Cursor): Understood | undefined {
  cursor.need('rename');
  if (!cursor.takeOneOf('table', 'tables')) return without(cursor.reading, 'RENAME USER');
  const operations: Operation[] = [];
  for (const part of cursor.parts()) {
    const start = part.offset;
    part.take('if', 'exists');
    const table = part.qualifiedName();
    part.need('to');
    const to = part.qualifiedName().name;
    operations.push({ kind: 'rename-table', table, to, span: part.spanFrom(start) });
  }
  return { operations, uses: [], calls: [] };
}

/** SET foreign_key_checks = 0, as dumps and careful migrations write it. */
function session(cursor: Cursor): Understood | undefined {
  const match = /\bforeign_key_checks\s*=\s*['"]?(\w+|@)/i.exec(cursor.reading.text);
  if (!match) return undefined;
  const on = !/^(0|off|false)$/i.test(match[1] ?? '');
  return one(cursor.reading, { kind: 'set-session', name: 'foreign_keys', on });
}
