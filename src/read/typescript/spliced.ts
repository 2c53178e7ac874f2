import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { openQuote } from './fill-hole.ts';
import type { CodeModule } from './module.ts';
import { keyName } from './scope.ts';
import type { Part } from './text.ts';

/** Names that what comes from outside has. */
const INPUT = /^(req|request|params|searchParams|query|body|input|formData|payload|event)$/;

/**
 * Expressions that a text of SQL takes as they are, in the place of a value or from what comes from outside: `req.query.name`,
 * and parameters of a function that are texts. Values that a function works out may be escaped by it, and are left out.
 */
export function splicedIn(parts: readonly Part[]): readonly string[] | undefined {
  const found = new Set<string>();
  let before = '';
  for (const part of parts) {
    if (part.kind === 'text') before += part.text;
    else {
      const isInput = INPUT.test(rootOf(part.node));
      const inQuotes = openQuote(before) === "'";
      const isValue = inQuotes || /(=|<|>|\b(like|ilike|in|values|between))\s*\(?\s*$/i.test(before);
      if (part.traced.kind === 'parameter' && !isHarmless(part) && (isInput || isValue))
        found.add(part.module.text.slice(part.node.start, part.node.end).slice(0, 80));
      before += 'x';
    }
  }
  return found.size > 0 ? [...found] : undefined;
}

function rootOf(node: Node): string {
  let at = unwrapped(node);
  while (at.type === 'MemberExpression') at = unwrapped(at.object);
  return at.type === 'Identifier' ? at.name : '';
}

/** Numbers, dates, keys of a type and unions of literals cannot carry SQL; where the type of a member is not found, it may. */
function isHarmless({ traced, node }: Extract<Part, { kind: 'hole' }>): boolean {
  if (traced.kind !== 'parameter') return true;
  if (/^(tableName|table|column|columnName|schema|schemaName)$/.test(rootOf(node))) return true;
  const { type, path, module } = traced;
  const own = type && path !== undefined ? typeAt(module, type, path) : undefined;
  return own !== undefined && carriesNoSql(own);
}

function carriesNoSql(type: Node): boolean {
  if (type.type === 'TSUnionType')
    return type.types.every(
      (one) =>
        /^TS(Undefined|Null|Number|BigInt|Boolean)Keyword$/.test(one.type) ||
        one.type === 'TSLiteralType' ||
        isNamed(one),
    );
  return /^TS(Number|BigInt|Boolean)Keyword$|^TS(TypeOperator|LiteralType)$/.test(type.type) || isNamed(type);
}

function isNamed(type: Node): boolean {
  return (
    type.type === 'TSTypeReference' &&
    type.typeName.type === 'Identifier' &&
    !/^(string|String)$/.test(type.typeName.name)
  );
}

/** The type of a member, by type literals and the interfaces and aliases of the same file. */
function typeAt(module: CodeModule, type: Node, path: readonly string[]): Node | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return type;
  for (const member of membersOf(module, type))
    if (member.type === 'TSPropertySignature' && keyName(member.key, member.computed) === key)
      return member.typeAnnotation ? typeAt(module, member.typeAnnotation.typeAnnotation, rest) : undefined;
  return undefined;
}

function membersOf(module: CodeModule, type: Node): readonly Node[] {
  if (type.type === 'TSTypeLiteral') return type.members;
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return [];
  const { name } = type.typeName;
  for (const statement of module.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type === 'TSInterfaceDeclaration' && declared.id.name === name) return declared.body.body;
    if (declared?.type === 'TSTypeAliasDeclaration' && declared.id.name === name)
      return declared.typeAnnotation.type === 'TSTypeLiteral' ? declared.typeAnnotation.members : [];
  }
  return [];
}
