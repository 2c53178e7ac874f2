import type { Class, Expression, Node } from 'oxc-parser';
import type { CodeModule } from './module.ts';
import { isFunction, keyName } from './scope.ts';
import { trace } from './trace.ts';
import type { Traced, Trail } from './trail.ts';

/** What a class says of one of its members: the expression that gives its value, or why there is none. */
export type Member =
  | { readonly kind: 'value'; readonly node: Node }
  | { readonly kind: 'unknown'; readonly why: string };

/** A member of a class's own, static or not: a property, a getter or method, or what its constructor assigns. */
export function memberOfClass(node: Class, name: string): Member | undefined {
  for (const element of node.body.body) {
    if (
      element.type !== 'PropertyDefinition' &&
      element.type !== 'MethodDefinition' &&
      element.type !== 'AccessorProperty'
    )
      continue;
    if (keyName(element.key, element.computed) !== name) continue;
    if (element.type !== 'MethodDefinition') {
      if (element.value) return { kind: 'value', node: element.value };
      return assignedIn(node, name) ?? { kind: 'unknown', why: `${name} is a field without a value` };
    }
    if (element.kind !== 'get') return { kind: 'value', node: element.value };
    const returned = returnOf(element.value);
    return returned
      ? { kind: 'value', node: returned }
      : { kind: 'unknown', why: `${name} is worked out by a getter` };
  }
  return assignedIn(node, name);
}

function returnOf(node: Node): Expression | undefined {
  if (!isFunction(node) || node.body?.type !== 'BlockStatement') return undefined;
  const [only, second] = node.body.body;
  return only?.type === 'ReturnStatement' && !second ? (only.argument ?? undefined) : undefined;
}

/** What the constructor gives a field: `this.name = …`, or a parameter that is a field. */
function assignedIn(node: Class, name: string): Member | undefined {
  const made = constructorOf(node);
  if (!made) return undefined;
  for (const parameter of made.params)
    if (parameter.type === 'TSParameterProperty') {
      const inner =
        parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
      if (inner.type === 'Identifier' && inner.name === name) return { kind: 'value', node: inner };
    }
  for (const statement of made.body?.body ?? []) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression')
      continue;
    const { left, right } = statement.expression;
    if (
      left.type === 'MemberExpression' &&
      left.object.type === 'ThisExpression' &&
      keyName(left.property, left.computed) === name
    )
      return { kind: 'value', node: right };
  }
  return undefined;
}

/** The constructor of a class, if it has one of its own. */
export function constructorOf(node: Class) {
  for (const element of node.body.body)
    if (element.type === 'MethodDefinition' && element.kind === 'constructor') return element.value;
  return undefined;
}

/** What a class's constructor gives to the one that it extends, by place; undefined where it has no constructor. */
export function givenToSuper(node: Class, index: number): Node | undefined {
  for (const statement of constructorOf(node)?.body?.body ?? []) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') continue;
    const { callee, arguments: args } = statement.expression;
    if (callee.type === 'Super') return args[index];
  }
  return undefined;
}

/** Whether a node is a class of any form. */
export function isClass(node: Node): node is Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** Where the class that a class extends is written; undefined for one that extends nothing. */
export function superClassOf(module: CodeModule, node: Class, trail: Trail): Traced | undefined {
  return node.superClass ? trace(module, node.superClass, trail) : undefined;
}
