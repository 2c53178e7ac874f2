import type { Argument, Node } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import { type CallChain, type Link, queryNode, unwrapped } from '../../call-chain.ts';
import type { Family, FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import type { Modules } from '../../trail.ts';
import { builderLinks } from '../builder-variable.ts';
import { readLinks } from './builder.ts';
import { addTable, type Building } from './building.ts';
import { hasCondition } from './condition.ts';
import { furtherJoins } from './further-joins.ts';

/** Steps that only Knex's builder has after a table's name. */
const STEP =
  /^((and|or)?where\w*|select|column|columns|first|pluck|insert|update|del|delete|truncate|(left|right|inner|full|cross|outer)?(Outer)?join\w*|count|countDistinct|sum|min|max|avg|orderBy\w*|groupBy\w*|having\w*|returning|distinct|distinctOn|onConflict|limit|offset|increment|decrement|with\w*|as|from|into|union|unionAll|forUpdate|columnInfo|clone|modify|transacting|withSchema)$/i;

/** Names of what a table's name is given to: `db('users')`, `this.trx('users')`, `tenantKnex('users')`. */
const CONNECTION =
  /^(\w*knex\w*|\w*trx|\w*db|tx|t|qb|conn|connection|database|transaction|client|readonly\w*)$/i;

/** Knex: `knex('users as u').join(…).where({ … })`, `.select(…).from('users')`, `.insert(…).into('users')`. */
export const knex: Family = {
  name: 'knex',
  gate: /\bknex\b|\bKnex\b|(?:[kK]nex|[dD]b|[tT]rx|\b(?:tx|conn|connection|database|transaction))\s*(?:<[^;(){}]{0,200}>)?\s*\(\s*(?:['"`{]|[A-Za-z_$][\w$.]*\s*\))[^;]{0,400}?\)\s*\.\s*(?:where|select|first|insert|update|del|delete|join|leftJoin|innerJoin|orderBy|count|onConflict|truncate|pluck|max|min|groupBy|distinct|as|from|whereIn|whereNull|returning|limit)\b|\.(?:select|del|distinct|first|max|count)\([^;]{0,2000}?\)\s*\.\s*from\(\s*(?:['"`]|[A-Z][A-Z_.]+)|\.insert\([^;]{0,2000}?\)\s*\.\s*into\(|[jJ]oin\((?<=\.\w*[jJ]oin\()\s*['"`][\w.]+(?:\s+as\s+\w+)?['"`]\s*,\s*(?:['"`]\w+\.\w|function\b|\()|\.from(?:<[^;(){}]{0,100}>)?\(\s*(?:['"`]|[A-Z][A-Z_.]+)[^;]{0,200}?\)\s*\.\s*(?:where|join|leftJoin|orderBy)\w*\(/,
  readsSql: false,
  read: (module, modules) => {
    const named = expressionsNamed(module, modules);
    const read = new Set<Link>();
    const namedAround = ({ node }: CallChain) => {
      const around = outermostFunction(module, node);
      return new Set(named.flatMap(({ name, within }) => (within === around ? [name] : [])));
    };
    const queries = module.chains.flatMap((chain) =>
      queriesOfChain(module, chain, modules, namedAround, read),
    );
    return { queries: [...queries, ...furtherJoins(module, modules, namedAround, read)], models: [] };
  },
};

/** Names of common table expressions, with the function in which they hold. */
type Named = readonly { readonly name: string; readonly within: Node | undefined }[];

function expressionsNamed(module: CodeModule, modules: Modules): Named {
  return module.chains.flatMap(({ node, links }) =>
    links.flatMap(({ name, args }) => {
      const [first] = args ?? [];
      if (
        !/^with(Recursive|Materialized|NotMaterialized|Wrapped)?$/.test(name ?? '') ||
        !first ||
        (args?.length ?? 0) < 2
      )
        return [];
      const text = textOf(module, first, modules).text;
      return text === undefined ? [] : [{ name: text, within: outermostFunction(module, node) }];
    }),
  );
}

function outermostFunction(module: CodeModule, node: Node): Node | undefined {
  let found: Node | undefined;
  for (let above = module.parentOf(node); above; above = module.parentOf(above))
    if (isFunction(above)) found = above;
  return found;
}

function queriesOfChain(
  module: CodeModule,
  chain: CallChain,
  modules: Modules,
  namedAround: (chain: CallChain) => ReadonlySet<string>,
  read: Set<Link>,
): readonly FoundQuery[] {
  const { links, complete } = builderLinks(module, chain);
  const starts = tableLinks(chain, links.slice(chain.links.length));
  if (starts.length === 0) return [];
  const building: Building = {
    module,
    modules,
    named: namedAround(chain),
    tables: [],
    scope: [],
    columns: [],
    complete,
    hasLimit: false,
  };
  const op = opOf(links);
  let found = false;
  for (const { argument, isCertain } of starts) found = addTable(building, argument, op, isCertain) || found;
  if (!found || (building.tables.length === 0 && building.scope.length === 0)) return [];
  for (const link of links) read.add(link);
  readLinks(building, withoutTables(links, starts));
  const { tables, columns, hasLimit } = building;
  if (tables.length === 0) return [];
  const guessed = !starts.some((start) => start.isLikely);
  return [
    {
      node: queryNode(chain),
      tables: withSchema(tables, links, module, modules),
      columns,
      columnsComplete: building.complete,
      hasLimit,
      hasFilter: hasCondition(building, chain, links),
      ...(guessed ? { guessed } : {}),
    },
  ];
}

interface Start {
  readonly link: Link;
  readonly argument: Argument;
  /** Whether the shape alone says that this is a builder of Knex: a table that is not known is kept. */
  readonly isCertain: boolean;
  /** Whether a known name is enough. */
  readonly isLikely: boolean;
}

/** The steps of a chain that give its table. */
function tableLinks({ root, links }: CallChain, later: readonly Link[]): readonly Start[] {
  const isKnex =
    /knex|trx/i.test(root.type === 'Identifier' ? root.name : '') ||
    links.some(({ name }) => /^(\w*knex|\w*trx)$/i.test(name ?? ''));
  if (
    links.some(({ name }) =>
      /^(schema|supabase|storage|createQueryBuilder|getRepository|selectFrom|insertInto|updateTable|deleteFrom|mergeInto)$/.test(
        name ?? '',
      ),
    )
  )
    return [];
  if (root.type === 'Identifier' && /supabase/i.test(root.name)) return [];
  return links.flatMap((link, index): readonly Start[] => {
    const [argument, second] = link.args ?? [];
    if (!argument || argument.type === 'SpreadElement') return [];
    const next = links[index + 1];
    const follows = [...links.slice(index + 1), ...later].some(
      ({ name, args }) => args && STEP.test(name ?? ''),
    );
    const called = link.name ?? (index === 0 && root.type === 'Identifier' ? root.name : undefined);
    if (/^(from|into|table)$/.test(link.name ?? '')) {
      const before = links.slice(0, index).some(({ name, args }) => args && STEP.test(name ?? ''));
      if (!(before || follows) || second) return [];
      const receiver = links[0]?.args ? '' : (links[0]?.name ?? '');
      const start = root.type === 'Identifier' ? root.name : receiver;
      const isLikely =
        isKnex ||
        (before &&
          (root.type === 'ThisExpression' ? receiver === '' || isConnection(start) : isConnection(start)));
      return isTableLike(argument)
        ? [{ link, argument, isCertain: isKnex && link.name !== 'table', isLikely }]
        : [];
    }
    if (link.name === 'batchInsert') return [{ link, argument, isCertain: true, isLikely: true }];
    if (called === undefined || second?.type === 'SpreadElement' || !isTableLike(argument)) return [];
    if (index > 0 && link.name === undefined) return [];
    if (!isConnection(called) || !(follows || (isKnexName(called) && isWritten(argument)))) return [];
    if (STEP.test(called) || (next && !next.args && !follows)) return [];
    const isCertain = follows ? STEP.test((next ?? later[0])?.name ?? '') : isKnexName(called);
    return [{ link, argument, isCertain, isLikely: isCertain }];
  });
}

function isConnection(name: string): boolean {
  return CONNECTION.test(name);
}

function isKnexName(name: string): boolean {
  return /^(knex|trx)$/i.test(name);
}

function isWritten(argument: Argument): boolean {
  return /^(Literal|TemplateLiteral)$/.test(unwrapped(argument).type);
}

/** A name or what may hold one: no function, no number, no template of SQL. */
function isTableLike(argument: Argument): boolean {
  const node = unwrapped(argument);
  return (
    /^(Literal|TemplateLiteral|Identifier|MemberExpression|ObjectExpression|BinaryExpression|ConditionalExpression|LogicalExpression|CallExpression)$/.test(
      node.type,
    ) && !(node.type === 'Literal' && typeof node.value !== 'string')
  );
}

function opOf(links: readonly Link[]): UseKind {
  for (const { name, args } of links) {
    if (!args) continue;
    if (/^(insert|into|batchInsert)$/.test(name ?? '')) return 'insert';
    if (/^(update|increment|decrement)$/.test(name ?? '')) return 'update';
    if (/^(del|delete|truncate)$/.test(name ?? '')) return 'delete';
  }
  return 'read';
}

function withoutTables(links: readonly Link[], starts: readonly Start[]): readonly Link[] {
  const taken = new Set(starts.map(({ link }) => link));
  return links.filter((link) => !taken.has(link));
}

/** `.withSchema('app')` says where the tables are. */
function withSchema(
  tables: Building['tables'],
  links: readonly Link[],
  module: CodeModule,
  modules: Modules,
): Building['tables'] {
  const [first] = links.find(({ name }) => name === 'withSchema')?.args ?? [];
  const schema = first && textOf(module, first, modules).text;
  if (schema === undefined) return tables;
  return tables.map((use) =>
    use.table && !use.table.schema ? { ...use, table: { ...use.table, schema } } : use,
  );
}
