import type { Node } from 'oxc-parser';
import { unwrapped } from '../call-chain.ts';
import type { CodeModule } from '../module.ts';
import { isFunction, keyName } from '../scope.ts';
import { writtenText } from '../text.ts';
import { callValue } from './call.ts';
import { listValue, objectValue } from './compose.ts';
import { create } from './create.ts';
import { memberOf } from './member.ts';
import { nameValue } from './name-value.ts';
import { operate } from './operate.ts';
import { bindPattern } from './pattern.ts';
import { type PlacedSql, plainText } from './placed-sql.ts';
import { MOST_STEPS, perhaps, type Run } from './run.ts';
import {
  type Frame,
  isNothing,
  isTruthy,
  placedText,
  plainValue,
  reaches,
  type Site,
  textOfValue,
  UNDEFINED,
  unknown,
  type Value,
  whyNotKnown,
} from './value.ts';

/** What an expression comes to. Functions that it calls are followed; nothing is executed. */
export function evaluate(run: Run, module: CodeModule, frame: Frame, expression: Node): Value {
  if (++run.steps > MOST_STEPS) return unknown('it takes too many steps to work out');
  const node = unwrapped(expression);
  const within = (inner: Node) => evaluate(run, module, frame, inner);
  const site: Site = { run, module, node };
  switch (node.type) {
    case 'Literal':
      return literal(module, node);
    case 'TemplateLiteral':
      return template(run, module, frame, node);
    case 'TaggedTemplateExpression': {
      const tag = within(node.tag);
      const values = node.quasi.expressions.map(within);
      if (tag.kind !== 'host' || !tag.tag) return unknown('a function makes it of a template', reaches(tag));
      return tag.tag({ texts: textsOf(module, node.quasi), values }, site);
    }
    case 'Identifier':
      return nameValue(run, module, frame, node.name, node);
    case 'ThisExpression':
      return thisValue(frame, module, node);
    case 'ArrayExpression':
      return listValue(run, module, frame, node.elements);
    case 'ObjectExpression':
      return objectValue(run, module, frame, node);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return { kind: 'function', module, node, frame, self: thisOf(frame, module, node) };
    case 'ClassExpression':
      return { kind: 'class', module, node, frame };
    case 'MemberExpression': {
      const receiver = within(node.object);
      if (node.optional && isNothing(receiver)) return UNDEFINED;
      const name = memberName(run, module, frame, node);
      return name === undefined ? unknown('it is a computed member') : memberOf(receiver, name, site);
    }
    case 'CallExpression':
      return call(run, module, frame, node);
    case 'NewExpression':
      return create(within(node.callee), argumentsOf(run, module, frame, node.arguments), site);
    case 'AwaitExpression':
      return settle(within(node.argument), { run, module, node: node.argument });
    case 'ConditionalExpression': {
      const test = isTruthy(within(node.test));
      if (test !== undefined) return within(test ? node.consequent : node.alternate);
      const why = 'it depends on a condition that is not known';
      perhaps(site, why, [() => within(node.consequent), () => within(node.alternate)]);
      return unknown(why);
    }
    case 'LogicalExpression': {
      const left = within(node.left);
      const known = node.operator === '??' ? leftIsSomething(left) : isTruthy(left);
      if (known !== undefined) return known === (node.operator !== '&&') ? left : within(node.right);
      perhaps(site, 'it depends on a condition that is not known', [() => within(node.right)]);
      return unknown(left.kind === 'unknown' ? left.why : 'it is not known');
    }
    case 'UnaryExpression':
    case 'BinaryExpression':
    case 'UpdateExpression':
      return operate(run, module, frame, node);
    case 'AssignmentExpression': {
      const value = within(node.right);
      if (node.operator === '=') return assign(run, module, frame, node.left, value);
      const before = within(node.left);
      const text = node.operator === '+=' ? addition(before, value) : undefined;
      return assign(run, module, frame, node.left, text ?? unknown('it is assigned to step by step'));
    }
    case 'SequenceExpression':
      return node.expressions.map(within).at(-1) ?? UNDEFINED;
    case 'ImportExpression':
      return unknown('it is imported when it runs');
    default:
      return unknown('it is worked out when it runs');
  }
}

function leftIsSomething(value: Value): boolean | undefined {
  return value.kind === 'unknown' ? undefined : !isNothing(value);
}

function literal(module: CodeModule, node: Extract<Node, { type: 'Literal' }>): Value {
  const { value, start, end } = node;
  if (typeof value === 'string')
    return { kind: 'text', sql: placed(module, module.text.slice(start + 1, end - 1), start + 1) };
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return { kind: 'plain', value, place: { module, start, end } };
  return unknown('it is a regular expression');
}

/** An empty text keeps its place too. */
function placed(module: CodeModule, raw: string, start: number): PlacedSql {
  const { text, offsets } = writtenText(raw, start);
  return [{ text, place: { module, start, end: start + raw.length, offsets } }];
}

type Template = Extract<Node, { type: 'TemplateLiteral' }>;

function textsOf(module: CodeModule, { quasis }: Template): readonly PlacedSql[] {
  const [first] = quasis;
  // in TypeScript, not in JavaScript, the span of an element holds its delimiters
  const isDelimited =
    first !== undefined && first.start < first.end && module.text.charAt(first.start) === '`';
  return quasis.map((quasi) => {
    const start = quasi.start + (isDelimited ? 1 : 0);
    const end = quasi.end - (isDelimited ? (quasi.tail ? 1 : 2) : 0);
    return placed(module, module.text.slice(start, end), start);
  });
}

