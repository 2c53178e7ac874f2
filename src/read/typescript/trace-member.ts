import type { Class, Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { givenToSuper, isClass, memberOfClass, superClassOf } from './members.ts';
import type { CodeModule } from './module.ts';
import { keyName } from './scope.ts';
import { trace, traceExport, traceName } from './trace.ts';
import { deeper, farther, further, type Traced, type Trail, unknown } from './trail.ts';

/** The object of a member expression: `this` and `super` stand for their class. */
export function traceObject(module: CodeModule, object: Node, trail: Trail): Traced {
  const node = unwrapped(object);
  if (node.type !== 'ThisExpression') return trace(module, node, trail);
  const own = classAround(module, node);
  return own ? { kind: 'node', module, node: own, via: trail.via } : unknown('`this` is of no class');
}

/** The class in which a node is written. */
function classAround(module: CodeModule, node: Node): Class | undefined {
  for (let above = module.parentOf(node); above; above = module.parentOf(above)) {
    if (isClass(above)) return above;
    const isOwnThis = above.type === 'FunctionDeclaration' || above.type === 'FunctionExpression';
    const holder = isOwnThis ? module.parentOf(above)?.type : undefined;
    if (isOwnThis && holder !== 'MethodDefinition') return undefined;
  }
  return undefined;
}

/** A member of what was found. `from` is where the member is written, for what leads nowhere further. */
export function member(found: Traced, name: string, trail: Trail, module: CodeModule, from: Node): Traced {
  switch (found.kind) {
    case 'unknown':
      return found;
    case 'module':
      return traceExport(found.module, name, further(trail, 'import'));
    case 'external':
      return { ...found, path: [...found.path, name] };
    case 'parameter':
      return { ...found, path: found.path && [...found.path, name] };
    case 'item':
      return unknown('it is a member of a loop variable');
    case 'node':
      return memberOfNode(found, name, { ...trail, via: farther(trail.via, found.via) }, module, from);
  }
}

function memberOfNode(
  { module, node }: Extract<Traced, { kind: 'node' }>,
  name: string,
  trail: Trail,
  here: CodeModule,
  from: Node,
): Traced {
  const within = further(trail, 'constant');
  if (node.type === 'ObjectExpression') {
    let why = `the object has no ${name}`;
    for (const property of [...node.properties].reverse()) {
      if (property.type === 'SpreadElement') {
        const spread = member(trace(module, property.argument, within), name, within, module, property);
        if (spread.kind !== 'unknown') return spread;
        why = 'the object is spread from another';
      } else if (keyName(property.key, property.computed) === name)
        return trace(module, property.value, within);
    }
    return unknown(why);
  }
  if (node.type === 'ArrayExpression') {
    const element = node.elements[Number(name)];
    return element && element.type !== 'SpreadElement'
      ? trace(module, element, within)
      : unknown(`there is no element ${name}`);
  }
  if (node.type === 'TSEnumDeclaration') {
    const found = node.body.members.find((one) => keyName(one.id, false) === name);
    if (!found) return unknown(`the enum has no ${name}`);
    return found.initializer
      ? trace(module, found.initializer, within)
      : unknown('the enum member is a number');
  }
  if (node.type === 'TSModuleDeclaration') return traceNamespace(module, node, name, within);
  if (isClass(node)) return traceClassMember(module, node, name, within);
  return { kind: 'node', module: here, node: from, via: trail.via };
}

function traceNamespace(
  module: CodeModule,
  node: Extract<Node, { type: 'TSModuleDeclaration' }>,
  name: string,
  trail: Trail,
): Traced {
  const { body } = node;
  if (body?.type !== 'TSModuleBlock') return unknown('the namespace has no body');
  const [first] = body.body;
  return first ? traceName(module, name, first, trail) : unknown(`the namespace has no ${name}`);
}

/** A member of a class, static or of its instances, its own or inherited. */
export function traceClassMember(module: CodeModule, node: Class, name: string, from: Trail): Traced {
  const trail = deeper(from);
  if (!trail) return unknown('its classes inherit in a circle');
  const within = further(trail, 'class');
  const own = memberOfClass(node, name);
  if (own) return own.kind === 'value' ? trace(module, own.node, within) : unknown(own.why);
  const parent = superClassOf(module, node, within);
  if (!parent) return unknown(`the class has no ${name}`);
  if (parent.kind === 'node' && isClass(parent.node)) {
    const found = traceClassMember(parent.module, parent.node, name, within);
    const given = found.kind === 'parameter' ? givenToSuper(node, found.index) : undefined;
    return given ? trace(module, given, within) : found;
  }
  return unknown(`${name} is inherited from a class that is not read`);
}
