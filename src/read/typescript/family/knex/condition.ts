import type { Argument, Node } from 'oxc-parser';
import type { QueryColumn } from '../../../query.ts';
import { type CallChain, chainOf, type Link, unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import { endName, isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import type { Building } from './building.ts';

/**
 * Whether a condition restricts a query of Knex's form; undefined where one may be added elsewhere, or where it is part of
 * another query.
 */
export function hasCondition(
  { module, complete }: Building,
  { node, root }: CallChain,
  links: readonly Link[],
): boolean | undefined {
  const steps = links.flatMap(({ name, args }) => (args && name !== undefined ? [name] : []));
  if (steps.some((name) => /^(?:and|or)?(?:where|having)|ById$|^find(One|ByIds)$/i.test(name))) return true;
  const isOpen = steps.some((name) =>
    /^(modify|modifiers|modifyGraph|truncate|for|context|on\w*)$/.test(name),
  );
  return complete && !isOpen && !isPart(module, node) && root.type !== 'ThisExpression' ? false : undefined;
}

/** An argument of a further step, or what a callback of one builds. */
function isPart(module: CodeModule, node: Node): boolean {
  let child = node;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(above)) {
    if (above.type === 'CallExpression')
      return above.callee !== child && endName(chainOf(above).root) !== 'Promise';
    if (isFunction(above) || /Statement$|Declarat/.test(above.type)) return false;
  }
  return false;
}

/** How `where('a', 1)`, `where('a', '>', 1)`, `whereIn('a', […])`, `whereNull('a')` compare their column. */
export function comparedBy(
  { module, modules }: Building,
  name: string,
  args: readonly Argument[],
): Pick<QueryColumn, 'comparison' | 'values'> {
  const [first, second, third] = args;
  if (!first || unwrapped(first).type === 'ObjectExpression') return {};
  const kind = /(Not)?(In|Null|Between|Like|ILike)?$/i.exec(name.replace(/^(and|or)?(where|having)/i, ''));
  const not = kind?.[1] ? 'not ' : '';
  const word = kind?.[2]?.toLowerCase();
  if (word === 'null') return { comparison: `is ${not}null` };
  const sign = word ?? (third && second ? textOf(module, second, modules).text?.toLowerCase() : '=');
  const value = third ?? second;
  if (sign === undefined || !value || value.type === 'SpreadElement' || (not !== '' && !word)) return {};
  const isNull = value.type === 'Literal' && value.value === null;
  if (isNull) return { comparison: /^(is not|!=|<>)$/.test(sign) ? 'is not null' : 'is null' };
  const values = literalsOf(module, value, modules);
  const comparison = `${not}${sign === '!=' ? '<>' : sign}`;
  return { comparison, ...(values.length > 0 ? { values } : {}) };
}
