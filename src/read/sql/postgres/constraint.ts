import type { Constraint as ConstraintNode, Node } from 'libpg-query';
import type { ConstraintDefinition } from '../../../schema/operation.ts';
import type { ReferentialAction } from '../../../schema/schema.ts';
import { afterWord, clauseEnd, inBrackets, type Reading } from '../reading.ts';
import { stringsOf, tableOf } from './names.ts';
import { columnsIn } from './query.ts';

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

/**
 * A key, CHECK, foreign key or exclusion constraint; undefined for the other marks that the grammar calls constraints.
 * `column` is set for one that is written on a column, `end` is where its text ends.
 */
export function constraintOf(
  reading: Reading,
  node: ConstraintNode,
  column?: string,
  end?: number,
): ConstraintDefinition | undefined {
  const start = reading.offset(node.location ?? 0);
  const stop = end ?? clauseEnd(reading, start);
  const base = {
    ...(node.conname ? { name: node.conname } : {}),
    ...(node.deferrable ? { deferrable: true } : {}),
    span: reading.span(start, stop),
  };
  const own = column === undefined ? [] : [column];
  switch (node.contype) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE': {
      const keys = stringsOf(node.keys);
      return {
        ...base,
        kind: node.contype === 'CONSTR_PRIMARY' ? 'primary key' : 'unique',
        columns: keys.length > 0 ? keys : own,
        ...(node.nulls_not_distinct ? { nullsNotDistinct: true } : {}),
        ...(node.indexname ? { usingIndex: node.indexname } : {}),
        ...(node.including ? { include: stringsOf(node.including) } : {}),
      };
    }
    case 'CONSTR_FOREIGN': {
      const columns = stringsOf(node.fk_attrs);
      return {
        ...base,
        kind: 'foreign key',
        columns: columns.length > 0 ? columns : own,
        refTable: tableOf(node.pktable),
        refColumns: stringsOf(node.pk_attrs),
        onDelete: ACTIONS[node.fk_del_action ?? 'a'] ?? 'no action',
        onUpdate: ACTIONS[node.fk_upd_action ?? 'a'] ?? 'no action',
        notValid: node.skip_validation === true,
      };
    }
    case 'CONSTR_CHECK': {
      const expression = inBrackets(reading, start, stop);
      return {
        ...base,
        kind: 'check',
        columns: columnsIn(node.raw_expr),
        expression,
        notValid: node.skip_validation === true,
      };
    }
    case 'CONSTR_EXCLUSION': {
      const method = node.access_method ?? 'gist';
      return {
        ...base,
        kind: 'exclude',
        columns: columnsIn(node.exclusions),
        expression: inBrackets(reading, start, stop),
        method,
        ...(node.where_clause ? { predicate: exclusionPredicate(reading, start, stop) } : {}),
      };
    }
    default:
      return undefined;
  }
}

function exclusionPredicate(reading: Reading, start: number, stop: number): string {
  const text = afterWord(reading, 'where', start, stop) ?? '';
  return text.replace(/^\(([\s\S]*)\)$/, '$1').trim();
}

/** The expression of DEFAULT or GENERATED as text. */
export function expressionAfter(
  reading: Reading,
  node: ConstraintNode,
  word: 'default' | 'as',
  end: number,
): string {
  const start = reading.offset(node.location ?? 0);
  if (word === 'as') return inBrackets(reading, start, end);
  return (
    afterWord(reading, 'default', start, end) ??
    reading.text
      .slice(start, end)
      .replace(/^default\s+/i, '')
      .trim()
  );
}

/** The Constraint inside a node. */
export function constraintNode(node: Node | undefined): ConstraintNode | undefined {
  return node && 'Constraint' in node ? node.Constraint : undefined;
}
