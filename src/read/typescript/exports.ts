import type { Node } from 'oxc-parser';
import type { CodeModule } from './module.ts';
import { keyName, namesIn } from './scope.ts';

/** What stands behind a name that a module exports. */
export type Exported =
  | { readonly kind: 'node'; readonly node: Node }
  /** A name of the module itself. */
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'from'; readonly source: string; readonly name: string }
  /** One of these modules may have it: `export * from`. */
  | { readonly kind: 'star'; readonly sources: readonly string[] };

interface Exports {
  readonly named: ReadonlyMap<string, Exported>;
  readonly stars: readonly string[];
}

const known = new WeakMap<CodeModule, Exports>();

/** What a module exports under a name; undefined where it certainly has no such export. */
export function exportedFrom(module: CodeModule, name: string): Exported | undefined {
  const { named, stars } = exportsOf(module);
  const found = named.get(name);
  if (found) return found;
  return stars.length > 0 && name !== 'default' ? { kind: 'star', sources: stars } : undefined;
}

/** The names under which a module exports something of its own or of others, `export *` aside. */
export function exportedNames(module: CodeModule): readonly string[] {
  return [...exportsOf(module).named.keys()];
}

/** What a module passes on of other modules; undefined where only running it would tell. */
export function passedOn(module: CodeModule): readonly string[] | undefined {
  const { named, stars } = exportsOf(module);
  if (/\bmodule\.exports\b/.test(module.text)) return undefined;
  const sources = [...named.values()].flatMap((one) => {
    const from = one.kind === 'local' ? module.bindingOf(one.name, module.program) : one;
    // a whole module under one name is no export of what is in it
    return (from?.kind === 'from' || from?.kind === 'import') && from.name !== '*' ? [from.source] : [];
  });
  return [...new Set([...stars, ...sources])];
}

/** The names that a module exports itself, with what stands behind each, and the modules that it passes on whole. */
function exportsOf(module: CodeModule): Exports {
  const before = known.get(module);
  if (before) return before;
  const named = new Map<string, Exported>();
  const stars: string[] = [];
  for (const statement of module.program.body) {
    switch (statement.type) {
      case 'ExportAllDeclaration':
        if (statement.exported)
          named.set(nameOf(statement.exported), { kind: 'from', source: statement.source.value, name: '*' });
        else stars.push(statement.source.value);
        break;
      case 'ExportNamedDeclaration':
        for (const name of declaredIn(statement.declaration)) named.set(name, { kind: 'local', name });
        for (const one of statement.specifiers) {
          const local = nameOf(one.local);
          const source = statement.source?.value;
          named.set(
            nameOf(one.exported),
            source ? { kind: 'from', source, name: local } : { kind: 'local', name: local },
          );
        }
        break;
      case 'ExportDefaultDeclaration':
        named.set('default', { kind: 'node', node: statement.declaration });
        break;
      case 'TSExportAssignment':
        named.set('default', { kind: 'node', node: statement.expression });
        break;
      case 'ExpressionStatement':
        addCommonJs(statement.expression, named);
    }
  }
  const found = { named, stars };
  known.set(module, found);
  return found;
}

function nameOf(node: Node): string {
  if (node.type === 'Literal') return String(node.value);
  return node.type === 'Identifier' ? node.name : '';
}

function declaredIn(declaration: Node | null): readonly string[] {
  if (!declaration) return [];
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => namesIn(id).map(({ name }) => name));
  return 'id' in declaration && declaration.id && declaration.id.type === 'Identifier'
    ? [declaration.id.name]
    : [];
}

/** `module.exports = …`, `module.exports.a = …`, `exports.a = …`. */
function addCommonJs(expression: Node, named: Map<string, Exported>): void {
  if (expression.type !== 'AssignmentExpression') return;
  const path = dotted(expression.left);
  if (path?.[0] === 'module') path.shift();
  if (path?.[0] !== 'exports') return;
  const { right } = expression;
  const [, name] = path;
  if (path.length === 2 && name) named.set(name, { kind: 'node', node: right });
  if (path.length !== 1) return;
  named.set('default', { kind: 'node', node: right });
  if (right.type !== 'ObjectExpression') return;
  for (const property of right.properties) {
    if (property.type === 'SpreadElement') continue;
    const key = keyName(property.key, property.computed);
    if (key !== undefined) named.set(key, { kind: 'node', node: property.value });
  }
}

function dotted(node: Node): string[] | undefined {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier')
    return undefined;
  const object = dotted(node.object);
  return object && [...object, node.property.name];
}
