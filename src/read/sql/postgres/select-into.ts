import type { IntoClause, Node, SelectStmt } from 'libpg-query';
import type { Reading } from '../reading.ts';

/** `SELECT id INTO TEMP kept FROM orders`: the table that it makes, and the query without that clause. */
export interface SelectInto {
  readonly into: IntoClause;
  readonly query: Node;
  readonly text: string;
}

/** Takes a query that makes a table apart; undefined for any other. */
export function selectInto(reading: Reading, { intoClause, ...select }: SelectStmt): SelectInto | undefined {
  if (!intoClause?.rel) return undefined;
  const { text } = reading;
  const tokens = reading.tokens();
  const at = reading.offset(intoClause.rel.location ?? 0);
  const name = tokens.findIndex(({ start }) => start === at);
  const word = (index: number) => text.slice(tokens[index]?.start, tokens[index]?.end);
  let from = name;
  while (from > 0 && word(from).toLowerCase() !== 'into') from--;
  let to = name;
  while (word(to + 1) === '.') to += 2;
  const kept = text.slice(0, tokens[from]?.start) + text.slice(tokens[to]?.end ?? text.length);
  return { into: intoClause, query: { SelectStmt: select }, text: kept };
}
