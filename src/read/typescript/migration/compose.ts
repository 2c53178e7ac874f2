import type { Node } from 'oxc-parser';
import type { CodeModule } from '../module.ts';
import { keyName } from '../scope.ts';
import { evaluate } from './evaluate.ts';
import type { Run } from './run.ts';
import { type Frame, textOfValue, UNDEFINED, unknown, type Value, whyNotKnown } from './value.ts';

/** A list as it is written. */
export function listValue(
  run: Run,
  module: CodeModule,
  frame: Frame,
  elements: readonly (Node | null)[],
): Value {
  const items: Value[] = [];
  for (const element of elements) {
    if (!element) items.push(UNDEFINED);
    else if (element.type !== 'SpreadElement') items.push(evaluate(run, module, frame, element));
    else {
      const spread = evaluate(run, module, frame, element.argument);
      if (spread.kind !== 'list') return unknown(whyNotKnown(spread) ?? 'it is spread from another');
      items.push(...spread.items);
    }
  }
  return { kind: 'list', items };
}

/** An object as it is written. */
export function objectValue(
  run: Run,
  module: CodeModule,
  frame: Frame,
  node: Extract<Node, { type: 'ObjectExpression' }>,
): Value {
  const fields = new Map<string, Value>();
  const made: Value = { kind: 'object', fields };
  let open: string | undefined;
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = evaluate(run, module, frame, property.argument);
      if (spread.kind === 'object') for (const [key, value] of spread.fields) fields.set(key, value);
      if (spread.kind === 'unknown' || (spread.kind === 'object' && spread.open))
        open ??= whyNotKnown(spread) ?? 'it is spread from another';
      continue;
    }
    const key = property.computed
      ? textOfValue(evaluate(run, module, frame, property.key))
      : keyName(property.key, false);
    if (key === undefined) {
      open ??= 'one of its names is worked out when it runs';
      continue;
    }
    const value = evaluate(run, module, frame, property.value);
    fields.set(key, property.kind === 'get' ? unknown('it is a getter') : value);
  }
  const self = open === undefined ? made : { ...made, open };
  for (const [key, value] of fields)
    if (value.kind === 'function' && value.node.type === 'FunctionExpression')
      fields.set(key, { ...value, self });
  return self;
}
