import type { Node } from 'oxc-parser';
import { isClass } from './members.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction, keyName } from './scope.ts';

/** What a framework calls by its name: `GET`, `loader`, `getServerSideProps`, `onModuleInit`, `handleJob`. */
const BY_CONVENTION =
  /^([A-Z]+|index|show|store|edit|find|get|list|create|update|patch|remove|delete|destroy|setup|resolve|call|invoke|loader|action|load|main|middleware|register|scheduled|fetch|queue|email|up|down|run|process|perform|execute|use|catch|intercept|transform|validate|canActivate|get(ServerSide|Static|Initial)\w+|generate(Metadata|Static\w+|Sitemaps)|(on|before|after|handle)[A-Z]\w*|handler?|default)$/;

/**
 * The names by which the code that a node runs in is reached from other files: of its function or method, and of its class.
 * Only those that its own file names nowhere else, and that no framework calls by convention, decorator or inheritance.
 */
export function calledAs(module: CodeModule, node: Node): readonly string[] {
  let outermost: Node | undefined;
  for (let above = module.parentOf(node); above; above = module.parentOf(above))
    if (isFunction(above)) outermost = above;
  const declared = outermost && declarationOf(module, outermost);
  if (!declared) return [];
  const { at } = declared;
  const around = at.type === 'MethodDefinition' ? module.parentOf(module.parentOf(at) ?? at) : undefined;
  if (!around || !isClass(around)) return onlyNamed(module, declared) ? [declared.name] : [];
  if (around.superClass || (around.implements ?? []).length > 0 || isDefault(module, around)) return [];
  const { id, decorators } = around;
  const isOpen = id && decorators.length === 0;
  const both = isOpen ? [declared, { name: id.name, at: around }] : [declared];
  return both.filter((one) => onlyNamed(module, one)).map(({ name }) => name);
}

interface Declared {
  readonly name: string;
  readonly at: Node;
}

/** `function names() {}`, `const names = () => …`, a method without a decorator; nothing of what only a file's default is. */
function declarationOf(module: CodeModule, outermost: Node): Declared | undefined {
  if (outermost.type === 'FunctionDeclaration')
    return outermost.id && !isDefault(module, outermost)
      ? { name: outermost.id.name, at: outermost }
      : undefined;
  const at = module.parentOf(outermost);
  if (at?.type === 'VariableDeclarator')
    return at.id.type === 'Identifier' ? { name: at.id.name, at } : undefined;
  if (at?.type !== 'MethodDefinition' || at.kind !== 'method' || at.decorators.length > 0) return undefined;
  if (at.key.type === 'PrivateIdentifier') return undefined;
  const name = keyName(at.key, at.computed);
  return name === undefined ? undefined : { name, at };
}

function isDefault(module: CodeModule, declared: Node): boolean {
  return module.parentOf(declared)?.type === 'ExportDefaultDeclaration';
}

function isNameOf(node: Node, name: string): boolean {
  return (node.type === 'Identifier' || node.type === 'JSXIdentifier') && node.name === name;
}

/** Whether a file has a name where it is declared, and nowhere else but in what it declares. */
function onlyNamed({ program }: CodeModule, { name, at }: Declared): boolean {
  if (BY_CONVENTION.test(name)) return false;
  for (const node of nodesBelow(program, (inner) => inner !== at))
    if (isNameOf(node, name) && (node.start < at.start || node.end > at.end)) return false;
  return true;
}
