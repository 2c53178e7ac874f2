import type { Node } from 'oxc-parser';
import type { CodeModule } from '../module.ts';
import { evaluate } from './evaluate.ts';
import { bindPattern } from './pattern.ts';
import { notKnown, perhaps, type Run } from './run.ts';
import {
  type Frame,
  isTruthy,
  type Site,
  textOfValue,
  UNDEFINED,
  unknown,
  type Value,
  whyNotKnown,
} from './value.ts';

/** How statements end. */
export type End =
  | { readonly kind: 'on' | 'break' | 'continue' | 'throw' }
  | { readonly kind: 'return'; readonly value: Value; readonly node: Node };

const ON: End = { kind: 'on' };

/** Rounds of a loop that are worked out. */
const MOST_ROUNDS = 2000;

/** Works through statements in order. */
export function perform(run: Run, module: CodeModule, frame: Frame, statements: readonly Node[]): End {
  for (const statement of statements) {
    const end = step(run, module, frame, statement);
    if (end.kind !== 'on') return end;
  }
  return ON;
}

function step(run: Run, module: CodeModule, frame: Frame, node: Node): End {
  const site: Site = { run, module, node };
  const value = (inner: Node) => evaluate(run, module, frame, inner);
  switch (node.type) {
    case 'ExpressionStatement': {
      const result = value(node.expression);
      if (result.kind === 'host' && result.isPending?.())
        notKnown(site, 'nothing waits for it: whether it is run is not known');
      return ON;
    }
    case 'VariableDeclaration':
      for (const { id, init } of node.declarations)
        bindPattern(run, module, frame, id, init ? value(init) : UNDEFINED);
      return ON;
    case 'ReturnStatement':
      return { kind: 'return', value: node.argument ? value(node.argument) : UNDEFINED, node };
    case 'BlockStatement':
      return perform(run, module, frame, node.body);
    case 'IfStatement':
      return branch(run, module, frame, node);
    case 'ForOfStatement':
    case 'ForInStatement':
      return forEach(run, module, frame, node);
    case 'ForStatement':
      if (node.init)
        node.init.type === 'VariableDeclaration' ? step(run, module, frame, node.init) : value(node.init);
      return loop(site, frame, node.test ?? undefined, node.update ?? undefined, node.body);
    case 'WhileStatement':
      return loop(site, frame, node.test, undefined, node.body);
    case 'DoWhileStatement':
      perhaps(site, 'how often it runs is not known', [() => step(run, module, frame, node.body)]);
      return ON;
    case 'TryStatement':
      return attempt(run, module, frame, node);
    case 'SwitchStatement':
      return choose(run, module, frame, node);
    case 'ThrowStatement':
      return { kind: 'throw' };
    case 'BreakStatement':
      return { kind: 'break' };
    case 'ContinueStatement':
      return { kind: 'continue' };
    case 'LabeledStatement':
      return step(run, module, frame, node.body);
    default:
      return ON; // declarations of functions, classes and types do nothing by themselves
  }
}

function branch(
  run: Run,
  module: CodeModule,
  frame: Frame,
  node: Extract<Node, { type: 'IfStatement' }>,
): End {
  const test = evaluate(run, module, frame, node.test);
  const known = isTruthy(test);
  const { consequent, alternate } = node;
  if (known !== undefined) {
    const taken = known ? consequent : alternate;
    return taken ? step(run, module, frame, taken) : ON;
  }
  const why = `whether it runs is not known: ${whyNotKnown(test) ?? 'the condition is worked out when it runs'}`;
  const ends = perhaps({ run, module, node }, why, [
    () => step(run, module, frame, consequent),
    () => (alternate ? step(run, module, frame, alternate) : ON),
  ]);
  if (ends.every(({ kind }) => kind === 'throw')) return { kind: 'throw' };
  if (ends.every(({ kind }) => kind === 'return' || kind === 'throw'))
    return { kind: 'return', value: unknown(why), node };
  if (ends.some(({ kind }) => kind === 'return' || kind === 'break' || kind === 'continue'))
    run.doubt ??= why;
  return ON;
}

