import type { Node } from 'oxc-parser';
import { chainOf, unwrapped } from './call-chain.ts';
import { classOfType, declaredType } from './declared-type.ts';
import type { CodeModule } from './module.ts';
import { trace } from './trace.ts';
import { type Modules, startTrail, type Traced } from './trail.ts';

/** Packages that speak to a database, or work out something here and now. */
const HERE =
  /^(pg|pg-(promise|native|pool|cursor|format|mem|copy-streams|query-stream)|postgres|mysql2?|mariadb|sqlite3|better-sqlite3|node:sqlite|bun:\w+|knex|objection|kysely(-.*)?|drizzle-orm|typeorm|typeorm-.*|sequelize|sequelize-.*|slonik|@prisma\/.*|\.prisma\/.*|@mikro-orm\/.*|@supabase\/.*|@libsql\/.*|@neondatabase\/.*|@planetscale\/.*|@vercel\/postgres|duckdb|@duckdb\/.*|@nestjs\/(common|core|config|typeorm|sequelize|mongoose|jwt|mapped-types|swagger|graphql|testing)|@medusajs\/.*|p-\w+|async|async-\w+|bluebird|lodash(\W.*)?|radash|remeda|zod|valibot|yup|ajv|class-(validator|transformer)|nanoid|uuid|react|next|i18next|superjson|date-fns|dayjs|(node:)?(util|events|async_hooks|path|crypto)|bcrypt\w*|argon2|@node-rs\/.*|jose|effect|neverthrow|@trpc\/.*|@opentelemetry\/.*|@sentry\/.*)$/;

/**
 * Whether what a call runs is another package's of which nothing is known here; false where it is known to wait for nothing but a
 * database, undefined where it is no package's.
 */
export function isAnother(module: CodeModule, call: Node, modules: Modules): boolean | undefined {
  if (call.type !== 'CallExpression') return undefined;
  const callee = unwrapped(call.callee);
  const { root } = chainOf(call);
  const owner = callee.type === 'MemberExpression' ? callee.object : root;
  const source =
    sourceOf(trace(module, callee, startTrail(modules)), modules) ??
    sourceOf(trace(module, root, startTrail(modules)), modules) ??
    declaredFrom(module, owner, modules) ??
    declaredFrom(module, root, modules);
  return source === undefined ? undefined : !HERE.test(source);
}

/** The package whose type is declared for a value. */
function declaredFrom(module: CodeModule, node: Node, modules: Modules): string | undefined {
  const declared = declaredType(module, node, modules);
  const traced = declared && classOfType(declared, modules);
  return traced?.kind === 'external' ? traced.source : undefined;
}

/** The package that a value is of, that makes it, or whose class it is of. */
function sourceOf(traced: Traced, modules: Modules, depth = 0): string | undefined {
  if (traced.kind === 'external') return traced.source;
  if (traced.kind !== 'node' || depth > 4) return undefined;
  const { module, node } = traced;
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return undefined;
  const start = node.type === 'CallExpression' ? chainOf(node).root : node.callee;
  return (
    sourceOf(trace(module, node.callee, startTrail(modules)), modules, depth + 1) ??
    sourceOf(trace(module, start, startTrail(modules)), modules, depth + 1)
  );
}
