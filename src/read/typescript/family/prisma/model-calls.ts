import type { Node } from 'oxc-parser';
import type { PrismaModel, PrismaSchema } from '../../../prisma/schema.ts';
import { schemasIn } from '../../../prisma/schemas-in.ts';
import { type CallChain, type Link, unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { textOf, whyUnknown } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { clientOf } from './client.ts';
import { schemaMeant } from './schema-meant.ts';

/** A method of a model that is called. */
export type ModelCall = {
  readonly method: string;
  readonly link: Link;
  /** Where the model is named. */
  readonly nameNode: Node;
} & (
  | { readonly kind: 'model'; readonly schema: PrismaSchema; readonly model: PrismaModel }
  | { readonly kind: 'unknown'; readonly why: string }
);

/** Methods of a model's client. https://www.prisma.io/docs/orm/reference/prisma-client-reference#model-queries */
const METHODS =
  /^(findUnique|findUniqueOrThrow|findFirst|findFirstOrThrow|findMany|create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany|count|aggregate|groupBy|findRaw|aggregateRaw)$/;

/** Methods that hardly anything else has. */
const OWN =
  /^(findUnique|findUniqueOrThrow|findFirst|findFirstOrThrow|findMany|createMany|createManyAndReturn|updateMany|updateManyAndReturn|upsert|deleteMany|groupBy|aggregate|findRaw|aggregateRaw)$/;

/** The calls of models' methods in a chain: mostly one. */
export function modelCallsIn(module: CodeModule, chain: CallChain, modules: Modules): readonly ModelCall[] {
  return chain.links.flatMap((link, index): readonly ModelCall[] => {
    const { name: method } = link;
    if (method === undefined || !link.args || !METHODS.test(method)) return [];
    const named = index === 0 ? byRoot(module, chain.root, modules) : byLink(chain, index - 1);
    if (!named) return [];
    return callOf(module, named, { method, link }, modules);
  });
}

/** What stands before the method: the model's name, and the object that it is taken from. */
interface Named {
  readonly module: CodeModule;
  readonly client: Node;
  readonly name?: string;
  readonly computed?: Node;
  readonly nameNode: Node;
}

function byLink({ links, root }: CallChain, at: number): Omit<Named, 'module'> | undefined {
  const link = links[at];
  if (!link?.nameNode || link.args) return undefined;
  const client = links[at - 1]?.node ?? root;
  return { client, name: link.name, computed: link.computed, nameNode: link.nameNode };
}

/** `const users = prisma.user; users.findMany()`. */
function byRoot(module: CodeModule, root: Node, modules: Modules): Named | undefined {
  if (root.type !== 'Identifier') return undefined;
  const traced = trace(module, root, startTrail(modules));
  if (traced.kind !== 'node' || traced.node === root || traced.node.type !== 'MemberExpression')
    return undefined;
  const { object, property, computed } = traced.node;
  const name = keyName(property, computed);
  return name === undefined
    ? undefined
    : { module: traced.module, client: unwrapped(object), name, nameNode: root };
}

function callOf(
  module: CodeModule,
  named: Omit<Named, 'module'> & { readonly module?: CodeModule },
  { method, link }: { readonly method: string; readonly link: Link },
  modules: Modules,
): readonly ModelCall[] {
  const { nameNode, client } = named;
  const home = named.module ?? module;
  const schemas = schemasIn(modules.texts('.prisma') ?? []);
  const written = named.computed ? textOf(home, named.computed, modules) : undefined;
  const name = written ? written.text : named.name;
  const found = schemas.filter((schema) => name !== undefined && schema.byProperty.has(name));
  if (name !== undefined && found.length === 0) return [];
  const told = clientOf(home, client, modules);
  if (told.kind === 'other') return [];
  const isCertain = told.kind === 'client' || told.isNamed;
  if (name === undefined) {
    if (!isCertain || !OWN.test(method) || written?.text !== undefined) return [];
    const why = written ? written.why : whyUnknown({ kind: 'unknown', why: 'its name is worked out' });
    return [{ kind: 'unknown', why, method, link, nameNode }];
  }
  if (!isCertain && !hasShape(method, link)) return [];
  const schema = schemaMeant(found, home, told.hints, modules);
  const model = schema.byProperty.get(name);
  return model ? [{ kind: 'model', schema, model, method, link, nameNode }] : [];
}

/** Whether a call of something unknown looks like nothing but Prisma's. */
function hasShape(method: string, { args }: Link): boolean {
  const [first] = args ?? [];
  if (!first) return OWN.test(method);
  if (first.type !== 'ObjectExpression') return OWN.test(method);
  const keys = first.properties.map((one) =>
    one.type === 'SpreadElement' ? undefined : keyName(one.key, one.computed),
  );
  const wants = /^create/.test(method) ? ['data'] : /^(update|upsert)$/.test(method) ? ['where', 'data'] : [];
  if (wants.length > 0 && method !== 'upsert') return wants.every((key) => keys.includes(key));
  return keys.every((key) => key === undefined || OPTIONS.test(key));
}

const OPTIONS =
  /^(where|data|select|include|omit|orderBy|take|skip|cursor|distinct|create|update|by|having|limit|skipDuplicates|relationLoadStrategy|_\w+)$/;