function forEach(
  run: Run,
  module: CodeModule,
  frame: Frame,
  node: Extract<Node, { type: 'ForOfStatement' | 'ForInStatement' }>,
): End {
  const over = evaluate(run, module, frame, node.right);
  const items = node.type === 'ForOfStatement' ? itemsOf(over) : keysOf(over);
  const declared = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : undefined;
  const round = (item: Value): End => {
    const own: Frame = { values: new Map(), parent: frame };
    if (declared) bindPattern(run, module, own, declared, item);
    return step(run, module, own, node.body);
  };
  if (!items || items.length > MOST_ROUNDS) {
    const why = `what it runs over is not known: ${whyNotKnown(over) ?? 'it is worked out when it runs'}`;
    perhaps({ run, module, node }, why, [() => round(unknown(why))]);
    return ON;
  }
  for (const item of items) {
    const end = round(item);
    if (end.kind === 'break') return ON;
    if (end.kind === 'return' || end.kind === 'throw') return end;
  }
  return ON;
}

/** The items that `for … of` runs over; undefined where they are not known. */
function itemsOf(value: Value): readonly Value[] | undefined {
  return value.kind === 'list' ? value.items : undefined;
}

function keysOf(value: Value): readonly Value[] | undefined {
  if (value.kind === 'list')
    return value.items.map((_, index) => ({ kind: 'text', sql: [{ text: String(index) }] }));
  if (value.kind !== 'object' || value.open !== undefined) return undefined;
  return [...value.fields.keys()].map((text) => ({ kind: 'text', sql: [{ text }] }));
}

function loop(site: Site, frame: Frame, test: Node | undefined, update: Node | undefined, body: Node): End {
  const { run, module } = site;
  for (let round = 0; ; round++) {
    const goes = test ? isTruthy(evaluate(run, module, frame, test)) : true;
    if (goes === false) return ON;
    if (goes === undefined || round >= MOST_ROUNDS) {
      perhaps(site, 'how often it runs is not known', [() => step(run, module, frame, body)]);
      return ON;
    }
    const own: Frame = { values: new Map(), parent: frame };
    const end = step(run, module, own, body);
    if (end.kind === 'break') return ON;
    if (end.kind === 'return' || end.kind === 'throw') return end;
    if (update) evaluate(run, module, frame, update);
  }
}

/** What a `catch` does is left aside; where it passes over what fails, what stands in the `try` may fail. */
function attempt(
  run: Run,
  module: CodeModule,
  frame: Frame,
  node: Extract<Node, { type: 'TryStatement' }>,
): End {
  const before = run.swallowing;
  run.swallowing ||= node.handler !== null && !throwsAgain(module, node.handler.body);
  const end = step(run, module, frame, node.block);
  run.swallowing = before;
  const last = node.finalizer ? step(run, module, frame, node.finalizer) : ON;
  return last.kind === 'on' ? end : last;
}

function throwsAgain(module: CodeModule, { start, end }: Node): boolean {
  return /\bthrow\b|\breject\b|\bprocess\.exit\b/.test(module.text.slice(start, end));
}

function choose(
  run: Run,
  module: CodeModule,
  frame: Frame,
  node: Extract<Node, { type: 'SwitchStatement' }>,
): End {
  const on = evaluate(run, module, frame, node.discriminant);
  const wanted = textOfValue(on);
  const cases = node.cases.map(({ test, consequent }) => ({
    label: test ? textOfValue(evaluate(run, module, frame, test)) : undefined,
    isDefault: test === null,
    consequent,
  }));
  if (wanted === undefined || cases.some(({ label, isDefault }) => label === undefined && !isDefault)) {
    const why = `which case runs is not known: ${whyNotKnown(on) ?? 'it is worked out when it runs'}`;
    perhaps(
      { run, module, node },
      why,
      cases.map(
        ({ consequent }) =>
          () =>
            perform(run, module, frame, consequent),
      ),
    );
    return ON;
  }
  const found = cases.findIndex(({ label }) => label === wanted);
  const from = found >= 0 ? found : cases.findIndex(({ isDefault }) => isDefault);
  if (from < 0) return ON;
  const end = perform(
    run,
    module,
    frame,
    cases.slice(from).flatMap(({ consequent }) => consequent),
  );
  return end.kind === 'break' ? ON : end;
}
