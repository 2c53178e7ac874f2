import type { Node } from 'oxc-parser';
import { calledName, unwrapped } from './call-chain.ts';
import type { FoundLoop } from './found-loop.ts';
import type { CodeModule } from './module.ts';
import { endName } from './scope.ts';

/** What a thing has a handful of, by its nature. */
const ONE =
  /^(phase|status|priority|severity|stage|tier|step|weekday|month|quarter|locale|language|currency|environment)$/i;
const MANY =
  /(phases|statuses|priorities|severities|stages|tiers|steps|weekdays|months|quarters|locales|languages|currencies|environments)$/i;

/** Spans of time: as many as somebody looks at. */
const SPAN = /^(date|day|week|year|hour|period)$|(Date|Day|Week|Month|Quarter|Year|Hour|Period)$/;
const SPANS = /^(dates|days|weeks|years|hours|periods)$|(Dates|Days|Weeks|Months|Years|Hours|Periods)$/;

/** What one thing has a handful of: handed in, they are those of one; all that there are, are more. */
const OF_ONE = /(tag|categor(y|ie)|role|option|platform|payment)(s|Ids?|Names?|Slugs?)?$/i;

const COUNTER = /^(_*|[ijkn]|idx|index|_?i(dx|ndex))$/;

/** Whether a loop walks over what there is a handful of, by what its list or an element is called: `for (const phase of template.phases)`. */
export function isHandful(module: CodeModule, { over, names, kind }: FoundLoop): boolean {
  const [one, another] = [...names].filter((name) => !COUNTER.test(name));
  if (kind !== 'for-in' && one !== undefined && another === undefined && isOf(one, ONE, SPAN)) return true;
  if (!over) return false;
  return isOf(nameOf(over), MANY, SPANS) || (OF_ONE.test(nameOf(over)) && isHandedIn(module, over));
}

/** A parameter, or a member of one: `input.tags`. What a promise gives (`then((tags) => …)`) may be all that there are. */
function isHandedIn(module: CodeModule, list: Node): boolean {
  let node = unwrapped(list);
  while (node.type === 'MemberExpression' || node.type === 'CallExpression')
    node = unwrapped(node.type === 'CallExpression' ? node.callee : node.object);
  const binding = node.type === 'Identifier' ? module.bindingOf(node.name, node) : undefined;
  if (binding?.kind !== 'parameter') return false;
  const call = module.parentOf(binding.of);
  return call?.type !== 'CallExpression' || calledName(call) !== 'then';
}

function isOf(name: string, ...some: readonly RegExp[]): boolean {
  return some.some((words) => words.test(name));
}

/** `phases` of `template.phases.filter(…)`, `phasesOf` of `phasesOf(template)`. */
function nameOf(list: Node): string {
  const node = unwrapped(list);
  if (node.type !== 'CallExpression') return endName(node) ?? '';
  const callee = unwrapped(node.callee);
  return nameOf(callee.type === 'MemberExpression' ? callee.object : callee);
}
