import type { Argument, Node } from 'oxc-parser';
import { schemasIn } from '../../prisma/schemas-in.ts';
import { withoutTemporary } from '../../without-temporary.ts';
import { type CallChain, chainOf, type Link, unwrapped } from '../call-chain.ts';
import {
  beginning,
  type EmbeddedSql,
  inEveryDialect,
  isStatement,
  readEmbeddedSql,
  readSqlPart,
} from '../embedded-sql.ts';
import type { Family, FoundQuery } from '../family.ts';
import type { CodeModule } from '../module.ts';
import { endName, keyName } from '../scope.ts';
import { splicedIn } from '../spliced.ts';
import type { Fill } from '../sql-pieces.ts';
import { type Part, partsOf, templateParts, whyUnknown } from '../text.ts';
import { type Modules, startTrail } from '../trail.ts';
import { schemaOfClient } from './prisma/schema-meant.ts';
import { bindsValues, fillSql, isSqlTag } from './sql-values.ts';

/**
 * Text of SQL: tagged templates, arguments of the methods that run SQL, and strings that look like it, which count only if
 * a schema has their tables.
 */
export const rawSql: Family = {
  name: 'raw-sql',
  gate: /\b(select\s[\s\S]{0,4000}?\bfrom|(?:insert|replace)\s+(?:or\s+\w+\s+|ignore\s+)?into|delete\s+(?:[\w`]+\s+)?from|update\s[\s\S]{0,400}?\bset|merge\s+into|truncate\s|\$(?:query|execute)Raw|create\s+(?:table|index|unique|view)|alter\s+table|drop\s+table)\b/i,
  readsSql: true,
  read: (module, modules) => {
    const taken = new Set<Node>();
    const fill = fillSql(modules);
    const queries = [
      ...module.tags.flatMap((tag) => queryOfTag(module, modules, tag, fill, taken)),
      ...module.chains.flatMap((chain) => queriesOfChain(module, modules, chain, fill, taken)),
    ];
    const bare = module.strings.flatMap((node) => queryOfString(module, modules, node, fill, taken));
    return { queries: withoutTemporary([...queries, ...bare]), models: [] };
  },
};

type Tag = Extract<Node, { type: 'TaggedTemplateExpression' }>;

function queryOfTag(
  module: CodeModule,
  modules: Modules,
  tag: Tag,
  fill: Fill,
  taken: Set<Node>,
): readonly FoundQuery[] {
  taken.add(tag.quasi);
  if (isInsideSql(module, tag)) return [];
  const { quasis, expressions } = tag.quasi;
  const parts = templateParts(module, quasis, expressions, startTrail(modules), bindsValues(tag.tag));
  const known = isSqlTag(tag.tag);
  const sql = readEmbeddedSql(parts, module.span(tag), fill);
  if (!sql) {
    const part = known ? readSqlPart(tag, module, parts, fill) : undefined;
    // where the statement around is read too, it tells the same places and counts alone
    return part ? [{ ...queryOf(tag, part), guessed: true }] : [];
  }
  if (!known && !sql.isParsed) return [];
  const receiver = chainReceiver(tag.tag);
  const query = { ...asPart(queryOf(tag, sql), parts), guessed: !known };
  return [receiver ? ofClient(module, receiver, query, modules) : query];
}

/** In brackets it is part of a query that is written elsewhere, whose common table expressions it may name. */
function asPart(query: FoundQuery, parts: readonly Part[]): FoundQuery {
  if (!/^\s*\(/.test(beginning(parts))) return query;
  const otherwise = 'it may be a name of the query that this is part of';
  return inEveryDialect(query, ({ tables }) => ({
    tables: tables.map((use) => (use.table ? { ...use, otherwise } : use)),
  }));
}

/** `prisma` of `` prisma.$queryRaw<Row[]>`…` ``. */
function chainReceiver(tag: Node): Node | undefined {
  const node = unwrapped(tag);
  if (node.type !== 'MemberExpression') return undefined;
  return PRISMA_RAW.test(keyName(node.property, node.computed) ?? '') ? node.object : undefined;
}

/** Methods of Prisma's client that take SQL. */
const PRISMA_RAW = /^\$(query|execute)Raw(Unsafe)?$/;

/** SQL that a client of Prisma runs is of the database of its schema. */
function ofClient(module: CodeModule, client: Node, query: FoundQuery, modules: Modules): FoundQuery {
  const schemas = schemasIn(modules.texts('.prisma') ?? []);
  const schema = schemaOfClient(schemas, module, client, modules);
  if (!schema) return query;
  const placed = inEveryDialect(query, ({ tables }) => ({
    tables: tables.map((use) => ({ ...use, declaredIn: use.declaredIn ?? schema.path })),
  }));
  return { ...placed, database: query.database ?? schema.database };
}

/** A fragment is read with the statement that it stands in. */
function isInsideSql(module: CodeModule, tag: Tag): boolean {
  for (let above = module.parentOf(tag); above; above = module.parentOf(above)) {
    if (above.type === 'TaggedTemplateExpression') return isSqlTag(above.tag);
    if (/Function|Statement$|Declaration$/.test(above.type)) return false;
  }
  return false;
}

function queryOf(node: Node, { isParsed, ...said }: EmbeddedSql): FoundQuery {
  return { node, ...said };
}

/** Methods whose first argument is SQL, of pg, pg-promise, mysql2, better-sqlite3, node:sqlite, DuckDB, TypeORM, Knex and Sequelize. */
const RUNS_SQL =
  /^(query|queryRaw|rawQuery|execute|executeRaw|raw|prepare|run|runAndReadAll|all|get|exec|each|iterate|values|unsafe|runSql|sql|\$queryRaw|\$executeRaw|\$queryRawUnsafe|\$executeRawUnsafe|queryRawUnsafe|executeRawUnsafe|cancellableQuery|stream|none|one|oneOrNone|many|manyOrNone|any|multi|result)$/;

/** Methods that run nothing but SQL. */
const ONLY_SQL = /^(\$?queryRawUnsafe|\$?executeRawUnsafe|runSql|cancellableQuery)$/;

/** Names of what SQL is sent to, where the method alone does not tell. */
const CONNECTION =
  /^(db|database|pool|client|pg|pgClient|pgPool|conn|connection|sql|sqlite|mysql|knex|queryRunner|sequelize|prisma|tx|trx|transaction|dataSource|manager|entityManager|duckdb)$/i;

function queriesOfChain(
  module: CodeModule,
  modules: Modules,
  chain: CallChain,
  fill: Fill,
  taken: Set<Node>,
): readonly FoundQuery[] {
  return chain.links.flatMap((link, index): readonly FoundQuery[] => {
    const [first] = link.args ?? [];
    const name = link.name ?? (index === 0 && chain.root.type === 'Identifier' ? chain.root.name : '');
    if (!first || first.type === 'SpreadElement' || !RUNS_SQL.test(name)) return [];
    const text = sqlArgument(first);
    if (!text || isTemplateOfTag(text)) return [];
    const parts = partsOf(module, text, startTrail(modules));
    const sql = isStatement(beginning(parts))
      ? readEmbeddedSql(parts, module.span(link.node), fill)
      : undefined;
    if (sql) {
      for (const part of parts) if (part.kind === 'text') take(module, part, taken);
      const database = sql.database ?? (isClickhouse(first) ? 'clickhouse' : undefined);
      const guessed = !sql.isParsed && !ONLY_SQL.test(name);
      const spliced = splicedIn(parts);
      const query = { ...queryOf(link.node, { ...sql, database }), guessed, ...(spliced && { spliced }) };
      const receiver = index > 0 ? (chain.links[index - 1]?.node ?? chain.root) : chain.root;
      return [PRISMA_RAW.test(name) ? ofClient(module, receiver, query, modules) : query];
    }
    const [hole] = parts;
    if (hole?.kind !== 'hole' || text !== unwrapped(first)) return [];
    if (!sendsSql(chain, index, link) || isSqlObject(hole)) return [];
    const span = module.span(text);
    const use = { whyUnresolved: whyUnknown(hole.traced), op: 'read', span, resolvedBy: 'literal' } as const;
    return [{ node: link.node, tables: [use], columns: [], columnsComplete: false, hasLimit: false }];
  });
}

function sendsSql(chain: CallChain, index: number, link: Link): boolean {
  if (ONLY_SQL.test(link.name ?? '')) return true;
  if (!/^(query|execute|prepare|exec|rawQuery)$/.test(link.name ?? '')) return false;
  const receiver = chain.links[index - 1]?.name ?? (chain.root.type === 'Identifier' ? chain.root.name : '');
  return index <= 1 && CONNECTION.test(receiver);
}

/** The text of SQL in an argument: itself, or the field of an object that drivers read. */
function sqlArgument(argument: Argument): Node | undefined {
  const node = unwrapped(argument);
  if (node.type !== 'ObjectExpression') return /Function|ArrayExpression/.test(node.type) ? undefined : node;
  for (const property of node.properties)
    if (
      property.type !== 'SpreadElement' &&
      /^(text|sql|query)$/.test(keyName(property.key, property.computed) ?? '')
    )
      return property.value;
  return undefined;
}

/** ClickHouse's client takes `{ query, format, query_params }`. */
function isClickhouse(argument: Argument): boolean {
  const node = unwrapped(argument);
  return (
    node.type === 'ObjectExpression' &&
    node.properties.some(
      (property) =>
        property.type !== 'SpreadElement' &&
        /^(format|query_params|clickhouse_settings)$/.test(keyName(property.key, property.computed) ?? ''),
    )
  );
}

function isTemplateOfTag(node: Node): boolean {
  return node.type === 'TaggedTemplateExpression';
}

/** A value that a tag or a builder made: read where it is made. */
function isSqlObject({ traced }: Extract<Part, { kind: 'hole' }>): boolean {
  return traced.kind === 'node' && /^(TaggedTemplate|Call|New|Object|Array|Class)/.test(traced.node.type);
}

function take(module: CodeModule, part: Extract<Part, { kind: 'text' }>, taken: Set<Node>): void {
  if (part.module !== module) return;
  for (const node of module.strings) if (node.start <= part.start && part.end <= node.end) taken.add(node);
}

function queryOfString(
  module: CodeModule,
  modules: Modules,
  node: Node,
  fill: Fill,
  taken: ReadonlySet<Node>,
): readonly FoundQuery[] {
  if (taken.has(node)) return [];
  const written = module.text.slice(node.start + 1, node.start + 400);
  if (!isStatement(written) || isProse(written) || isInsideSum(module, node) || isExpected(module, node))
    return [];
  const sql = readEmbeddedSql(partsOf(module, node, startTrail(modules)), module.span(node), fill);
  const isSaying = sql?.isParsed && (sql.tables.length > 0 || sql.inDialect);
  return isSaying ? [{ ...queryOf(node, sql), guessed: true }] : [];
}

/** `Select a plan`, `Delete from list`: words as sentences begin, and none of the signs that SQL has. */
function isProse(text: string): boolean {
  return /^\s*([A-Z][a-z]+\b(?![^'"`\n]*[=*(),;$?])|select\s+from\b)/.test(text);
}

/** What a test compares with was sent by something else, if at all: `expect(text).toBe('…')`. */
function isExpected(module: CodeModule, node: Node): boolean {
  const parent = module.parentOf(node);
  return parent?.type === 'CallExpression' && /^(expect|assert)$/.test(endName(chainOf(parent).root) ?? '');
}

/** The right side of a sum is read with its left side. */
function isInsideSum(module: CodeModule, node: Node): boolean {
  const parent = module.parentOf(node);
  return parent?.type === 'BinaryExpression' && parent.right === node;
}
