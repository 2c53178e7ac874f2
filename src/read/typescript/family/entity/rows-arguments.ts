import type { Argument, Node } from 'oxc-parser';
import { unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { startTrail } from '../../trail.ts';
import { keysOf } from '../object-keys.ts';
import { noteFilter, readKeys, readOptions, readRelations, readWhere } from './conditions.ts';
import { type Entity, type EntityReading, toColumn } from './entity.ts';
import type { Method, RowsApi } from './rows-call.ts';

/** Reads what a method of rows is given, each argument by its place. */
export function readArguments(
  reading: EntityReading,
  module: CodeModule,
  args: readonly Argument[],
  { slots }: Method,
  entity: Entity,
  api: RowsApi,
): void {
  slots.forEach((slot, index) => {
    const argument = args[index];
    if (!argument) return;
    if (argument.type === 'SpreadElement') reading.complete = false;
    else if (slot === 'where') {
      readWhere(reading, module, argument, entity);
      noteFilter(reading, module, argument);
    } else if (slot === 'options')
      readFindOptions(reading, module, argument, entity, api.options ?? readOptions);
    else if (slot === 'key') readKeyAlone(reading, module, argument, entity);
    else if (slot === 'rows') readKeys(reading, module, argument, entity, 'write');
    else if (slot === 'relations') readRelations(reading, module, argument, entity);
    else if (slot === 'conflict') readConflict(reading, module, argument, entity);
    else if (slot === 'property') readProperty(reading, module, argument, entity);
    else if (slot === 'row') reading.complete = false;
  });
}

/** `findOne(id)` of old: a key in the place of options. */
function readFindOptions(
  reading: EntityReading,
  module: CodeModule,
  argument: Node,
  entity: Entity,
  read: typeof readOptions,
): void {
  const traced = trace(module, argument, startTrail(reading.modules));
  const isObject = traced.kind === 'node' && !/^(Literal|TemplateLiteral)$/.test(traced.node.type);
  if (
    isObject ||
    traced.kind === 'unknown' ||
    (traced.kind === 'parameter' && !/Keyword$/.test(traced.type?.type ?? ''))
  )
    readGiven(reading, module, argument, entity, read);
  else {
    readWhere(reading, module, argument, entity);
    reading.hasFilter = true;
  }
}

/** Options that are put together elsewhere may hold a condition. */
function readGiven(
  reading: EntityReading,
  module: CodeModule,
  options: Node,
  entity: Entity,
  read: typeof readOptions,
): void {
  const { keys, complete } = keysOf(module, options, reading.modules);
  if (!complete || keys.some(({ name }) => name === 'truncate')) reading.hasFilter = undefined;
  read(reading, module, options, entity);
}

/** `findByPk(id)` asks by the primary key. */
function readKeyAlone(reading: EntityReading, module: CodeModule, argument: Node, entity: Entity): void {
  reading.columns.push(toColumn(entity, 'id', 'filter', module.span(argument)));
}

/** `['email']`, `{ conflictPaths: ['email'] }`, `{ onConflictFields: ['email'] }`. */
function readConflict(reading: EntityReading, module: CodeModule, argument: Node, entity: Entity): void {
  const node = unwrapped(argument);
  if (node.type === 'ArrayExpression') {
    for (const one of node.elements)
      if (one && one.type !== 'SpreadElement') readProperty(reading, module, one, entity, 'conflict');
    return;
  }
  if (node.type !== 'ObjectExpression') {
    reading.complete = false;
    return;
  }
  for (const property of node.properties) {
    if (property.type === 'SpreadElement' || property.key.type !== 'Identifier') continue;
    const { value, key } = property;
    if (
      /^(conflictPaths|onConflictFields|conflictFields|conflictAttributes|updateOnDuplicate)$/.test(key.name)
    ) {
      if (value.type === 'ObjectExpression') readKeys(reading, module, value, entity, 'conflict');
      else readConflict(reading, module, value, entity);
    }
  }
}

function readProperty(
  reading: EntityReading,
  module: CodeModule,
  argument: Node,
  entity: Entity,
  role: 'conflict' | 'write' = 'write',
): void {
  const text = textOf(module, argument, reading.modules).text;
  if (text === undefined) reading.complete = false;
  else reading.columns.push(toColumn(entity, text, role, module.span(argument)));
}
