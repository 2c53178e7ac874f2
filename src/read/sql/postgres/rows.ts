import type { Node } from 'libpg-query';
import type { Operation } from '../../../schema/operation.ts';
import type { TableUse } from '../../source.ts';
import type { Reading } from '../reading.ts';
import { literalsOf } from './literals.ts';
import { stringOf, tableOf } from './names.ts';
import { namedIn, useOf, usesIn } from './query.ts';

/** What INSERT, UPDATE, DELETE, MERGE, TRUNCATE and COPY do. */
export interface RowsRead {
  readonly operations: readonly Operation[];
  readonly uses: readonly TableUse[];
}

/** Statements that write rows; undefined for others. */
export function writeRows(reading: Reading, node: Node): RowsRead | undefined {
  const span = reading.whole;
  if ('InsertStmt' in node) {
    const { relation, cols } = node.InsertStmt;
    return written(reading, node, 'insert', relation, {
      kind: 'write-rows',
      verb: 'insert',
      literals: literalsOf(node),
      table: tableOf(relation),
      columns: targets(cols),
      hasWhere: false,
      span,
    });
  }
  if ('UpdateStmt' in node) {
    const { relation, targetList, whereClause } = node.UpdateStmt;
    return written(reading, node, 'update', relation, {
      kind: 'write-rows',
      verb: 'update',
      literals: literalsOf(node),
      table: tableOf(relation),
      columns: targets(targetList),
      hasWhere: whereClause !== undefined,
      span,
    });
  }
  if ('DeleteStmt' in node) {
    const { relation, whereClause } = node.DeleteStmt;
    return written(reading, node, 'delete', relation, {
      kind: 'write-rows',
      verb: 'delete',
      literals: literalsOf(node),
      table: tableOf(relation),
      columns: [],
      hasWhere: whereClause !== undefined,
      span,
    });
  }
  if ('MergeStmt' in node) {
    const { relation } = node.MergeStmt;
    return written(reading, node, 'update', relation, {
      kind: 'write-rows',
      verb: 'merge',
      table: tableOf(relation),
      columns: [],
      hasWhere: true,
      span,
    });
  }
  if ('TruncateStmt' in node) {
    const tables = (node.TruncateStmt.relations ?? []).flatMap((one) =>
      'RangeVar' in one ? [tableOf(one.RangeVar)] : [],
    );
    const operations = tables.map(
      (table): Operation => ({
        kind: 'write-rows',
        verb: 'truncate',
        table,
        columns: [],
        hasWhere: false,
        ...(node.TruncateStmt.behavior === 'DROP_CASCADE' ? { cascade: true } : {}),
        ...(tables.length > 1 ? { alongWith: tables } : {}),
        span,
      }),
    );
    return { operations, uses: usesIn(reading, node, 'delete') };
  }
  if ('CopyStmt' in node) {
    const { relation, is_from, attlist } = node.CopyStmt;
    if (!relation || !is_from)
      return { operations: [{ kind: 'read-rows', span }], uses: usesIn(reading, node, 'read') };
    return written(reading, node, 'insert', relation, {
      kind: 'write-rows',
      verb: 'copy',
      table: tableOf(relation),
      columns: (attlist ?? []).map(stringOf),
      hasWhere: false,
      span,
    });
  }
  return undefined;
}

function targets(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((one) => ('ResTarget' in one ? (one.ResTarget.name ?? []) : []));
}

/** The target is written, every other table that the statement names is read. */
function written(
  reading: Reading,
  node: Node,
  op: 'insert' | 'update' | 'delete',
  target: { readonly location?: number } | undefined,
  operation: Operation,
): RowsRead {
  const at = target?.location ?? 0;
  const uses = namedIn(node).tables.map((table) =>
    useOf(reading, table, table.at, table.at === at ? op : 'read'),
  );
  return { operations: [operation], uses };
}
