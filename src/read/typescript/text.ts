import type { Node } from 'oxc-parser';
import type { Span } from '../../change/span.ts';
import { unwrapped } from './call-chain.ts';
import type { CodeModule } from './module.ts';
import { trace } from './trace.ts';
import { deeper, farther, type Modules, startTrail, type Traced, type Trail, type Via } from './trail.ts';

/** A stretch of a text that code puts together. */
export type Part =
  | {
      readonly kind: 'text';
      /** As the program sees it, escapes resolved. */
      readonly text: string;
      readonly module: CodeModule;
      /** UTF-16 offset in the file of each unit of `text`, where that is written out; else the whole stands at `start`. */
      readonly offsets: readonly number[] | 'plain';
      readonly start: number;
      readonly end: number;
      readonly via: Via;
      /** Where it is written, where that is another module than it stands in. */
      readonly writtenIn?: CodeModule;
    }
  /** A value that is not known. */
  | { readonly kind: 'hole'; readonly module: CodeModule; readonly node: Node; readonly traced: Traced };

/** Where a stretch of a part's text stands in the code; what is not written out there stands at the whole of it. */
export function spanWithin(part: Extract<Part, { kind: 'text' }>, from: number, to: number): Span {
  const { module, offsets, start } = part;
  const until = Math.min(to, part.text.length);
  if (offsets === 'plain') return module.span({ start: start + from, end: start + until });
  const first = offsets[from];
  return module.span(
    first === undefined ? part : { start: first, end: (offsets[until - 1] ?? part.end - 1) + 1 },
  );
}

/** A text that is known as a whole, or why it is not. `others` are the further texts of a choice. */
export type Text =
  | { readonly text: string; readonly others: readonly string[]; readonly via: Via; readonly part: Part }
  | { readonly text: undefined; readonly why: string };

/** The text that an expression stands for. */
export function textOf(module: CodeModule, expression: Node, modules: Modules): Text {
  const node = unwrapped(expression);
  if (
    node.type === 'ConditionalExpression' ||
    (node.type === 'LogicalExpression' && node.operator !== '&&')
  ) {
    const [left, right] =
      node.type === 'LogicalExpression' ? [node.left, node.right] : [node.consequent, node.alternate];
    const [first, second] = [textOf(module, left, modules), textOf(module, right, modules)];
    if (first.text === undefined) return second;
    if (second.text === undefined) return first;
    return {
      ...first,
      via: farther(first.via, second.via),
      others: [...first.others, second.text, ...second.others],
    };
  }
  const parts = partsOf(module, expression, startTrail(modules));
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'text' && isNull(only))
    return { text: undefined, why: 'it is null' };
  const hole = parts.find((part) => part.kind === 'hole');
  if (hole?.kind === 'hole') {
    if (
      parts.length === 1 &&
      hole.traced.kind === 'node' &&
      hole.traced.node !== node &&
      isChoice(hole.traced.node)
    )
      return textOf(hole.traced.module, hole.traced.node, modules);
    return { text: undefined, why: whyUnknown(hole.traced) };
  }
  const [part] = parts;
  if (!part) return { text: undefined, why: 'it is empty' };
  const via = parts.reduce<Via>((far, one) => (one.kind === 'text' ? farther(far, one.via) : far), 'literal');
  return { text: parts.map((one) => (one.kind === 'text' ? one.text : '')).join(''), others: [], via, part };
}

/** `null` is no text, though a template would make one of it. */
function isNull({ text, module, start, offsets }: Extract<Part, { kind: 'text' }>): boolean {
  return text === 'null' && offsets !== 'plain' && module.text.startsWith('null', start);
}

function isChoice(node: Node): boolean {
  return node.type === 'ConditionalExpression' || node.type === 'LogicalExpression';
}

