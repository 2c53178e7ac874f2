import type { Expression, Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { type Binding, keyName } from './scope.ts';

/** What is done to a variable after its declaration. */
interface Assignments {
  /** `where = …` */
  readonly values: readonly Expression[];
  /** `where.name = …`; no key where it is computed. */
  readonly members: readonly Member[];
  /** `conditions.push(…)` */
  readonly pushed: readonly Node[];
}

interface Member {
  readonly key: string | undefined;
  readonly keyNode: Node;
  readonly value: Expression;
}

type Change =
  | { readonly kind: 'value'; readonly name: Node; readonly value: Expression }
  | { readonly kind: 'member'; readonly name: Node; readonly member: Member }
  | { readonly kind: 'pushed'; readonly name: Node; readonly nodes: readonly Node[] };

const known = new WeakMap<CodeModule, ReadonlyMap<string, readonly Change[]>>();

/** What a module does to one of its variables after its declaration. */
export function assignmentsTo(module: CodeModule, name: string, binding: Binding): Assignments {
  const own = (changesIn(module).get(name) ?? []).filter(
    (change) => module.bindingOf(name, change.name)?.node === binding.node,
  );
  return {
    values: own.flatMap((change) => (change.kind === 'value' ? change.value : [])),
    members: own.flatMap((change) => (change.kind === 'member' ? change.member : [])),
    pushed: own.flatMap((change) => (change.kind === 'pushed' ? change.nodes : [])),
  };
}

function changesIn(module: CodeModule): ReadonlyMap<string, readonly Change[]> {
  const before = known.get(module);
  if (before) return before;
  const found = new Map<string, Change[]>();
  const add = (name: Node, change: Change) => {
    if (name.type !== 'Identifier') return;
    const list = found.get(name.name);
    if (list) list.push(change);
    else found.set(name.name, [change]);
  };
  for (const node of nodesBelow(module.program)) {
    if (node.type === 'AssignmentExpression') {
      const { left, right: value } = node;
      if (left.type === 'Identifier') add(left, { kind: 'value', name: left, value });
      if (left.type !== 'MemberExpression') continue;
      const name = unwrapped(left.object);
      const key = keyName(left.property, left.computed);
      add(name, { kind: 'member', name, member: { key, keyNode: left.property, value } });
    } else if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      const { object, property, computed } = node.callee;
      if (keyName(property, computed) === 'push')
        add(unwrapped(object), { kind: 'pushed', name: unwrapped(object), nodes: node.arguments });
    }
  }
  known.set(module, found);
  return found;
}
