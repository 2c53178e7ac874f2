import type { Family } from '../../family.ts';
import { queriesOf } from './queries.ts';

/** Kysely: `db.selectFrom('person as p').innerJoin(…).where('p.id', '=', id)`, with the queries that stand inside of others. */
export const kysely: Family = {
  name: 'kysely',
  gate: /\b(?:selectFrom|insertInto|replaceInto|updateTable|deleteFrom|mergeInto)\s*[<(]/,
  readsSql: false,
  read: (module, modules) => ({ queries: queriesOf(module, modules), models: [] }),
};
