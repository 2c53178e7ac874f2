import type { Argument } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import { type CallChain, type Link, queryNode } from '../../call-chain.ts';
import type { Family, FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { builderLinks } from '../builder-variable.ts';
import { addTable, type Building } from '../knex/building.ts';
import { FILTER, readSteps } from './steps.ts';

/** Supabase's client: `supabase.from('posts').select('id, author:users(name)').eq('id', id)`. */
export const supabase: Family = {
  name: 'supabase',
  gate: /^(?=[\s\S]*?\.\s*from\s*[<(])[\s\S]*?(?:supabase|postgrest)/i,
  readsSql: false,
  read: (module, modules) => ({
    queries: module.chains.flatMap((chain) => queryOfChain(module, chain, modules) ?? []),
    models: [],
  }),
};

const VERBS: Readonly<Record<string, UseKind>> = {
  select: 'read',
  insert: 'insert',
  upsert: 'insert',
  update: 'update',
  delete: 'delete',
};

/** Names of clients, where they cannot be followed. */
const NAMED =
  /supabase|postgrest|^(client|admin\w*|service\w*|db|database|sb|\w+Client|createClient\w*|\w+Admin)$/i;

function queryOfChain(module: CodeModule, chain: CallChain, modules: Modules): FoundQuery | undefined {
  const at = chain.links.findIndex(({ name, args }) => name === 'from' && args?.length === 1);
  const from = chain.links[at];
  const [argument] = from?.args ?? [];
  if (!from || !argument || argument.type === 'SpreadElement' || isOther(chain, at)) return undefined;
  const built = builderLinks(module, chain);
  const steps = built.links.slice(at + 1);
  const verb = steps.find(({ name, args }) => args && Object.hasOwn(VERBS, name ?? ''));
  // `.from('posts')` alone may be put into a variable; anything else that follows is of another library
  if (!verb?.name || (chain.links[at + 1] && chain.links[at + 1] !== verb)) return undefined;
  const isNamed = isClient(module, chain, at, modules);
  const building: Building = {
    module,
    modules,
    named: new Set(),
    tables: [],
    scope: [],
    columns: [],
    complete: built.complete,
    hasLimit: false,
  };
  if (!addTable(building, argument, VERBS[verb.name] ?? 'read', isNamed)) return undefined;
  setSchema(building, chain.links.slice(0, at));
  readSteps(building, steps);
  const { tables, columns, complete, hasLimit } = building;
  const hasFilter = steps.some(({ name }) => FILTER.test(name ?? ''));
  return {
    node: queryNode(chain),
    tables,
    columns,
    columnsComplete: complete,
    hasLimit,
    hasFilter: hasFilter || (built.complete ? false : undefined),
    database: 'postgres',
    ...(isNamed ? {} : { guessed: true }),
  };
}

/** `storage.from('bucket')`, `Array.from(…)`, and builders whose FROM stands behind SELECT. */
function isOther({ root, links }: CallChain, at: number): boolean {
  const before = links.slice(0, at);
  if (before.some(({ name, args }) => name === 'storage' || (args && Object.hasOwn(VERBS, name ?? ''))))
    return true;
  return root.type === 'Identifier' && (/^[A-Z]/.test(root.name) || /storage|knex/i.test(root.name));
}

function isClient(module: CodeModule, { root, links }: CallChain, at: number, modules: Modules): boolean {
  const before = links.slice(0, at).findLast(({ name }) => name !== undefined && name !== 'schema');
  const name = before?.name ?? (root.type === 'Identifier' ? root.name : '');
  if (NAMED.test(name)) return true;
  // `(await createClient()).from(…)`, `(isAdmin ? supabaseAdmin() : supabase).from(…)`
  if (/^(Await|Conditional|Logical)Expression$/.test(root.type))
    return /supabase|createClient/i.test(module.text.slice(root.start, root.end));
  const traced = trace(module, root, startTrail(modules));
  const type = traced.kind === 'parameter' ? traced.type : undefined;
  return type !== undefined && /supabase/i.test(module.text.slice(type.start, type.end));
}

/** `.schema('app')` says where the tables are. */
function setSchema(building: Building, links: readonly Link[]): void {
  const given = links.find(({ name }) => name === 'schema')?.args?.[0];
  if (!given) return;
  const schema = textOf(building.module, given, building.modules).text;
  if (schema === undefined) return;
  for (const [index, use] of building.tables.entries())
    if (use.table) building.tables[index] = { ...use, table: { ...use.table, schema } };
  for (const [index, one] of building.scope.entries())
    if (one.table) building.scope[index] = { ...one, table: { ...one.table, schema } };
}

/** The value of an option of a step: `{ onConflict: 'id' }`. */
export function optionOf(options: Argument | undefined, name: string) {
  if (options?.type !== 'ObjectExpression') return undefined;
  for (const property of options.properties)
    if (property.type !== 'SpreadElement' && keyName(property.key, property.computed) === name)
      return property.value;
  return undefined;
}
