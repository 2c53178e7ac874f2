import { type CreateTableAsStmt, type Node, parseSync } from 'libpg-query';
import type { Operation, OperationBody } from '../../../schema/operation.ts';
import type { Statement, TableUse } from '../../source.ts';
import { afterWord, type Reading } from '../reading.ts';
import { readDoBlock } from './do-block.ts';
import { createIndex } from './index-statement.ts';
import { stringOf, stringsOf, tableOf } from './names.ts';
import { createObject, dropObjects, objectWord, renameObject } from './object.ts';
import { namedIn, queryDefinition, useOf, usesIn } from './query.ts';
import { createRoutine, createTrigger } from './routine.ts';
import { writeRows } from './rows.ts';
import { selectInto } from './select-into.ts';
import { alterTable, createTable } from './table.ts';
import { plainName, WITHOUT_EFFECT } from './without-effect.ts';

type Understood = Pick<Statement, 'operations' | 'uses' | 'calls' | 'notModelled'>;

/** What one parsed statement says. */
export function understand(reading: Reading, node: Node): Understood {
  const rows = writeRows(reading, node);
  if (rows) return { ...rows, calls: namedIn(node).calls };
  const table = understandTable(reading, node);
  if (table) return table;
  const body = createObject(reading, node);
  if (body) return one(reading, body);
  return understandOther(reading, node);
}

function one(
  reading: Reading,
  body: OperationBody & { readonly tolerant?: boolean },
  uses: readonly TableUse[] = [],
): Understood {
  return { operations: [{ ...body, span: reading.whole }], uses, calls: [] };
}

function without(reading: Reading, what: string): Understood {
  return one(reading, { kind: 'no-effect', what });
}

function notModelled(reason: string, uses: readonly TableUse[] = []): Understood {
  return { operations: [], uses, calls: [], notModelled: reason };
}

/** Tables, indexes, views, renames and drops. */
function understandTable(reading: Reading, node: Node): Understood | undefined {
  if ('CreateStmt' in node) {
    const own = node.CreateStmt.relation?.location ?? -1;
    const others = namedIn(node).tables.filter((table) => table.at !== own);
    const uses = others.map((table) => useOf(reading, table, table.at, 'ddl'));
    return { operations: [createTable(reading, node.CreateStmt)], uses, calls: [] };
  }
  if ('AlterTableStmt' in node) return understandAlter(reading, node.AlterTableStmt);
  if ('IndexStmt' in node)
    return {
      operations: [createIndex(reading, node.IndexStmt)],
      uses: usesIn(reading, node.IndexStmt.relation, 'ddl'),
      calls: [],
    };
  if ('DropStmt' in node) {
    const dropped = dropObjects(node.DropStmt);
    if (typeof dropped === 'string') return notModelled(dropped);
    return { operations: dropped.map((body) => ({ ...body, span: reading.whole })), uses: [], calls: [] };
  }
  if ('RenameStmt' in node) {
    const renamed = renameObject(node.RenameStmt);
    return typeof renamed === 'string' ? notModelled(renamed) : one(reading, renamed);
  }
  if ('ViewStmt' in node) {
    const { view, query, replace, aliases } = node.ViewStmt;
    const text = afterWord(reading, 'as', 0, reading.text.length) ?? '';
    const definition = queryDefinition(text, query, (aliases ?? []).map(stringOf));
    const body = {
      kind: 'create-view',
      view: tableOf(view),
      materialized: false,
      replace: replace === true,
      query: definition,
    } as const;
    return { ...one(reading, body, usesIn(reading, query, 'read')), calls: namedIn(query).calls };
  }
  if ('CreateTableAsStmt' in node) return understandAs(reading, node.CreateTableAsStmt);
  return undefined;
}

