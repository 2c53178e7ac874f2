import type { Node } from 'oxc-parser';
import { unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { textOf } from '../../text.ts';
import type { Modules } from '../../trail.ts';
import { type Key, keysOf, returnsOf } from '../object-keys.ts';

/** What the arguments of a declaration say: a leading text, and the keys of its objects. */
export interface Options {
  /** The first argument, where it is a text. */
  first(): string | undefined;
  /** The second, where it is a text. */
  second(): string | undefined;
  has(name: string): boolean;
  value(name: string): Node | undefined;
  /** The text of the first of several keys that has one. */
  text(...names: readonly string[]): string | undefined;
  /** The last word of a value. */
  word(name: string): string | undefined;
  /** The member that a function returns: `author` of `(post) => post.author`. */
  member(name: string): string | undefined;
  /** Whether it is `true`. */
  is(name: string): boolean;
}

/** Reads the arguments of a decorator, a call or a schema object. */
export function optionsOf(module: CodeModule, args: readonly Node[], modules: Modules): Options {
  const keys: readonly Key[] = args.flatMap((one) =>
    /^(ObjectExpression|Identifier|MemberExpression)$/.test(unwrapped(one).type)
      ? keysOf(module, one, modules).keys
      : [],
  );
  const keyOf = (name: string) => keys.find((key) => key.name === name);
  const written = (node: Node | undefined) => {
    if (!node || /^(ObjectExpression|ArrowFunctionExpression|ArrayExpression)$/.test(unwrapped(node).type))
      return undefined;
    return textOf(module, node, modules).text;
  };
  return {
    first: () => written(args[0]),
    second: () => written(args[1]),
    has: (name) => keyOf(name) !== undefined,
    value: (name) => keyOf(name)?.value,
    text: (...names) => {
      for (const name of names) {
        const key = keyOf(name);
        const value = key && unwrapped(key.value);
        if (!key || !value || /^(ObjectExpression|ArrowFunctionExpression|ArrayExpression)$/.test(value.type))
          continue;
        const isOther = value.type === 'Literal' && typeof value.value !== 'string';
        const text = isOther ? undefined : textOf(key.module, value, modules).text;
        if (text !== undefined) return text;
      }
      return undefined;
    },
    word: (name) => wordOf(keyOf(name)?.value),
    member: (name) => {
      const value = keyOf(name)?.value;
      const [returned] = value ? returnsOf(value) : [];
      return returned?.type === 'MemberExpression'
        ? keyName(returned.property, returned.computed)
        : undefined;
    },
    is: (name) => {
      const value = keyOf(name)?.value;
      return value?.type === 'Literal' && value.value === true;
    },
  };
}

/** The last word of a value: `BIGINT` of `DataType.BIGINT(20)`. */
export function wordOf(node: Node | undefined): string | undefined {
  if (node?.type === 'CallExpression') return wordOf(unwrapped(node.callee));
  if (node?.type === 'MemberExpression') return keyName(node.property, node.computed);
  return node?.type === 'Identifier' ? node.name : undefined;
}

/** Whether a value is `false`. */
export function isFalse(node: Node | undefined): boolean {
  return node?.type === 'Literal' && node.value === false;
}
