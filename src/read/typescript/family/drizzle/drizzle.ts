import type { Family, FoundModel } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import type { Modules } from '../../trail.ts';
import { declarationsOf } from './declarations.ts';
import { keysOfTable } from './keys.ts';
import { queriesOfChain } from './queries.ts';
import { relationalQueries } from './relational.ts';
import { columnsOf, isView, mayDeclare, tableOf } from './tables.ts';

/** Drizzle: tables as `pgTable` and its like declare them, the query builder, and `db.query.users.findMany()`. */
export const drizzle: Family = {
  name: 'drizzle',
  gate: /drizzle|(?:pg|mysql|sqlite)(?:Table|Schema|View)\b|\bselect\w*\s*\([\s\S]{0,4000}?\)\s*\.from\(\s*[A-Za-z_$]|\.insert\(\s*[\w$.]+\s*\)\s*\.(?:values|select)\b|\.update\(\s*[\w$.]+\s*\)\s*\.set\b|\.delete\(\s*[\w$.]+\s*\)\s*\.(?:where|returning|limit|execute)\b|\b(?:db|tx|trx|database)\s*\.\s*(?:delete|\$count)\(\s*[A-Za-z_$]|\.query\s*\.\s*\w+\s*\.\s*find(?:Many|First)\b/,
  readsSql: false,
  read: (module, modules) => ({
    queries: module.chains.flatMap((chain) => [
      ...queriesOfChain(module, chain, modules),
      ...relationalQueries(module, chain, modules),
    ]),
    models: module.chains.flatMap((chain) => (mayDeclare(chain) ? modelOf(module, chain.node, modules) : [])),
  }),
};

function modelOf(
  module: CodeModule,
  node: CodeModule['chains'][number]['node'],
  modules: Modules,
): readonly FoundModel[] {
  const table = tableOf({ kind: 'node', module, node, via: 'literal' }, modules);
  if (!table || table.module !== module || table.alias !== undefined) return [];
  const parent = module.parentOf(node);
  const name =
    parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier'
      ? parent.id.name
      : table.table.name;
  const columns = columnsOf(table, modules);
  const declared = declarationsOf(table, modules);
  const keys = keysOfTable(table, columns, declared, modules);
  return [
    {
      name,
      table: table.table,
      columns,
      ...(keys ? { keys } : {}),
      ...(isView(table) ? { isView: true } : {}),
      ...(declared.complete ? {} : { hasMore: true }),
      ...(table.dialect ? { dialect: table.dialect } : {}),
      span: module.span(node),
    },
  ];
}