/** Why a value is not known, in words. */
export function whyUnknown(traced: Traced): string {
  switch (traced.kind) {
    case 'unknown':
      return traced.why;
    case 'parameter':
      return 'it is a parameter';
    case 'item':
      return 'it is a loop variable';
    case 'external':
      return `it comes from ${traced.source}`;
    case 'module':
      return 'it is a whole module';
    case 'node':
      return traced.node.type === 'CallExpression'
        ? 'a function works it out'
        : 'it is put together at run time';
  }
}

/** The stretches of the text that an expression stands for: of templates, sums and joined lists each part by itself. */
export function partsOf(module: CodeModule, expression: Node, from: Trail): readonly Part[] {
  const node = unwrapped(expression);
  const trail = deeper(from);
  if (!trail) return [holeOf(module, node, { kind: 'unknown', why: 'it is too many steps away' })];
  switch (node.type) {
    case 'Literal':
      return [literalPart(module, node, trail)];
    case 'TemplateLiteral':
      return templateParts(module, node.quasis, node.expressions, trail);
    case 'BinaryExpression':
      if (node.operator === '+')
        return [node.left, node.right].flatMap((side) => inPlace(module, side, partsOf(module, side, trail)));
      return [holeOf(module, node, { kind: 'node', module, node, via: trail.via })];
    case 'CallExpression': {
      const joined = joinedList(module, node, trail);
      if (joined) return joined;
    }
  }
  const traced = trace(module, node, trail);
  if (traced.kind !== 'node' || traced.node === node) return [holeOf(module, node, traced)];
  const further: Trail = { ...trail, via: farther(trail.via, traced.via) };
  const found = traced.node;
  const isText =
    found.type === 'Literal' ||
    found.type === 'TemplateLiteral' ||
    found.type === 'BinaryExpression' ||
    found.type === 'CallExpression';
  if (!isText) return [holeOf(module, node, traced)];
  const parts = partsOf(traced.module, found, further);
  return parts.length === 1 && parts[0]?.kind === 'hole' ? [holeOf(module, node, traced)] : parts;
}

/**
 * The parts of a template, tagged or not. `bound`: its tag sends values beside the text, as parameters: a text that stands
 * where a value may stand is then a literal of SQL, and one that is put together is one unknown value.
 */
export function templateParts(
  module: CodeModule,
  quasis: readonly Extract<Node, { type: 'TemplateElement' }>[],
  expressions: readonly Node[],
  trail: Trail,
  bound = false,
): readonly Part[] {
  const [first] = quasis;
  // in TypeScript, not in JavaScript, the span of an element holds its delimiters
  const isDelimited =
    first !== undefined && first.start < first.end && module.text.charAt(first.start) === '`';
  return quasis.flatMap((quasi, index) => {
    const start = quasi.start + (isDelimited ? 1 : 0);
    const end = quasi.end - (isDelimited ? (quasi.tail ? 1 : 2) : 0);
    const own = writtenPart(module, module.text.slice(start, end), start, trail.via);
    const expression = expressions[index];
    const parts: readonly Part[] = own.text === '' ? [] : [own];
    if (!expression) return parts;
    const put = partsOf(module, expression, trail);
    const isValue = bound && isPlaceOfValue(own.text, quasis[index + 1]?.value.raw ?? '');
    return [...parts, ...(isValue ? boundValue(module, expression, put) : inPlace(module, expression, put))];
  });
}

