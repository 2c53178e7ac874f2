import type { IndexStmt } from 'libpg-query';
import type { IndexKey, Operation } from '../../../schema/operation.ts';
import { afterWord, firstAt, type Reading } from '../reading.ts';
import { stringsOf, tableOf } from './names.ts';
import { columnsIn } from './query.ts';

/** CREATE INDEX. */
export function createIndex(reading: Reading, node: IndexStmt): Operation {
  const texts = keyTexts(reading, node.relation?.location ?? 0);
  const keys = (node.indexParams ?? []).flatMap((one, i): IndexKey[] => {
    if (!('IndexElem' in one)) return [];
    const { name, expr, opclass, ordering } = one.IndexElem;
    const order = ordering === 'SORTBY_DESC' ? { descending: true } : {};
    const operatorClass = opclass ? { operatorClass: stringsOf(opclass).join('.') } : {};
    if (name) return [{ column: name, ...order, ...operatorClass }];
    return [{ expression: texts[i] ?? '?', expressionColumns: columnsIn(expr), ...order, ...operatorClass }];
  });
  const where = node.whereClause ? afterWord(reading, 'where', 0, reading.text.length) : undefined;
  return {
    kind: 'create-index',
    table: tableOf(node.relation),
    ...(node.idxname ? { name: node.idxname } : {}),
    keys,
    include: (node.indexIncludingParams ?? []).flatMap((one) =>
      'IndexElem' in one ? (one.IndexElem.name ?? []) : [],
    ),
    method: node.accessMethod ?? 'btree',
    unique: node.unique === true,
    ...(node.nulls_not_distinct ? { nullsNotDistinct: true } : {}),
    ...(where ? { predicate: where, predicateColumns: columnsIn(node.whereClause) } : {}),
    concurrently: node.concurrent === true,
    only: node.relation?.inh !== true,
    ...(node.if_not_exists ? { tolerant: true } : {}),
    span: reading.whole,
  };
}

/** The texts between the commas of the first brackets after the table's name. */
function keyTexts(reading: Reading, tableAt: number): readonly string[] {
  const tokens = reading.tokens();
  const texts: string[] = [];
  let depth = 0;
  let from = -1;
  for (let i = firstAt(tokens, reading.offset(tableAt)); i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    const sign = token.kind === 'sign' ? reading.text.charAt(token.start) : '';
    if (sign === '(' && depth++ === 0) from = token.end;
    else if ((sign === ')' && --depth === 0) || (sign === ',' && depth === 1)) {
      texts.push(reading.text.slice(from, token.start).trim());
      from = token.end;
      if (depth === 0) break;
    }
  }
  return texts;
}
