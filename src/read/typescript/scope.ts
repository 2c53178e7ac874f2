import type { Class, Expression, Function as FunctionNode, Node } from 'oxc-parser';

/** How a name came to be: where a pattern took a part of a value, `path` holds its keys (`0` and on in arrays). */
export type Binding =
  | {
      readonly kind: 'variable';
      readonly node: Node;
      readonly init: Expression | undefined;
      /** Undefined where a rest or computed key makes it unknown. */
      readonly path: readonly string[] | undefined;
      /** Its type, as written. */
      readonly type: Node | undefined;
    }
  | {
      readonly kind: 'import';
      readonly node: Node;
      readonly source: string /** `default`, `*` or the exported name. */;
      readonly name: string;
    }
  | { readonly kind: 'function'; readonly node: FunctionNode }
  | { readonly kind: 'class'; readonly node: Class }
  | { readonly kind: 'enum' | 'namespace'; readonly node: Node }
  | {
      readonly kind: 'parameter';
      readonly node: Node;
      readonly of: Node;
      readonly index: number;
      readonly path: readonly string[] | undefined;
      readonly type: Node | undefined;
    }
  /** Declared in the head of `for … of` or `for … in`. */
  | { readonly kind: 'item'; readonly node: Node; readonly loop: Node }
  | { readonly kind: 'other'; readonly node: Node };

type Scopes = Map<Node, Map<string, Binding>>;
type ParentOf = (node: Node) => Node | undefined;

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const BLOCKS = new Set([
  'Program',
  'BlockStatement',
  'StaticBlock',
  'SwitchStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'CatchClause',
  'TSModuleBlock',
]);

/** Whether a node is a function of any form. */
export function isFunction(
  node: Node,
): node is Extract<Node, { type: 'ArrowFunctionExpression' }> | FunctionNode {
  return FUNCTIONS.has(node.type);
}

/** Whether names are declared in a node. */
export function isScope(node: Node): boolean {
  return BLOCKS.has(node.type) || FUNCTIONS.has(node.type) || node.type === 'ClassExpression';
}

/** Notes the names that a node declares. */
export function declare(node: Node, parentOf: ParentOf, scopes: Scopes): void {
  const put = (scope: Node | undefined, name: string, binding: Binding) => {
    if (!scope) return;
    const names = scopes.get(scope);
    if (!names) scopes.set(scope, new Map([[name, binding]]));
    else if (!names.has(name)) names.set(name, binding);
  };
  switch (node.type) {
    case 'VariableDeclarator': {
      const declaration = parentOf(node);
      const loop = declaration && parentOf(declaration);
      const isVar = declaration?.type === 'VariableDeclaration' && declaration.kind === 'var';
      const scope = scopeAbove(node, parentOf, isVar);
      const isItem =
        (loop?.type === 'ForOfStatement' || loop?.type === 'ForInStatement') && loop.left === declaration;
      for (const { name, path, node: id, type } of namesIn(node.id))
        put(
          scope,
          name,
          isItem
            ? { kind: 'item', node: id, loop }
            : { kind: 'variable', node: id, init: node.init ?? undefined, path, type },
        );
      return;
    }
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      if (node.id) {
        const scope = node.type === 'FunctionDeclaration' ? scopeAbove(node, parentOf, false) : node;
        put(scope, node.id.name, { kind: 'function', node: node as FunctionNode });
      }
      node.params.forEach((parameter, index) => {
        for (const { name, path, node: id, type } of namesIn(parameter))
          put(node, name, { kind: 'parameter', node: id, of: node, index, path, type });
      });
      return;
    case 'ClassDeclaration':
    case 'ClassExpression':
      if (node.id)
        put(node.type === 'ClassDeclaration' ? scopeAbove(node, parentOf, false) : node, node.id.name, {
          kind: 'class',
          node,
        });
      return;
    case 'TSEnumDeclaration':
      put(scopeAbove(node, parentOf, false), node.id.name, { kind: 'enum', node });
      return;
    case 'TSModuleDeclaration':
      if (node.id.type === 'Identifier')
        put(scopeAbove(node, parentOf, false), node.id.name, { kind: 'namespace', node });
      return;
    case 'ImportDeclaration':
      for (const one of node.specifiers)
        put(scopeAbove(node, parentOf, false), one.local.name, {
          kind: 'import',
          node: one,
          source: node.source.value,
          name: importedName(one),
        });
      return;
    case 'TSImportEqualsDeclaration':
      if (node.moduleReference.type === 'TSExternalModuleReference')
        put(scopeAbove(node, parentOf, false), node.id.name, {
          kind: 'import',
          node,
          source: node.moduleReference.expression.value,
          name: '*',
        });
      return;
    case 'CatchClause':
      if (node.param)
        for (const { name, node: id } of namesIn(node.param)) put(node, name, { kind: 'other', node: id });
      return;
  }
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  if (specifier.type !== 'ImportSpecifier') return 'default';
  const { imported } = specifier;
  return imported.type === 'Literal' ? imported.value : imported.name;
}

function scopeAbove(node: Node, parentOf: ParentOf, isVar: boolean): Node | undefined {
  for (let scope = parentOf(node); scope; scope = parentOf(scope)) {
    if (scope.type === 'Program' || scope.type === 'StaticBlock' || scope.type === 'TSModuleBlock')
      return scope;
    if (FUNCTIONS.has(scope.type)) return scope;
    if (!isVar && BLOCKS.has(scope.type)) return scope;
  }
  return undefined;
}

interface PatternName {
  readonly name: string;
  readonly path: readonly string[] | undefined;
  readonly node: Node;
  readonly type: Node | undefined;
}

/** The names that a pattern binds, each with the keys that lead to its value. */
export function namesIn(
  pattern: Node,
  path: readonly string[] | undefined = [],
  type?: Node,
): readonly PatternName[] {
  switch (pattern.type) {
    case 'Identifier':
      return [{ name: pattern.name, path, node: pattern, type: annotationOf(pattern) ?? type }];
    case 'AssignmentPattern':
      return namesIn(pattern.left, path);
    case 'TSParameterProperty':
      return namesIn(pattern.parameter, path);
    case 'RestElement':
      return namesIn(pattern.argument, undefined);
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => {
        if (property.type === 'RestElement') return namesIn(property.argument, undefined);
        const key = keyName(property.key, property.computed);
        return namesIn(property.value, path && key !== undefined ? [...path, key] : undefined);
      });
    case 'ArrayPattern':
      return pattern.elements.flatMap((element, index) =>
        element ? namesIn(element, path && [...path, String(index)]) : [],
      );
    default:
      return [];
  }
}

/** The type that is written beside a pattern. */
export function annotationOf(pattern: Node): Node | undefined {
  return 'typeAnnotation' in pattern && pattern.typeAnnotation?.type === 'TSTypeAnnotation'
    ? pattern.typeAnnotation.typeAnnotation
    : undefined;
}

/** The name of a key, where it is written out. */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (key.type === 'Literal') return key.value === null ? undefined : String(key.value);
  return !computed && (key.type === 'Identifier' || key.type === 'PrivateIdentifier') ? key.name : undefined;
}

/** The name that an expression ends with: `find` of `users.find` and of `find`; undefined where that is worked out. */
export function endName(expression: Node): string | undefined {
  if (expression.type === 'Identifier') return expression.name;
  return expression.type === 'MemberExpression'
    ? keyName(expression.property, expression.computed)
    : undefined;
}
