import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import type { CodeModule } from './module.ts';
import { textOf } from './text.ts';
import type { Modules } from './trail.ts';

/** The texts that an expression may be: a literal, a constant that holds one, a branch of a choice, or those of a list. */
export function literalsOf(module: CodeModule, expression: Node, modules: Modules): readonly string[] {
  const node = unwrapped(expression);
  switch (node.type) {
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap((one) => literalsOf(module, one, modules));
    case 'LogicalExpression':
      return node.operator === '&&' ? [] : literalsOf(module, node.right, modules);
    case 'ArrayExpression':
      return node.elements.flatMap((one) =>
        one && one.type !== 'SpreadElement' ? literalsOf(module, one, modules) : [],
      );
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
    case 'Identifier':
    case 'MemberExpression': {
      const found = textOf(module, node, modules);
      return found.text === undefined ? [] : [found.text, ...found.others];
    }
    default:
      return [];
  }
}
