import { posix } from 'node:path';
import type { Expression, Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import type { CodeModule } from './module.ts';
import { keyName } from './scope.ts';

/** Constants that one value may be followed through. */
const LONGEST = 20;

/**
 * The texts that an expression of a configuration stands for, where its file alone tells them: literals, lists, constants,
 * templates, and paths that Node's `path` and `URL` put together. Those made from the file's own place start with `/`, the
 * top of the tree, and what is relative to the current folder stays so. Undefined: only running it would tell.
 */
export function knownTexts(module: CodeModule, node: Node, depth = 0): readonly string[] | undefined {
  if (depth > LONGEST) return undefined;
  const inner = unwrapped(node);
  const known = (one: Node | null | undefined) =>
    one && one.type !== 'SpreadElement' ? knownTexts(module, one, depth + 1) : undefined;
  switch (inner.type) {
    case 'Literal':
      return typeof inner.value === 'string' ? [inner.value] : undefined;
    case 'ArrayExpression':
      return all(inner.elements.map(known))?.flat();
    case 'ConditionalExpression':
      return all([known(inner.consequent), known(inner.alternate)])?.flat();
    case 'LogicalExpression':
      // what the environment may say otherwise is no part of the repository
      return inner.operator === '&&' ? undefined : (known(inner.left) ?? known(inner.right));
    case 'TemplateLiteral':
      return joined(
        inner.quasis.flatMap(({ value }, index) => [
          [value.cooked ?? value.raw],
          ...(index < inner.expressions.length ? [known(inner.expressions[index])] : []),
        ]),
        (parts) => parts.join(''),
      );
    case 'BinaryExpression':
      return inner.operator === '+'
        ? joined([known(inner.left), known(inner.right)], (parts) => parts.join(''))
        : undefined;
    case 'Identifier':
      return ofName(module, inner.name, inner, depth);
    case 'MemberExpression':
      return ofMember(module, inner, depth);
    case 'NewExpression':
      return calleeName(inner.callee) === 'URL' ? ofUrl(inner.arguments.map(known)) : undefined;
    case 'CallExpression':
      return ofCall(inner.callee, inner.arguments.map(known));
    default:
      return undefined;
  }
}

type Known = readonly string[] | undefined;

function all(parts: readonly Known[]): readonly (readonly string[])[] | undefined {
  const found = parts.flatMap((one) => (one ? [one] : []));
  return found.length === parts.length ? found : undefined;
}

/** Of several parts of one text at most one may be a choice. */
function joined(parts: readonly Known[], join: (parts: readonly string[]) => string): Known {
  const found = all(parts);
  const choice = found?.find(({ length }) => length !== 1) ?? [''];
  if (!found || found.filter(({ length }) => length !== 1).length > 1) return undefined;
  return choice.map((one) => join(found.map((part) => (part === choice ? one : (part[0] ?? '')))));
}

function ofName(module: CodeModule, name: string, from: Node, depth: number): Known {
  const binding = module.bindingOf(name, from);
  if (binding?.kind === 'variable')
    return binding.init && binding.path?.length === 0 && !module.isReassigned(name)
      ? knownTexts(module, binding.init, depth + 1)
      : undefined;
  if (binding) return undefined;
  if (name === '__dirname') return [folderOf(module)];
  return name === '__filename' ? [`/${module.path}`] : undefined;
}

function ofMember(
  module: CodeModule,
  { object, property, computed }: Extract<Node, { type: 'MemberExpression' }>,
  depth: number,
): Known {
  const name = keyName(property, computed);
  if (object.type === 'MetaProperty') {
    if (name === 'dirname') return [folderOf(module)];
    return name === 'url' || name === 'filename' ? [`/${module.path}`] : undefined;
  }
  return name === 'pathname' || name === 'href' ? knownTexts(module, object, depth + 1) : undefined;
}

function ofUrl([path, from]: readonly Known[]): Known {
  return joined([from, path], ([base = '', to = '']) => posix.join(posix.dirname(base), to));
}

function ofCall(callee: Expression, given: readonly Known[]): Known {
  switch (calleeName(callee)) {
    case 'cwd':
      return ['.'];
    case 'fileURLToPath':
    case 'pathToFileURL':
    case 'normalize':
    case 'String':
      return given[0];
    case 'dirname':
      return given[0]?.map((one) => posix.dirname(one));
    case 'relative':
      return given[1]; // from the current folder, from where it is looked up
    case 'join':
      return joined(given, (parts) => posix.join(...parts));
    case 'resolve':
      return joined(given, (parts) => {
        const last = parts.findLastIndex((one) => one.startsWith('/'));
        return posix.join(...parts.slice(Math.max(last, 0)));
      });
    default:
      return undefined;
  }
}

function calleeName(callee: Node): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? keyName(callee.property, callee.computed) : undefined;
}

function folderOf({ path }: CodeModule): string {
  return posix.join('/', posix.dirname(path));
}
