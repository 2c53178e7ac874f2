import type { Node } from 'oxc-parser';
import { lineStarts } from '../../change/span.ts';
import type { FoundQuery } from './family.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { keyName } from './scope.ts';
import { mentions } from './varying.ts';

/** What asks for the rows of one value, or of several: a list of values asks for those of all. */
const EQUAL = /^(=|==|in|is|is (not )?null|is not distinct)$/i;
/** What stands before a value that is compared by its order or searched for, where no column stands bare before it. */
const BEFORE_RANGE = /([<>]=?|<>|!=|\bi?like|\bbetween|@@|~\*?)\s*(\w*\s*\()?'?%?$/i;

/**
 * Whether a text of SQL compares one of the names otherwise than for equality: of a range or a search in each turn no list says
 * the same. What a value is compared with is what the parsed text says of the last column before it.
 */
export function asksForRange(
  module: CodeModule,
  { node, columns }: Pick<FoundQuery, 'node' | 'columns'>,
  names: ReadonlySet<string>,
): boolean {
  const values = [...valuesOf(module, node, names)];
  if (values.length === 0) return false;
  const starts = lineStarts(module.text);
  const filters = columns
    .filter(({ role, span }) => role === 'filter' && span.path === module.path)
    .map(({ span: { endLine, endColumn }, comparison }) => ({
      end: (starts[endLine - 1] ?? 0) + endColumn - 1,
      comparison,
    }));
  return values.some((at) => {
    const before = filters.filter(({ end }) => node.start <= end && end <= at);
    const { end, comparison } = before.reduce((one, other) => (other.end > one.end ? other : one), {
      end: node.start,
      comparison: undefined as string | undefined,
    });
    const between = module.text.slice(end, at);
    const isOfIt = !/\b(and|or|where|on|select|from)\b/i.test(between) || /\bbetween\b/i.test(between);
    return comparison !== undefined && isOfIt ? !EQUAL.test(comparison) : BEFORE_RANGE.test(between);
  });
}

/** Where the names are put into texts of SQL: the places of expressions, or of `$1`, `?` and `:name` that they are given for. */
function* valuesOf(module: CodeModule, query: Node, names: ReadonlySet<string>): Generator<number> {
  for (const node of nodesBelow(query)) {
    if (node.type === 'TemplateLiteral')
      for (const one of node.expressions) if (mentions(one, names)) yield one.start - '${'.length;
    if (node.type !== 'CallExpression') continue;
    const [text, given] = node.arguments;
    const isText =
      (text?.type === 'Literal' && typeof text.value === 'string') ||
      (text?.type === 'TemplateLiteral' && text.expressions.length === 0);
    if (!text || !isText || !given) continue;
    const source = module.text.slice(text.start, text.end);
    if (given.type === 'ObjectExpression') yield* namedValues(source, text.start, given, names);
    if (given.type !== 'ArrayExpression') continue;
    for (const [index, one] of given.elements.entries()) {
      if (!one || !mentions(one, names)) continue;
      const marks = [...source.matchAll(new RegExp(`\\$${index + 1}(?!\\d)`, 'g'))];
      const mark = [...source.matchAll(/\?/g)][index];
      for (const { index: at } of marks.length > 0 ? marks : mark ? [mark] : []) yield text.start + at;
    }
  }
}

/** `('seen > :since', { since })`. */
function* namedValues(
  source: string,
  start: number,
  { properties }: Extract<Node, { type: 'ObjectExpression' }>,
  names: ReadonlySet<string>,
): Generator<number> {
  for (const one of properties) {
    const key = one.type === 'Property' ? keyName(one.key, one.computed) : undefined;
    if (one.type !== 'Property' || key === undefined || !mentions(one.value, names)) continue;
    for (const { index } of source.matchAll(new RegExp(`(?<!:):${key.replaceAll(/\W/g, '')}\\b`, 'g')))
      yield start + index;
  }
}