function template(run: Run, module: CodeModule, frame: Frame, node: Template): Value {
  const texts = textsOf(module, node);
  const values = node.expressions.map((one) => evaluate(run, module, frame, one));
  const whole: PlacedSql[number][] = [];
  for (const [index, text] of texts.entries()) {
    whole.push(...text);
    const value = values[index];
    if (!value) continue;
    const said = placedText(value) ?? listText(value);
    if (!said) {
      const start = plainText(whole) + ((value.kind === 'unknown' && value.start) || '');
      return { ...unknown(whyNotKnown(value) ?? 'it is put together at run time', reaches(value)), start };
    }
    whole.push(...inPlace(said, module, node, node.expressions[index]));
  }
  return { kind: 'text', sql: whole };
}

/** A name that is written elsewhere stands where it is put in; a longer text keeps its own place. */
function inPlace(said: PlacedSql, module: CodeModule, whole: Node, hole: Node | undefined): PlacedSql {
  return said.map((stretch) => {
    const { text, place } = stretch;
    const isHere = place?.module === module && place.start >= whole.start && place.end <= whole.end;
    if (isHere || !hole || !/^[\w.$"'-]*$/.test(text)) return stretch;
    return { text, place: { module, start: hole.start, end: hole.end } };
  });
}

/** A list in a text is its items with commas between them. */
function listText(value: Value): PlacedSql | undefined {
  if (value.kind !== 'list') return undefined;
  const texts = value.items.map(placedText);
  return texts.every((one) => one !== undefined)
    ? texts.flatMap((one, index) => (index === 0 ? one : [{ text: ',' }, ...one]))
    : undefined;
}

function memberName(
  run: Run,
  module: CodeModule,
  frame: Frame,
  node: Extract<Node, { type: 'MemberExpression' }>,
): string | undefined {
  if (!node.computed) return keyName(node.property, false);
  return textOfValue(evaluate(run, module, frame, node.property));
}

/** The values of a call's arguments; a list that is not known makes one unknown argument. */
function argumentsOf(run: Run, module: CodeModule, frame: Frame, nodes: readonly Node[]): readonly Value[] {
  return nodes.flatMap((node): readonly Value[] => {
    if (node.type !== 'SpreadElement') return [evaluate(run, module, frame, node)];
    const spread = evaluate(run, module, frame, node.argument);
    return spread.kind === 'list'
      ? spread.items
      : [unknown('arguments are spread from a list that is not known')];
  });
}

function call(
  run: Run,
  module: CodeModule,
  frame: Frame,
  node: Extract<Node, { type: 'CallExpression' }>,
): Value {
  const callee = unwrapped(node.callee);
  const site: Site = { run, module, node };
  const args = () => argumentsOf(run, module, frame, node.arguments);
  if (callee.type === 'Super') {
    args();
    return UNDEFINED;
  }
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super') {
    const receiver = evaluate(run, module, frame, callee.object);
    if ((callee.optional || node.optional) && isNothing(receiver)) return UNDEFINED;
    const name = memberName(run, module, frame, callee);
    const method = name === undefined ? unknown('its name is computed') : memberOf(receiver, name, site);
    return callValue(method, args(), site);
  }
  const target =
    callee.type === 'MemberExpression'
      ? unknown('it calls what it inherits')
      : evaluate(run, module, frame, callee);
  return callValue(target, args(), site);
}

/** `this`: kept in the frame under the function, or class, whose it is. */
function thisValue(frame: Frame, module: CodeModule, node: Node): Value {
  return thisOf(frame, module, node) ?? unknown('`this` is of no class');
}

function thisOf(frame: Frame, module: CodeModule, node: Node): Value | undefined {
  for (let above = module.parentOf(node); above; above = module.parentOf(above)) {
    const isOwner = above.type === 'ClassDeclaration' || above.type === 'ClassExpression';
    if (!isOwner && (!isFunction(above) || above.type === 'ArrowFunctionExpression')) continue;
    for (let at: Frame | undefined = frame; at; at = at.parent) {
      const found = at.values.get(above);
      if (found) return found;
    }
    return undefined;
  }
  return undefined;
}

/** Puts a value under a name or into a field. */
export function assign(run: Run, module: CodeModule, frame: Frame, target: Node, value: Value): Value {
  const to = unwrapped(target);
  if (to.type === 'MemberExpression') {
    const receiver = evaluate(run, module, frame, to.object);
    const name = memberName(run, module, frame, to);
    if (receiver.kind === 'object' && name !== undefined)
      receiver.fields.set(name, run.assigned ? unknown('it is not known whether it is set') : value);
    return value;
  }
  if (to.type !== 'Identifier') {
    bindPattern(run, module, frame, to, value);
    return value;
  }
  const name = module.bindingOf(to.name, to)?.node;
  if (!name) return value;
  let owner: Frame | undefined = frame;
  while (owner && !owner.values.has(name)) owner = owner.parent;
  (owner ?? frame).values.set(name, value);
  run.assigned?.add([owner ?? frame, name]);
  return value;
}

/** `a + b` of texts or numbers; undefined where it cannot be told. */
export function addition(left: Value, right: Value): Value | undefined {
  if (left.kind === 'text' || right.kind === 'text') {
    const [a, b] = [placedText(left), placedText(right)];
    return a && b ? { kind: 'text', sql: [...a, ...b] } : undefined;
  }
  if (left.kind !== 'plain' || right.kind !== 'plain') return undefined;
  return typeof left.value === 'number' && typeof right.value === 'number'
    ? plainValue(left.value + right.value)
    : undefined;
}

/** Waits for a value: what a builder holds is run, a function of `then` goes on with it. */
export function settle(value: Value, site: Site): Value {
  return value.kind === 'host' && value.settle ? value.settle(site) : value;
}
