import type { Class, Node } from 'oxc-parser';
import { unwrapped } from '../../call-chain.ts';
import { isClass, superClassOf } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { type Modules, startTrail } from '../../trail.ts';

/** A decorator by its name, with its arguments. */
export interface Decorator {
  readonly name: string;
  readonly callee: Node;
  readonly args: readonly Node[];
}

/** The decorators of a class or property. */
export function decoratorsOf(node: Node): readonly Decorator[] {
  const decorators = 'decorators' in node ? (node.decorators ?? []) : [];
  return decorators.flatMap(({ expression }) => {
    const call = expression.type === 'CallExpression' ? expression : undefined;
    const callee = unwrapped(call?.callee ?? expression);
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression'
          ? keyName(callee.property, callee.computed)
          : undefined;
    return name === undefined ? [] : [{ name, callee, args: call?.arguments ?? [] }];
  });
}

/** A property of an entity, where it is written. */
export interface Property {
  readonly module: CodeModule;
  readonly node: Node;
  readonly name: string;
}

/** The properties of a class with decorators, those of the classes that it extends first. */
export function propertiesOf(
  module: CodeModule,
  node: Class,
  modules: Modules,
  depth: number,
): readonly Property[] {
  const parent = depth < 8 ? superClassOf(module, node, startTrail(modules)) : undefined;
  const inherited =
    parent?.kind === 'node' && isClass(parent.node)
      ? propertiesOf(parent.module, parent.node, modules, depth + 1)
      : [];
  const own = node.body.body.flatMap((element): readonly Property[] => {
    const isMember =
      element.type === 'PropertyDefinition' ||
      element.type === 'AccessorProperty' ||
      element.type === 'MethodDefinition' ||
      element.type === 'TSAbstractPropertyDefinition';
    if (!isMember || !('decorators' in element) || element.decorators.length === 0) return [];
    const name = keyName(element.key, element.computed);
    return name === undefined ? [] : [{ module, node: element, name }];
  });
  const names = new Set(own.map(({ name }) => name));
  return [...inherited.filter(({ name }) => !names.has(name)), ...own];
}

/** The type of a property as code writes it. */
export function writtenType(node: Node): Node | undefined {
  return 'typeAnnotation' in node && node.typeAnnotation?.type === 'TSTypeAnnotation'
    ? node.typeAnnotation.typeAnnotation
    : undefined;
}
