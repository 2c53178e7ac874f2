import type { Family } from '../../family.ts';
import { queriesOfChain } from './queries.ts';

/** Prisma's client: models as the schemas of the tree declare them, `prisma.user.findMany({ where, include })`. */
export const prisma: Family = {
  name: 'prisma',
  gate: /\b(?:findUnique|findFirst|findMany|createMany|updateMany|deleteMany|upsert)\w*\s*[<(]|\.\s*\w+\s*[!?]?\.\s*(?:create|update|delete|count|aggregate|groupBy|findRaw|aggregateRaw)\s*[<(]/,
  onlyWith: '.prisma',
  readsSql: false,
  read: (module, modules) => ({
    queries: module.chains.flatMap((chain) => queriesOfChain(module, chain, modules)),
    models: [],
  }),
};
