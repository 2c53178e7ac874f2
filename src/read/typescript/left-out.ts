import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction } from './scope.ts';

/** Parameters that say where a query is sent or in what it runs, not which rows are meant. */
const SURROUNDINGS =
  /^(_.*|t|tx|trx|transaction|db|database|conn|connection|client|pool|manager|em|entityManager|queryRunner|session|prisma|knex|sql|repo|repository|c|ctx|context|req|res|request|response|reply|next|event|log|logger|opts|options|config|signal|done|resolve|reject|job|helpers|resolved|root|parent|info)$/;

/**
 * Names that a function takes and that have no part in a query of it, not even through what it works out of them or asks in
 * an `if`: of the nearest function that takes any, up to the one that has a name.
 */
export function leftOut(module: CodeModule, query: Node): readonly string[] {
  for (let above = module.parentOf(query); above; above = module.parentOf(above)) {
    if (!isFunction(above)) continue;
    const taken = above.params.flatMap(namesOf).filter((name) => !SURROUNDINGS.test(name));
    if (taken.length > 0 && above.body) {
      const used = usedBy(query, above.body);
      return taken.filter((name) => !used.has(name));
    }
    if (module.parentOf(above)?.type !== 'CallExpression') return [];
  }
  return [];
}

function usedBy(query: Node, body: Node): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (nodes: readonly Node[]) => {
    for (const root of nodes)
      for (const node of nodesBelow(root)) if (node.type === 'Identifier') used.add(node.name);
  };
  add(saying(query));
  const declared: { readonly names: readonly string[]; readonly init: Node }[] = [];
  for (const node of nodesBelow(body)) {
    if (/^(If|Switch|While)Statement$|^ConditionalExpression$/.test(node.type)) add(testOf(node));
    if (node.type === 'VariableDeclarator' && node.init)
      declared.push({ names: namesOf(node.id), init: node.init });
    if (node.type === 'AssignmentExpression') declared.push({ names: namesOf(node.left), init: node.right });
    if (node.type === 'ForOfStatement') declared.push({ names: loopNames(node.left), init: node.right });
  }
  for (let before = -1; before < used.size; ) {
    before = used.size;
    for (const { names, init } of declared) if (names.some((name) => used.has(name))) add([init]);
  }
  return used;
}

/** The parts of a query that can say which rows are meant: not the values of a text of SQL that has no place for any. */
function saying(query: Node): readonly Node[] {
  const node = unwrapped(query);
  if (node.type !== 'CallExpression') return [node];
  const [first] = node.arguments;
  const text =
    first?.type === 'Literal' && typeof first.value === 'string'
      ? first.value
      : first?.type === 'TemplateLiteral' && first.expressions.length === 0
        ? (first.quasis[0]?.value.raw ?? '')
        : undefined;
  const hasPlace = text === undefined || !/\s/.test(text) || /\$\d|\?|[:@]\w/.test(text);
  return hasPlace ? [node] : [node.callee];
}

function testOf(node: Node): readonly Node[] {
  if (node.type === 'SwitchStatement') return [node.discriminant];
  return node.type === 'IfStatement' ||
    node.type === 'WhileStatement' ||
    node.type === 'ConditionalExpression'
    ? [node.test]
    : [];
}

function loopNames(left: Node): readonly string[] {
  return left.type === 'VariableDeclaration'
    ? left.declarations.flatMap(({ id }) => namesOf(id))
    : namesOf(left);
}

/** The names that a pattern gives; of a member that is written to, the name of its owner. */
function namesOf(pattern: Node): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesOf(pattern.left);
    case 'RestElement':
      return namesOf(pattern.argument);
    case 'TSParameterProperty':
      return namesOf(pattern.parameter);
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one ? namesOf(one) : []));
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesOf(one.type === 'Property' ? one.value : one));
    case 'MemberExpression':
      return namesOf(pattern.object);
    default:
      return [];
  }
}