function understandAlter(
  reading: Reading,
  node: Extract<Node, { AlterTableStmt: unknown }>['AlterTableStmt'],
): Understood {
  const kind = node.objtype;
  if (kind === 'OBJECT_INDEX') return understandAlterIndex(reading, node);
  if (kind !== 'OBJECT_TABLE') return without(reading, `ALTER ${objectWord(kind)}`);
  const { operations, unknown } = alterTable(reading, node);
  const uses = usesIn(reading, node, 'ddl');
  const reason = unknown.length > 0 ? `ALTER TABLE … ${unknown.join(', ')}` : undefined;
  return { operations, uses, calls: [], ...(reason ? { notModelled: reason } : {}) };
}

function understandAlterIndex(
  reading: Reading,
  node: Extract<Node, { AlterTableStmt: unknown }>['AlterTableStmt'],
): Understood {
  const [command] = node.cmds ?? [];
  const definition = command && 'AlterTableCmd' in command ? command.AlterTableCmd : undefined;
  if (definition?.subtype !== 'AT_AttachPartition') return without(reading, 'ALTER INDEX');
  const child =
    definition.def && 'PartitionCmd' in definition.def
      ? tableOf(definition.def.PartitionCmd.name)
      : { name: '' };
  return one(reading, { kind: 'attach-index', index: tableOf(node.relation), child });
}

function understandAs(
  reading: Reading,
  node: Extract<Node, { CreateTableAsStmt: unknown }>['CreateTableAsStmt'],
): Understood {
  const text = afterWord(reading, 'as', 0, reading.text.length) ?? '';
  return madeFrom(reading, node, text);
}

/** A table or materialized view that is made of a query, whose text is given. */
function madeFrom(
  reading: Reading,
  node: Pick<CreateTableAsStmt, 'into' | 'query' | 'objtype' | 'if_not_exists'>,
  text: string,
): Understood {
  const name = tableOf(node.into?.rel);
  const tolerant = node.if_not_exists ? { tolerant: true } : {};
  const query = queryDefinition(text, node.query, (node.into?.colNames ?? []).map(stringOf));
  const uses = usesIn(reading, node.query, 'read');
  const calls = namedIn(node.query).calls;
  if (node.objtype === 'OBJECT_MATVIEW')
    return {
      ...one(
        reading,
        { kind: 'create-view', view: name, materialized: true, replace: false, query, ...tolerant },
        uses,
      ),
      calls,
    };
  const temporary = node.into?.rel?.relpersistence === 't' ? { temporary: true } : {};
  return {
    ...one(
      reading,
      {
        kind: 'create-table',
        table: name,
        columns: [],
        constraints: [],
        asQuery: query,
        ...temporary,
        ...tolerant,
      },
      uses,
    ),
    calls,
  };
}

const TRANSACTION = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback to',
} as const;

