import type { Node } from 'oxc-parser';
import { type CodeModule, nodesBelow } from './module.ts';

/**
 * Whether what a call answers is taken as it is, where a promise would be waited for: a driver that is no network away, or a
 * memory of the rows. `const table = Table.findOne(name); table.columns`.
 */
export function isAnsweredAtOnce(module: CodeModule, call: Node): boolean {
  let child = call;
  let above = module.parentOf(child);
  while (above && /^(TSAs|TSNonNull|TSSatisfies|Parenthesized|Chain)/.test(above.type)) {
    child = above;
    above = module.parentOf(above);
  }
  if (above?.type === 'UnaryExpression') return above.operator === 'void';
  if (above?.type === 'MemberExpression') return isRead(module, above, child);
  if (above?.type !== 'VariableDeclarator' || above.init !== child) return false;
  if (above.id.type !== 'Identifier') return true;
  const { name } = above.id;
  const block = module.parentOf(above);
  const scope = block && module.parentOf(block);
  for (const node of scope ? nodesBelow(scope) : [])
    if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === name)
      if (
        module.bindingOf(name, node)?.node === module.bindingOf(name, above)?.node &&
        isRead(module, node, node.object)
      )
        return true;
  return false;
}

/** `answer.name`, which is no method of a promise or of a builder. */
function isRead(module: CodeModule, member: Node, object: Node): boolean {
  if (member.type !== 'MemberExpression' || member.object !== object) return false;
  const above = module.parentOf(member);
  return !(above?.type === 'CallExpression' && above.callee === member);
}
