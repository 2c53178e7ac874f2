import type { Node } from 'oxc-parser';
import type { CodeModule } from '../module.ts';
import { keyName } from '../scope.ts';
import { evaluate } from './evaluate.ts';
import { memberOf } from './member.ts';
import type { Run } from './run.ts';
import { type Frame, textOfValue, UNDEFINED, unknown, type Value, whyNotKnown } from './value.ts';

/** Gives the names of a pattern their parts of a value. */
export function bindPattern(
  run: Run,
  module: CodeModule,
  frame: Frame,
  pattern: Node,
  value: Value,
): undefined {
  const site = { run, module, node: pattern };
  switch (pattern.type) {
    case 'Identifier':
      frame.values.set(pattern, value);
      run.assigned?.add([frame, pattern]);
      return;
    case 'AssignmentPattern': {
      const isLeftOut = value.kind === 'plain' && value.value === undefined;
      const given = isLeftOut ? evaluate(run, module, frame, pattern.right) : value;
      return bindPattern(run, module, frame, pattern.left, given);
    }
    case 'TSParameterProperty':
      return bindPattern(run, module, frame, pattern.parameter, value);
    case 'ObjectPattern': {
      const taken = new Set<string>();
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          bindPattern(run, module, frame, property.argument, restOf(value, taken));
          continue;
        }
        const key = property.computed
          ? textOfValue(evaluate(run, module, frame, property.key))
          : keyName(property.key, false);
        if (key !== undefined) taken.add(key);
        const part = key === undefined ? unknown('its name is computed') : memberOf(value, key, site);
        bindPattern(run, module, frame, property.value, part);
      }
      return;
    }
    case 'ArrayPattern':
      for (const [index, element] of pattern.elements.entries()) {
        if (!element) continue;
        if (element.type === 'RestElement') {
          const rest: Value =
            value.kind === 'list'
              ? { kind: 'list', items: value.items.slice(index) }
              : unknown(whyNotKnown(value) ?? 'it is part of a value');
          bindPattern(run, module, frame, element.argument, rest);
        } else {
          const item =
            value.kind === 'list'
              ? (value.items[index] ?? UNDEFINED)
              : unknown(
                  whyNotKnown(value) ?? 'it is part of a value',
                  value.kind === 'unknown' && value.reaches,
                );
          bindPattern(run, module, frame, element, item);
        }
      }
      return;
    case 'RestElement':
      return bindPattern(run, module, frame, pattern.argument, value);
  }
}

function restOf(value: Value, taken: ReadonlySet<string>): Value {
  if (value.kind !== 'object') return unknown(whyNotKnown(value) ?? 'it is the rest of a value');
  return { ...value, fields: new Map([...value.fields].filter(([key]) => !taken.has(key))) };
}