/** Routines, triggers, sessions, and what has no effect on the schema as modelled. */
function understandOther(reading: Reading, node: Node): Understood {
  if ('SelectStmt' in node) {
    const made = selectInto(reading, node.SelectStmt);
    if (made) return madeFrom(reading, made, made.text);
    const { calls } = namedIn(node);
    const path = calls.some((call) => call.endsWith('set_config')) ? searchPathSet(reading.text) : undefined;
    if (path) return one(reading, { kind: 'set-search-path', schemas: path, local: false });
    return { ...one(reading, { kind: 'read-rows' }, usesIn(reading, node, 'read')), calls };
  }
  if ('CreateFunctionStmt' in node) return one(reading, createRoutine(node.CreateFunctionStmt, reading.text));
  if ('CreateTrigStmt' in node)
    return one(
      reading,
      createTrigger(node.CreateTrigStmt),
      usesIn(reading, node.CreateTrigStmt.relation, 'ddl'),
    );
  if ('DoStmt' in node) return understandDo(reading, node.DoStmt);
  if ('TransactionStmt' in node) {
    const verb = TRANSACTION[node.TransactionStmt.kind as keyof typeof TRANSACTION];
    return verb ? one(reading, { kind: 'transaction', verb }) : without(reading, 'two-phase commit');
  }
  if ('VariableSetStmt' in node) {
    const { name, args, is_local } = node.VariableSetStmt;
    if (name !== 'search_path') return without(reading, 'SET');
    const schemas = (args ?? []).flatMap((arg) => ('A_Const' in arg ? (arg.A_Const.sval?.sval ?? []) : []));
    return one(reading, {
      kind: 'set-search-path',
      schemas: args ? schemas.filter(Boolean) : ['public'],
      local: is_local === true,
    });
  }
  if ('AlterObjectSchemaStmt' in node) {
    const { objectType, relation, newschema, missing_ok } = node.AlterObjectSchemaStmt;
    if (objectType !== 'OBJECT_TABLE') return notModelled(`ALTER ${objectWord(objectType)} SET SCHEMA`);
    return one(reading, {
      kind: 'set-table-schema',
      table: tableOf(relation),
      to: newschema ?? '',
      ...(missing_ok ? { tableTolerant: true } : {}),
    });
  }
  if ('RefreshMatViewStmt' in node) {
    const { relation, concurrent } = node.RefreshMatViewStmt;
    return one(reading, { kind: 'refresh-view', view: tableOf(relation), concurrently: concurrent === true });
  }
  if ('DefineStmt' in node && node.DefineStmt.kind === 'OBJECT_AGGREGATE') {
    const name = stringsOf(node.DefineStmt.defnames);
    const body = {
      kind: 'create-function',
      routine: 'aggregate',
      language: 'aggregate',
      body: '',
      returns: '?',
      arguments: [],
    } as const;
    return one(reading, {
      ...body,
      function: { name: name.at(-1) ?? '' },
      replace: node.DefineStmt.replace === true,
    });
  }
  const [kind = ''] = Object.keys(node);
  const what = WITHOUT_EFFECT[kind];
  return what ? without(reading, what) : notModelled(plainName(kind));
}

/** The schemas that `set_config('search_path', '…', …)` names. */
function searchPathSet(text: string): readonly string[] | undefined {
  const match = /set_config\s*\(\s*'search_path'\s*,\s*'([^']*)'/i.exec(text);
  return match?.[1]
    ?.split(',')
    .map((part) => part.trim().replaceAll('"', ''))
    .filter(Boolean);
}

/** DO blocks of straight-line statements count as those statements. */
function understandDo(reading: Reading, node: { readonly args?: readonly Node[] }): Understood {
  const options = new Map(
    (node.args ?? []).flatMap((arg) => ('DefElem' in arg ? [[arg.DefElem.defname, arg.DefElem.arg]] : [])),
  );
  const language = stringOf(options.get('language')) || 'plpgsql';
  if (language !== 'plpgsql') return notModelled(`DO in ${language}`);
  const block = readDoBlock(stringOf(options.get('as')));
  if (block.kind === 'unknown') return notModelled(block.reason);
  const operations: Operation[] = [];
  const uses: TableUse[] = [];
  const calls: string[] = [];
  for (const { text, swallowed } of block.statements) {
    const inner = understandInner(reading, text);
    if (typeof inner === 'string') return notModelled(inner);
    uses.push(...inner.uses.map((use) => ({ ...use, span: reading.whole })));
    calls.push(...inner.calls);
    operations.push(
      ...inner.operations.map((operation) => ({
        ...operation,
        ...(swallowed ? { swallowed } : {}),
        span: reading.whole,
      })),
    );
  }
  return { operations, uses, calls };
}

/** A statement inside a body: its own text gives its clauses, the whole statement its place. */
function understandInner(reading: Reading, text: string): Understood | string {
  try {
    const [parsed] = parseSync(text).stmts ?? [];
    if (!parsed?.stmt) return 'DO with an empty statement';
    const inner = understand(reading.inner(text), parsed.stmt);
    return inner.notModelled ?? inner;
  } catch (error) {
    return `DO with a statement that could not be read: ${(error as Error).message}`;
  }
}
