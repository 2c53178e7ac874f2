import type { Node } from 'oxc-parser';
import type { Connection } from '../../query.ts';
import type { Family } from '../family.ts';
import { type CodeModule, nodesBelow } from '../module.ts';
import { trace } from '../trace.ts';
import { type Modules, startTrail } from '../trail.ts';

/** What opens a connection, by the package that exports it. */
const OPENERS: Readonly<Record<string, RegExp>> = {
  pg: /^(Pool|Client)$/,
  postgres: /^default$/,
  mysql: /^(createPool|createConnection)$/,
  mysql2: /^(createPool|createConnection)$/,
  'mysql2/promise': /^(createPool|createConnection)$/,
  'better-sqlite3': /^default$/,
  'node:sqlite': /^DatabaseSync$/,
  'bun:sqlite': /^Database$/,
  '@libsql/client': /^createClient$/,
  '@duckdb/node-api': /^DuckDBInstance$/,
  duckdb: /^(Database|default)$/,
  knex: /^(default|knex)$/,
  typeorm: /^(DataSource|createConnection|createConnections)$/,
  sequelize: /^Sequelize$/,
  'sequelize-typescript': /^Sequelize$/,
  '@prisma/client': /^PrismaClient$/,
  '@neondatabase/serverless': /^(neon|Pool|Client)$/,
  '@planetscale/database': /^(connect|Client)$/,
  slonik: /^createPool$/,
};

/** It names a package that opens connections. */
const OPENS_CONNECTIONS = new RegExp(
  `['"](${Object.keys(OPENERS)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|')}|drizzle-orm/(?![\\w-]*-core)[\\w-]+)['"]|\\bnew\\s+PrismaClient\\b`,
);

/** Where code opens connections to a database: nothing is asked of it there, but it matters who may. */
export const connections: Family = {
  name: 'connections',
  gate: OPENS_CONNECTIONS,
  readsSql: false,
  read: (module, modules) => ({ queries: [], models: [], connections: connectionsOf(module, modules) }),
};

function connectionsOf(module: CodeModule, modules: Modules): readonly Connection[] {
  const found: Connection[] = [];
  for (const node of nodesBelow(module.program)) {
    if (node.type !== 'NewExpression' && node.type !== 'CallExpression') continue;
    const opened = openedBy(module, node.callee, modules);
    if (opened !== undefined) found.push({ package: opened, span: module.span(node.callee) });
  }
  return found;
}

function openedBy(module: CodeModule, callee: Node, modules: Modules): string | undefined {
  if (callee.type !== 'Identifier' && callee.type !== 'MemberExpression') return undefined;
  if (callee.type === 'Identifier' && callee.name === 'PrismaClient') return '@prisma/client';
  const traced = trace(module, callee, startTrail(modules));
  if (traced.kind !== 'external') return undefined;
  const [name = 'default', ...rest] = traced.path;
  const method = name === 'default' || name === '*' ? (rest[0] ?? name) : name;
  const isOpener = Object.hasOwn(OPENERS, traced.source) ? OPENERS[traced.source] : undefined;
  if (isOpener?.test(method) || isOpener?.test(name)) return traced.source;
  return /^drizzle-orm\/(?!.*-core$)/.test(traced.source) && method === 'drizzle' ? traced.source : undefined;
}
