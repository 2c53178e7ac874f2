import type { Node } from 'oxc-parser';
import type { CodeModule } from '../module.ts';
import { addition, assign, evaluate } from './evaluate.ts';
import { plainText } from './placed-sql.ts';
import type { Run } from './run.ts';
import {
  type Frame,
  isTruthy,
  plainValue,
  textValue,
  UNDEFINED,
  unknown,
  type Value,
  whyNotKnown,
} from './value.ts';

type Operation = Extract<Node, { type: 'UnaryExpression' | 'BinaryExpression' | 'UpdateExpression' }>;

/** What an operator makes of its operands. */
export function operate(run: Run, module: CodeModule, frame: Frame, node: Operation): Value {
  if (node.type === 'UpdateExpression') {
    const before = evaluate(run, module, frame, node.argument);
    const by = node.operator === '++' ? 1 : -1;
    const next: Value =
      before.kind === 'plain' && typeof before.value === 'number'
        ? plainValue(before.value + by)
        : unknown('it is counted when it runs');
    assign(run, module, frame, node.argument, next);
    return node.prefix ? next : before;
  }
  if (node.type === 'UnaryExpression') return unary(node, evaluate(run, module, frame, node.argument));
  const [left, right] = [node.left, node.right].map((side) => evaluate(run, module, frame, side));
  if (!left || !right) return UNDEFINED;
  if (node.operator === '+') return addition(left, right) ?? unsure(left, right);
  if (left.kind === 'unknown' || right.kind === 'unknown') return unsure(left, right);
  if (/^[!=]==?$/.test(node.operator)) {
    const same = isSame(left, right, node.operator.length === 2);
    return same === undefined ? unsure(left, right) : plainValue(same === node.operator.startsWith('='));
  }
  if (node.operator === 'in' && right.kind === 'object' && !right.open && left.kind === 'text')
    return plainValue(right.fields.has(plainText(left.sql)));
  const [a, b] = [scalar(left), scalar(right)];
  if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string')) return unsure(left, right);
  return compared(node.operator, a, b as typeof a) ?? unsure(left, right); // their types are the same
}

function unary({ operator }: Extract<Node, { type: 'UnaryExpression' }>, value: Value): Value {
  if (operator === '!') {
    const truth = isTruthy(value);
    return truth === undefined ? unsure(value, value) : plainValue(!truth);
  }
  if (operator === 'void') return UNDEFINED;
  if (value.kind === 'unknown') return value;
  if (operator === 'typeof') return textValue(typeName(value));
  if (operator === '-' && value.kind === 'plain' && typeof value.value === 'number')
    return plainValue(-value.value);
  if (operator === '+' && value.kind === 'plain' && typeof value.value === 'number') return value;
  return unknown('it is worked out when it runs');
}

function typeName(value: Value): string {
  if (value.kind === 'text') return 'string';
  if (value.kind === 'function' || value.kind === 'class') return 'function';
  return value.kind === 'plain' && value.value !== null ? typeof value.value : 'object';
}

function unsure(left: Value, right: Value): Value {
  return unknown(whyNotKnown(left) ?? whyNotKnown(right) ?? 'it is worked out when it runs');
}

function scalar(value: Value): string | number | boolean | bigint | null | undefined {
  if (value.kind === 'text') return plainText(value.sql);
  return value.kind === 'plain' ? value.value : undefined;
}

function isSame(left: Value, right: Value, isLoose: boolean): boolean | undefined {
  const isScalar = (value: Value) => value.kind === 'text' || value.kind === 'plain';
  if (!isScalar(left) || !isScalar(right))
    return left === right ? true : isScalar(left) !== isScalar(right) ? false : undefined;
  const [a, b] = [scalar(left), scalar(right)];
  if (isLoose && (a === null || a === undefined) && (b === null || b === undefined)) return true;
  return a === b;
}

function compared<T extends string | number>(operator: string, a: T, b: T): Value | undefined {
  switch (operator) {
    case '<':
      return plainValue(a < b);
    case '<=':
      return plainValue(a <= b);
    case '>':
      return plainValue(a > b);
    case '>=':
      return plainValue(a >= b);
  }
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  switch (operator) {
    case '-':
      return plainValue(a - b);
    case '*':
      return plainValue(a * b);
    case '/':
      return plainValue(a / b);
    case '%':
      return plainValue(a % b);
    default:
      return undefined;
  }
}