/** Whether what stands between two texts of SQL can only be a value: after an operator, in a list of values, before a cast. */
function isPlaceOfValue(before: string, after: string): boolean {
  if (/^(?:[\w$."`]|')/.test(after) || /[\w$."'`]$/.test(before)) return false;
  return (
    /^::/.test(after) ||
    /(?:[=<>~!|+\-*/%@&#^?,(]|\b(?:like|ilike|in|any|all|between|then|else|limit|offset|interval|values|to|distinct\s+from))\s*$/i.test(
      before,
    )
  );
}

function boundValue(module: CodeModule, expression: Node, parts: readonly Part[]): readonly Part[] {
  const { start, end } = expression;
  const [part] = parts;
  const text = parts.map((one) => (one.kind === 'text' ? one.text : '')).join('');
  const isWhole = parts.every((one) => one.kind === 'text');
  if (part?.kind !== 'text' && parts.length <= 1) return parts;
  if (!isWhole || part?.kind !== 'text')
    return [holeOf(module, expression, { kind: 'unknown', why: 'it is put together at run time' })];
  const literal = isNumber(part, text) ? text : `'${text.replaceAll("'", "''")}'`;
  return [{ ...part, text: literal, module, offsets: [], start, end }];
}

/** A number, `true` and `null` are no text in code either. */
function isNumber({ module, start }: Extract<Part, { kind: 'text' }>, text: string): boolean {
  return /^(?:-?\d|true$|false$|null$)/.test(text) && !/['"`]/.test(module.text.charAt(start - 1));
}

/** A name that is written elsewhere stands where it is put in; a longer text keeps its own place. */
function inPlace(module: CodeModule, { start, end }: Node, parts: readonly Part[]): readonly Part[] {
  const [part] = parts;
  if (parts.length !== 1 || part?.kind !== 'text' || !/^[\w.$"'-]+$/.test(part.text)) return parts;
  const isHere = part.module === module && part.start >= start && part.end <= end;
  if (isHere) return parts;
  return [{ ...part, module, offsets: [], start, end, writtenIn: part.writtenIn ?? part.module }];
}

function holeOf(module: CodeModule, node: Node, traced: Traced): Part {
  return { kind: 'hole', module, node, traced };
}

function literalPart(module: CodeModule, node: Extract<Node, { type: 'Literal' }>, trail: Trail): Part {
  if (typeof node.value === 'string')
    return writtenPart(module, module.text.slice(node.start + 1, node.end - 1), node.start + 1, trail.via);
  const { start, end } = node;
  return { kind: 'text', text: String(node.value), module, offsets: [], start, end, via: trail.via };
}

/** A text as it is written between its quotes. */
function writtenPart(
  module: CodeModule,
  raw: string,
  start: number,
  via: Via,
): Extract<Part, { kind: 'text' }> {
  return { kind: 'text', ...writtenText(raw, start), module, start, end: start + raw.length, via };
}

/** The text of what is written between quotes from `start` of a file on, escapes resolved, and where each unit stands. */
export function writtenText(
  raw: string,
  start: number,
): { readonly text: string; readonly offsets: readonly number[] | 'plain' } {
  if (!raw.includes('\\')) return { text: raw, offsets: 'plain' };
  const offsets: number[] = [];
  let text = '';
  for (const match of raw.matchAll(/\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|\r\n|[\s\S])|[^\\]/gi)) {
    const unit = unescaped(match[0]);
    for (let at = 0; at < unit.length; at++) offsets.push(start + match.index);
    text += unit;
  }
  return { text, offsets };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};

function unescaped(unit: string): string {
  if (!unit.startsWith('\\')) return unit;
  const code = /^\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2}))$/i.exec(unit);
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  }
  const letter = unit.slice(1);
  return /^[\r\n\u2028\u2029]/.test(letter) ? '' : (ESCAPES[letter] ?? letter);
}

/** `[a, b].join(' ')`, and texts with `.trim()` after them. */
function joinedList(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  trail: Trail,
): readonly Part[] | undefined {
  const callee = unwrapped(node.callee);
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return undefined;
  const object = unwrapped(callee.object);
  if (/^(trim|trimStart|trimEnd|toString)$/.test(callee.property.name)) return partsOf(module, object, trail);
  if (callee.property.name !== 'join' || object.type !== 'ArrayExpression') return undefined;
  const [first] = node.arguments;
  const separator = first ? partsOf(module, first, trail) : [];
  return object.elements.flatMap((element, index) => {
    if (!element || element.type === 'SpreadElement') return [];
    return [...(index > 0 ? separator : []), ...inPlace(module, element, partsOf(module, element, trail))];
  });
}
