import type { Node } from 'oxc-parser';
import type { ColumnRole, QueryColumn, QueryTable } from '../../../query.ts';
import type { CallChain } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction, keyName, namesIn } from '../../scope.ts';
import type { Modules } from '../../trail.ts';
import { snakeCase } from '../naming-convention.ts';
import { columnsInExpression, type Stand, toQueryColumn } from './columns.ts';
import { comparisonOfKey } from './comparison.ts';
import { type Connection, connectionOf, definedRelation, exportedTable } from './connection.ts';
import { relationTarget } from './relations.ts';
import { columnNamed, type DrizzleTable } from './tables.ts';

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
  const connection = connectionOf(module, chain, at - 2, modules);
  const table = connection && exportedTable(connection.schema, key.name, modules);
  const span = module.span(key.nameNode);
  const [options] = find.args ?? [];
  const tables: QueryTable[] = [
    table
      ? { table: table.table, op: 'read', span, resolvedBy: 'import', declaredIn: table.module.path }
      : { table: { name: snakeCase(key.name) }, op: 'read', span, resolvedBy: 'convention' },
  ];
  const reading: Reading = {
    module,
    modules,
    connection,
    tables,
    columns: [],
    complete: table !== undefined,
  };
  if (table && options) readOptions(reading, options, { key: key.name, table });
  const hasLimit = find.name === 'findFirst' || hasKey(options, 'limit');
  const { columns, complete: columnsComplete } = reading;
  const hasFilter = hasKey(options, 'where') || (columnsComplete ? false : undefined);
  return [{ node: find.node, tables, columns, columnsComplete, hasLimit, hasFilter }];
}

interface Reading {
  readonly module: CodeModule;
  readonly modules: Modules;
  readonly connection: Connection | undefined;
  readonly tables: QueryTable[];
  readonly columns: QueryColumn[];
  complete: boolean;
}

/** A table and the key by which the connection knows it. */
interface Keyed {
  readonly key: string;
  readonly table: DrizzleTable;
}

function hasKey(options: Node | undefined, name: string): boolean {
  return (
    options?.type === 'ObjectExpression' &&
    options.properties.some((one) => one.type !== 'SpreadElement' && keyName(one.key, one.computed) === name)
  );
}

function readOptions(reading: Reading, options: Node, of: Keyed): void {
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
    if (key === 'where') readPart(reading, property.value, 'filter', of);
    else if (key === 'orderBy') readPart(reading, property.value, 'order', of);
    else if (key === 'columns') readKeys(reading, property.value, 'select', of);
    else if (key === 'with') readWith(reading, property.value, of);
  }
}

/** A condition as an expression, as `(table, operators) => …`, or as an object of columns. */
function readPart(reading: Reading, value: Node, role: ColumnRole, of: Keyed): void {
  if (value.type === 'ObjectExpression') {
    readKeys(reading, value, role, of);
    return;
  }
  const [first] = isFunction(value) ? value.params : [];
  const stand: Stand = new Map(
    first ? namesIn(first).flatMap(({ name, path }) => (path?.length === 0 ? [[name, of.table]] : [])) : [],
  );
  const inner = isFunction(value) ? (value.body ?? value) : value;
  const read = columnsInExpression(reading.module, inner, role, reading.modules, stand);
  reading.columns.push(...read.columns);
  reading.complete &&= read.complete;
}

function readKeys(reading: Reading, value: Node, role: ColumnRole, of: Keyed): void {
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
      for (const part of parts) if (part && part.type !== 'SpreadElement') readKeys(reading, part, role, of);
      continue;
    }
    const column = key === undefined ? undefined : columnNamed(of.table, key, reading.modules);
    if (key === 'RAW') readPart(reading, property.value, role, of);
    if (!column) {
      const related =
        key !== undefined && role === 'filter' ? relationOf(reading, of, key, property.key) : undefined;
      if (related && property.value.type === 'ObjectExpression')
        readKeys(reading, property.value, role, related);
      continue;
    }
    const how = role === 'filter' ? comparisonOfKey(reading.module, property.value, reading.modules) : {};
    reading.columns.push(toQueryColumn(column, role, reading.module, property.key, how));
  }
}

/** The tables that come along: each key is a relation of the table. */
function readWith(reading: Reading, value: Node, of: Keyed): void {
  if (value.type !== 'ObjectExpression') {
    reading.complete = false;
    return;
  }
  for (const property of value.properties) {
    if (property.type === 'SpreadElement') {
      reading.complete = false;
      continue;
    }
    const key = keyName(property.key, property.computed) ?? '';
    const target = relationOf(reading, of, key, property.key);
    if (!target) {
      const whyUnresolved = `the relation ${key} is not known`;
      const span = reading.module.span(property.key);
      reading.tables.push({ whyUnresolved, op: 'read', span, resolvedBy: 'import' });
    } else if (property.value.type === 'ObjectExpression') readOptions(reading, property.value, target);
  }
}

/** The table that a relation leads to, which the query then reads, with the one between the two. */
function relationOf(reading: Reading, of: Keyed, name: string, written: Node): Keyed | undefined {
  const { modules, connection, module, tables } = reading;
  const lead = connection && definedRelation(connection, of.key, name, modules);
  const led = (key: string) => connection && exportedTable(connection.schema, key, modules);
  const table = lead ? led(lead.key) : relationTarget(of.table, name, modules);
  const between = lead?.through === undefined ? undefined : led(lead.through);
  for (const one of [between, table])
    if (one) {
      const declaredIn = one.module.path;
      tables.push({
        table: one.table,
        op: 'read',
        span: module.span(written),
        resolvedBy: 'import',
        declaredIn,
      });
    }
  return table && { key: lead?.key ?? name, table };
}
