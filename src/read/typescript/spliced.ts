import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { openQuote } from './fill-hole.ts';
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

/** Numbers, dates, keys of a type and unions of literals cannot carry SQL; of members of a parameter the type is not known. */
function isHarmless({ traced, node }: Extract<Part, { kind: 'hole' }>): boolean {
  if (traced.kind !== 'parameter') return true;
  if (/^(tableName|table|column|columnName|schema|schemaName)$/.test(rootOf(node))) return true;
  const { type, path } = traced;
  if (!type || path === undefined || path.length > 0) return false;
  if (type.type === 'TSUnionType')
    return type.types.every((one) => one.type === 'TSLiteralType' || one.type === 'TSUndefinedKeyword');
  return /^TS(Number|BigInt|Boolean)Keyword$|^TS(TypeOperator|LiteralType)$/.test(type.type) || isNamed(type);
}

function isNamed(type: Node): boolean {
  return (
    type.type === 'TSTypeReference' &&
    type.typeName.type === 'Identifier' &&
    !/^(string|String)$/.test(type.typeName.name)
  );
}
