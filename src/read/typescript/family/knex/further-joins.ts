import type { CallChain, Link } from '../../call-chain.ts';
import { queryNode, unwrapped } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import { mentions } from '../../mentions.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import type { Modules } from '../../trail.ts';
import { JOIN, readLinks } from './builder.ts';
import type { Building } from './building.ts';

/**
 * The tables that are joined to a builder which comes from elsewhere: `query.leftJoin('tags', 'tags.id', 'p.tag_id')` of a
 * parameter, a field, or what a method gives. `read` are the steps that are told with their own query.
 */
export function furtherJoins(
  module: CodeModule,
  modules: Modules,
  named: (chain: CallChain) => ReadonlySet<string>,
  read: ReadonlySet<Link>,
): readonly FoundQuery[] {
  const isKnex = mentions(module, /knex/i);
  if (!isKnex && mentions(module, /^(kysely|selectFrom|insertInto|updateTable|deleteFrom)$/)) return [];
  return module.chains.flatMap((chain): readonly FoundQuery[] => {
    const isJoined = chain.links.some((link) => !read.has(link) && isJoin(module, link, modules));
    if (
      !isJoined ||
      chain.links.some(({ name }) =>
        /^(selectFrom|updateTable|deleteFrom|insertInto|createQueryBuilder)$/.test(name ?? ''),
      )
    )
      return [];
    const building: Building = {
      module,
      modules,
      named: named(chain),
      tables: [],
      scope: [],
      columns: [],
      complete: false,
      hasLimit: false,
    };
    readLinks(building, chain.links);
    const { tables, columns, hasLimit } = building;
    if (tables.length === 0) return [];
    return [
      {
        node: queryNode(chain),
        tables,
        columns,
        columnsComplete: false,
        hasLimit,
        guessed: !isKnex,
      },
    ];
  });
}

/** A table by its text, and what it is joined by: a column of a table, a callback, an object. */
function isJoin(module: CodeModule, { name, args }: Link, modules: Modules): boolean {
  const [first, second] = args ?? [];
  if (!JOIN.test(name ?? '') || !first || !second) return false;
  if (textOf(module, first, modules).text === undefined) return false;
  const node = unwrapped(second);
  if (isFunction(node) || node.type === 'ObjectExpression') return true;
  return textOf(module, node, modules).text?.includes('.') ?? false;
}
