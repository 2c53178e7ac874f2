import type { Node } from 'oxc-parser';
import { unwrapped } from '../call-chain.ts';
import type { CodeModule } from '../module.ts';
import { keyName } from '../scope.ts';
import type { Filled } from '../sql-pieces.ts';
import { trace } from '../trace.ts';
import { type Modules, startTrail } from '../trail.ts';

/**
 * The name that a generated module would give: `const { table, fields } = toIdentifiers(UserRoles)` where `UserRoles` is
 * imported from a file that is not in the repository stands for `user_roles`, and `fields.roleId` for its `role_id`. It counts
 * only as far as a schema has it.
 */
export function nameByConvention(module: CodeModule, expression: Node, modules: Modules): Filled {
  const found = memberOfNamed(module, unwrapped(expression), modules);
  const [part, key] = found?.path ?? [];
  if (!found || found.path.length > 2) return undefined;
  if (part === 'table' && key === undefined)
    return { kind: 'name', text: `"${found.table}"`, via: 'convention' };
  if (part !== 'fields' || key === undefined) return undefined;
  return { kind: 'name', text: `"${found.table}"."${snakeCase(key)}"`, via: 'convention' };
}

interface NamedMember {
  readonly table: string;
  readonly path: readonly string[];
}

/** What is taken out of a call that is given one generated name: `roles.fields.id`, or a variable that holds it. */
function memberOfNamed(module: CodeModule, node: Node, modules: Modules): NamedMember | undefined {
  if (node.type === 'MemberExpression') {
    const key = keyName(node.property, node.computed);
    const owner = key === undefined ? undefined : memberOfNamed(module, unwrapped(node.object), modules);
    return owner && key !== undefined ? { ...owner, path: [...owner.path, key] } : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const binding = module.bindingOf(node.name, node);
  if (binding?.kind !== 'variable' || binding.init?.type !== 'CallExpression' || !binding.path)
    return undefined;
  const [first] = binding.init.arguments;
  if (first?.type !== 'Identifier' || !/^[A-Z]/.test(first.name)) return undefined;
  if (trace(module, first, startTrail(modules)).kind !== 'unknown') return undefined;
  return { table: snakeCase(first.name), path: binding.path };
}

/** The name in snake case, where that is another one. */
export function conventionOf(name: string): { readonly convention?: string } {
  const snake = snakeCase(name);
  return snake === name ? {} : { convention: snake };
}

/** `orderItems` as `order_items`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([A-Z])([A-Z])([a-z])/g, '$1_$2$3')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Words whose plural is their own, as the `inflection` package has them. */
const IRREGULAR: readonly (readonly [RegExp, string])[] = [
  [/(series|news|people|data|media|information|equipment|children)$/i, '$1'],
  [/erson$/, 'eople'],
  [/hild$/, 'hildren'],
  [/(^|[a-z])man$/, '$1men'],
  [/((?:li|wi|kni)|(?:hal|cal|shel|lea|loa|thie|wol))fe?$/i, '$1ves'],
  [/(matr|vert|ind)(?:ix|ex)$/i, '$1ices'],
  [/sis$/, 'ses'],
  [/([^aeiou])y$/i, '$1ies'],
  [/(s|x|z|ch|sh)$/i, '$1es'],
];

/** `person` as `people`, `entry` as `entries`: the plural that ORMs name a table with. */
export function pluralOf(word: string): string {
  const rule = IRREGULAR.find(([ending]) => ending.test(word));
  return rule ? word.replace(rule[0], rule[1]) : `${word}s`;
}
