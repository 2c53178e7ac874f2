import type { IndexElem, IndexStmt } from 'libpg-query';
import type { IndexKey, Operation } from '../../../schema/operation.ts';
import { afterWord, firstAt, type Reading } from '../reading.ts';
import { stringsOf, tableOf } from './names.ts';
import { columnsIn } from './query.ts';

/** CREATE INDEX. */
export function createIndex(reading: Reading, node: IndexStmt): Operation {
  const texts = keyTexts(reading, node.relation?.location ?? 0);
  const keys = (node.indexParams ?? []).flatMap((one, i): IndexKey[] => {
    if (!('IndexElem' in one)) return [];
    const { name, expr, opclass } = one.IndexElem;
    const written = {
      ...(opclass ? { operatorClass: stringsOf(opclass).join('.') } : {}),
      ...collationOf(one.IndexElem),
      ...orderOf(one.IndexElem),
    };
    if (name) return [{ column: name, ...written }];
    return [{ expression: texts[i] ?? '?', expressionColumns: columnsIn(expr), ...written }];
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

function collationOf({ collation }: IndexElem): Pick<IndexKey, 'collation'> {
  if (!collation) return {};
  return {
    collation: stringsOf(collation)
      .map((word) => `"${word.replaceAll('"', '""')}"`)
      .join('.'),
  };
}

/** Only what differs from the engine's own order: ascending with NULLs last, descending with NULLs first. */
function orderOf({ ordering, nulls_ordering: nulls }: IndexElem): Pick<IndexKey, 'order'> {
  const isDescending = ordering === 'SORTBY_DESC';
  const words = [
    ...(isDescending ? ['DESC'] : []),
    ...(!isDescending && nulls === 'SORTBY_NULLS_FIRST' ? ['NULLS FIRST'] : []),
    ...(isDescending && nulls === 'SORTBY_NULLS_LAST' ? ['NULLS LAST'] : []),
  ];
  return words.length > 0 ? { order: words.join(' ') } : {};
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
