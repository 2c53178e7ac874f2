import type { MemberExpression, Node } from 'oxc-parser';
import { calledName, chainOf } from './call-chain.ts';
import type { FoundQuery } from './family.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName } from './scope.ts';
import { trace, traceName } from './trace.ts';
import { type Modules, startTrail } from './trail.ts';
import { typeNamed } from './type-named.ts';

const IN_BETWEEN = /^(TSAs|TSNonNull|TSSatisfies|Parenthesized|Chain)/;

/**
 * Whether what a call answers is taken as it is, where a promise would be waited for: a driver that is no network away, or a
 * memory of the rows. `const table = Table.findOne(name); table.columns`.
 */
export function isAnsweredAtOnce(module: CodeModule, call: Node): boolean {
  let child = call;
  let above = module.parentOf(child);
  while (above && (IN_BETWEEN.test(above.type) || isStep(above, child))) {
    child = above;
    above = module.parentOf(above);
  }
  if (above?.type === 'UnaryExpression') return above.operator === 'void';
  // `db.update(rows).set(row).run();` of a driver in the process, `storage.sql.exec(text)`
  if (above?.type === 'ExpressionStatement')
    return child.type === 'CallExpression' && /^(run|exec)$/.test(calledName(child));
  if (above?.type === 'MemberExpression') return isRead(module, above, child);
  if (above?.type !== 'VariableDeclarator' || above.init !== child) return false;
  if (above.id.type !== 'Identifier') return true;
  const { name } = above.id;
  const block = module.parentOf(above);
  const scope = block && module.parentOf(block);
  const members = scope ? (membersBelow(scope).get(name) ?? []) : [];
  return members.some(
    (node) =>
      isRead(module, node, node.object) &&
      module.bindingOf(name, node)?.node === module.bindingOf(name, above)?.node,
  );
}

const known = new WeakMap<Node, ReadonlyMap<string, readonly MemberExpression[]>>();

/** What is taken of each name below a node, looked at once: a module may hold thousands of declarations that ask. */
function membersBelow(scope: Node): ReadonlyMap<string, readonly MemberExpression[]> {
  const before = known.get(scope);
  if (before) return before;
  const found = new Map<string, MemberExpression[]>();
  for (const node of nodesBelow(scope)) {
    if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') continue;
    const some = found.get(node.object.name);
    if (some) some.push(node);
    else found.set(node.object.name, [node]);
  }
  known.set(scope, found);
  return found;
}

/** Packages that keep a database in the process. */
const IN_PROCESS =
  /^(better-sqlite3|(bun|node):sqlite|sql\.js|drizzle-orm\/(better-sqlite3|bun-sqlite|node-sqlite|sql-js|expo-sqlite|op-sqlite|durable-sqlite))$/;

const ELSEWHERE =
  /^(pg|postgres|mysql2?(\/promise)?|mariadb|@libsql\/.+|drizzle-orm\/(node-postgres|postgres-js|mysql2|libsql.*|d1|neon-.+|vercel-postgres|planetscale-serverless|singlestore|tidb-serverless))$/;

/** Adapters by which Prisma speaks to a SQLite that is a network away. */
const ADAPTERS = /^@prisma\/adapter-(libsql|d1)/;

/**
 * Whether a query's database is made where only a driver in the process is imported, or is SQLite by Prisma's schema: a promise of
 * it goes no way either.
 */
export function isInProcess(
  module: CodeModule,
  { node, database: kind, family }: FoundQuery & { readonly family: string },
  modules: Modules,
): boolean {
  if (node.type !== 'CallExpression') return false;
  const { root, links } = chainOf(node);
  const [first] = links;
  const database = root.type === 'Identifier' && first?.args && !first.name ? first.node : root;
  const made = trace(module, database, startTrail(modules));
  if (family === 'prisma' && kind === 'sqlite')
    return made.kind !== 'node' || !made.module.sources.some((one) => ADAPTERS.test(one));
  if (made.kind === 'parameter' && made.type) return isOfOneInProcess(made.module, made.type, modules);
  return made.kind === 'node' && isMadeInProcess(made.module);
}

function isMadeInProcess({ sources }: CodeModule): boolean {
  return sources.some((one) => IN_PROCESS.test(one)) && !sources.some((one) => ELSEWHERE.test(one));
}

/** `Parameters<Parameters<typeof db.transaction>[0]>[0]`: a type that is taken from such a database. */
function isOfOneInProcess(module: CodeModule, type: Node, modules: Modules): boolean {
  const alias =
    type.type === 'TSTypeReference' && type.typeName.type === 'Identifier'
      ? typeNamed(module, type.typeName.name, modules)
      : undefined;
  const meant = alias ?? { module, type };
  for (const node of nodesBelow(meant.type)) {
    if (node.type !== 'TSTypeQuery') continue;
    let name: Node = node.exprName;
    while (name.type === 'TSQualifiedName') name = name.left;
    if (name.type !== 'Identifier') continue;
    const made = traceName(meant.module, name.name, node, startTrail(modules));
    if (made.kind === 'node' && isMadeInProcess(made.module)) return true;
  }
  return false;
}

/** Steps that drivers in the process end with. */
const STEPS = /^(run|all|get|one|toArray)$/;

/** `prepare(text).run`, and the call of it. */
function isStep(above: Node, child: Node): boolean {
  if (above.type === 'CallExpression') return above.callee === child && child.type === 'MemberExpression';
  return above.type === 'MemberExpression' && above.object === child && STEPS.test(endName(above) ?? '');
}

/** `answer.name`, which is no method of a promise or of a builder. */
function isRead(module: CodeModule, member: Node, object: Node): boolean {
  if (member.type !== 'MemberExpression' || member.object !== object) return false;
  const above = module.parentOf(member);
  return !(above?.type === 'CallExpression' && above.callee === member);
}
