import type { Node } from 'oxc-parser';
import { unwrapped } from '../../call-chain.ts';
import { isClass } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';

/** What an object that models are taken from is told to be. */
export type Told =
  | { readonly kind: 'client'; readonly hints: readonly string[] }
  | { readonly kind: 'other' }
  /** It cannot be followed; `isNamed`: its name is one that clients have. */
  | { readonly kind: 'unknown'; readonly isNamed: boolean; readonly hints: readonly string[] };

/** Names of clients, where they cannot be followed. */
const NAMED =
  /prisma|^_?(db[A-Z]\w*|db|tx|trx|database|dbClient|dbc|transaction|replica|\$replica|reader|writer|readonlyDb|client)$/i;

/** Whether an object is a client of Prisma. `hints` are paths near to where it is made: they tell which schema it is of. */
export function clientOf(module: CodeModule, object: Node, modules: Modules): Told {
  const node = unwrapped(object);
  if (node.type === 'ThisExpression') return ofThis(module, node, modules);
  if (node.type === 'Super') return { kind: 'other' };
  const name = nameOf(node);
  const isNamed = NAMED.test(name);
  const traced = trace(module, node, startTrail(modules));
  return ofTraced(traced, node, isNamed, modules) ?? { kind: 'unknown', isNamed, hints: [] };
}

/** The last name of `this.prisma.client`, `ctx.db`, `getPrisma()`. */
function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') {
    const own = keyName(node.property, node.computed) ?? '';
    // `prisma.client`, `prisma.$extends(…)`: what it is taken from tells more
    return /prisma/i.test(own) ? own : /prisma/i.test(nameOf(unwrapped(node.object))) ? 'prisma' : own;
  }
  if (node.type === 'CallExpression') return nameOf(unwrapped(node.callee));
  return node.type === 'AwaitExpression' ? nameOf(unwrapped(node.argument)) : '';
}

function ofTraced(traced: Traced, object: Node, isNamed: boolean, modules: Modules): Told | undefined {
  switch (traced.kind) {
    case 'node':
      return ofNode(traced, object, isNamed, modules);
    case 'module':
      return { kind: 'other' };
    case 'external':
      return /prisma/i.test(traced.source) || traced.path.some((one) => /prisma/i.test(one))
        ? { kind: 'client', hints: [] }
        : isNamed && traced.path.length > 0
          ? undefined
          : { kind: 'other' };
    case 'parameter': {
      const { module, type } = traced;
      const written = type ? module.text.slice(type.start, Math.min(type.end, type.start + 400)) : '';
      const hints = type ? hintsOfType(module, type, modules) : [];
      if (/prisma/i.test(written) && traced.path?.length === 0) return { kind: 'client', hints };
      return { kind: 'unknown', isNamed, hints };
    }
    default:
      return undefined;
  }
}

function ofNode(
  { module, node }: Extract<Traced, { kind: 'node' }>,
  object: Node,
  isNamed: boolean,
  modules: Modules,
): Told | undefined {
  const hints = [module.path];
  const text = module.text.slice(node.start, Math.min(node.end, node.start + 1000));
  if (node.type === 'NewExpression') {
    const made = hintsOfType(module, unwrapped(node.callee), modules);
    if (/^new\s+[\w.]*(prisma|client)/i.test(text)) return { kind: 'client', hints: [...made, ...hints] };
    const built = trace(module, node.callee, startTrail(modules));
    if (built.kind === 'node' && isClass(built.node))
      return isPrismaClass(built.module, built.node, modules)
        ? { kind: 'client', hints: [built.module.path, ...hints] }
        : { kind: 'other' };
    return isNamed ? undefined : { kind: 'other' };
  }
  if (isClass(node))
    return isPrismaClass(module, node, modules) ? { kind: 'client', hints } : { kind: 'other' };
  if (node === object) return undefined;
  if (/prisma/i.test(text)) return { kind: 'client', hints };
  if (node.type === 'ObjectExpression' || /Function|Literal|Array/.test(node.type)) return { kind: 'other' };
  return { kind: 'unknown', isNamed, hints };
}

function isPrismaClass(module: CodeModule, node: Node, modules: Modules, depth = 0): boolean {
  if (!isClass(node) || !node.superClass || depth > 4) return false;
  const { start, end } = node.superClass;
  if (/prisma/i.test(module.text.slice(start, end))) return true;
  const parent = trace(module, node.superClass, startTrail(modules));
  return parent.kind === 'node' && isPrismaClass(parent.module, parent.node, modules, depth + 1);
}

/** `this` is a client in a class that extends one. */
function ofThis(module: CodeModule, node: Node, modules: Modules): Told {
  for (let above = module.parentOf(node); above; above = module.parentOf(above))
    if (isClass(above))
      return isPrismaClass(module, above, modules)
        ? { kind: 'client', hints: [module.path] }
        : { kind: 'other' };
  return { kind: 'other' };
}

/** The files that the names of a type, or of a class that is made, are imported from. */
function hintsOfType(module: CodeModule, type: Node, modules: Modules): readonly string[] {
  const words =
    module.text.slice(type.start, Math.min(type.end, type.start + 400)).match(/[A-Za-z_$][\w$]*/g) ?? [];
  return [...new Set(words)].flatMap((word) => {
    const binding = module.bindingOf(word, type);
    if (binding?.kind !== 'import') return [];
    const target = modules.resolve(module.path, binding.source);
    return target.kind === 'file' ? target.path : [];
  });
}
