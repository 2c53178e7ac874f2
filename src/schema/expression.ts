/** A CHECK or a predicate as a tree, as far as it says what single rows hold; the rest of it is `unknown`. */
export type Expression =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'in'; readonly operand: Expression; readonly list: readonly Expression[] }
  /** IS [NOT] NULL, IS TRUE, IS FALSE: never null itself. */
  | { readonly kind: 'is'; readonly operand: Expression; readonly what: 'null' | 'true' | 'false' };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** Every expression within one, itself first. */
export function* within(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case 'call':
      for (const one of expression.arguments) yield* within(one);
      return;
    case 'compare':
    case 'arithmetic':
      yield* within(expression.left);
      yield* within(expression.right);
      return;
    case 'and':
    case 'or':
      for (const one of expression.operands) yield* within(one);
      return;
    case 'not':
    case 'is':
      yield* within(expression.operand);
      return;
    case 'in':
      yield* within(expression.operand);
      for (const one of expression.list) yield* within(one);
      return;
    default:
  }
}
