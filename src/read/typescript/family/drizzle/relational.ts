import type { Node } from 'oxc-parser';
import type { ColumnRole, QueryColumn, QueryTable } from '../../../query.ts';
import type { CallChain } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction, keyName, namesIn } from '../../scope.ts';
import { trace, traceExport } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import { columnsInExpression, type Stand, toQueryColumn } from './columns.ts';
import { comparisonOfKey } from './comparison.ts';
import { relationTarget } from './relations.ts';
import { columnNamed, type DrizzleTable, tableOf } from './tables.ts';

/** `db.query.users.findMany({ where, orderBy, with })`: the table by the key under which the schema exports it. */
export function relationalQueries(
  module: CodeModule,
  chain: CallChain,
  modules: Modules,
): readonly FoundQuery[] {
  const { links } = chain;
  const at = links.findIndex(
    (link, index) =>
      /^find(Many|First)$/.test(link.name ?? '') && link.args && links[index - 2]?.name === 'query',
  );
  const [find, key] = [links[at], links[at - 1]];
  if (!find || key?.name === undefined || key.args || !key.nameNode) return [];
  const schema = schemaOf(module, chain, at - 2, modules);
  const table = schema && exportedTable(schema, key.name, modules);
  const span = module.span(key.nameNode);
  const [options] = find.args ?? [];
  const tables: QueryTable[] = [
    table
      ? { table: table.table, op: 'read', span, resolvedBy: 'import', declaredIn: table.module.path }
      : { table: { name: snakeCase(key.name) }, op: 'read', span, resolvedBy: 'convention' },
  ];
  const reading: Reading = { module, modules, tables, columns: [], complete: table !== undefined };
  if (table && options) readOptions(reading, options, table);
  const hasLimit = find.name === 'findFirst' || hasKey(options, 'limit');
  const { columns, complete: columnsComplete } = reading;
  const hasFilter = hasKey(options, 'where') || (columnsComplete ? false : undefined);
  return [{ node: find.node, tables, columns, columnsComplete, hasLimit, hasFilter }];
}

function snakeCase(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();
}

/** The schema that the connection was opened with: `drizzle(client, { schema })`. */
function schemaOf(
  module: CodeModule,
  chain: CallChain,
  queryAt: number,
  modules: Modules,
): Traced | undefined {
  const connection = chain.links[queryAt - 1]?.node ?? chain.root;
  const traced = trace(module, connection, startTrail(modules));
  if (traced.kind !== 'node' || traced.node.type !== 'CallExpression') return undefined;
  for (const argument of traced.node.arguments) {
    if (argument.type === 'SpreadElement') continue;
    const options = trace(traced.module, argument, startTrail(modules));
    if (options.kind !== 'node' || options.node.type !== 'ObjectExpression') continue;
    for (const property of options.node.properties)
      if (property.type !== 'SpreadElement' && keyName(property.key, property.computed) === 'schema')
        return trace(options.module, property.value, startTrail(modules));
  }
  return undefined;
}

function exportedTable(schema: Traced, key: string, modules: Modules): DrizzleTable | undefined {
  const found =
    schema.kind === 'module'
      ? traceExport(schema.module, key, startTrail(modules))
      : memberOf(schema, key, modules);
  return found?.kind === 'node' ? tableOf(found, modules) : undefined;
}

/** A member of `{ users, ...auth }`. */
function memberOf(schema: Traced, key: string, modules: Modules): Traced | undefined {
  if (schema.kind !== 'node' || schema.node.type !== 'ObjectExpression') return undefined;
  for (const property of schema.node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = trace(schema.module, property.argument, startTrail(modules));
      const found =
        spread.kind === 'module'
          ? traceExport(spread.module, key, startTrail(modules))
          : memberOf(spread, key, modules);
      if (found && found.kind !== 'unknown') return found;
    } else if (keyName(property.key, property.computed) === key)
      return trace(schema.module, property.value, startTrail(modules));
  }
  return undefined;
}

interface Reading {
  readonly module: CodeModule;
  readonly modules: Modules;
  readonly tables: QueryTable[];
  readonly columns: QueryColumn[];
  complete: boolean;
}

function hasKey(options: Node | undefined, name: string): boolean {
  return (
    options?.type === 'ObjectExpression' &&
    options.properties.some((one) => one.type !== 'SpreadElement' && keyName(one.key, one.computed) === name)
  );
}

function readOptions(reading: Reading, options: Node, table: DrizzleTable): void {
  if (options.type !== 'ObjectExpression') {
    if (options.type !== 'Literal') reading.complete = false;
    return;
  }
  for (const property of options.properties) {
    if (property.type === 'SpreadElement') {
      reading.complete = false;
      continue;
    }
    const key = keyName(property.key, property.computed);
    if (key === 'where') readPart(reading, property.value, 'filter', table);
    else if (key === 'orderBy') readPart(reading, property.value, 'order', table);
    else if (key === 'columns') readKeys(reading, property.value, 'select', table);
    else if (key === 'with') readWith(reading, property.value, table);
  }
}

/** A condition as an expression, as `(table, operators) => …`, or as an object of columns. */
function readPart(reading: Reading, value: Node, role: ColumnRole, table: DrizzleTable): void {
  if (value.type === 'ObjectExpression') {
    readKeys(reading, value, role, table);
    return;
  }
  const [first] = isFunction(value) ? value.params : [];
  const stand: Stand = new Map(
    first ? namesIn(first).flatMap(({ name, path }) => (path?.length === 0 ? [[name, table]] : [])) : [],
  );
  const inner = isFunction(value) ? (value.body ?? value) : value;
  const read = columnsInExpression(reading.module, inner, role, reading.modules, stand);
  reading.columns.push(...read.columns);
  reading.complete &&= read.complete;
}

function readKeys(reading: Reading, value: Node, role: ColumnRole, table: DrizzleTable): void {
  if (value.type !== 'ObjectExpression') {
    reading.complete = false;
    return;
  }
  for (const property of value.properties) {
    if (property.type === 'SpreadElement') {
      reading.complete = false;
      continue;
    }
    const key = keyName(property.key, property.computed);
    if (key === 'AND' || key === 'OR' || key === 'NOT') {
      const parts = property.value.type === 'ArrayExpression' ? property.value.elements : [property.value];
      for (const part of parts)
        if (part && part.type !== 'SpreadElement') readKeys(reading, part, role, table);
      continue;
    }
    const column = key === undefined ? undefined : columnNamed(table, key, reading.modules);
    if (!column) continue;
    const how = role === 'filter' ? comparisonOfKey(reading.module, property.value, reading.modules) : {};
    reading.columns.push(toQueryColumn(column, role, reading.module, property.key, how));
  }
}

/** The tables that come along: each key is a relation of the table. */
function readWith(reading: Reading, value: Node, table: DrizzleTable): void {
  if (value.type !== 'ObjectExpression') {
    reading.complete = false;
    return;
  }
  for (const property of value.properties) {
    if (property.type === 'SpreadElement') {
      reading.complete = false;
      continue;
    }
    const key = keyName(property.key, property.computed);
    const target = key === undefined ? undefined : relationTarget(table, key, reading.modules);
    const span = reading.module.span(property.key);
    if (!target) {
      reading.tables.push({
        whyUnresolved: `the relation ${key ?? ''} is not known`,
        op: 'read',
        span,
        resolvedBy: 'import',
      });
      continue;
    }
    reading.tables.push({
      table: target.table,
      op: 'read',
      span,
      resolvedBy: 'import',
      declaredIn: target.module.path,
    });
    if (property.value.type === 'ObjectExpression') readOptions(reading, property.value, target);
  }
}
