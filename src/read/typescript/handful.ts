import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import type { FoundLoop } from './found-loop.ts';
import { endName } from './scope.ts';

/** What a thing has a handful of, by its nature. */
const ONE =
  /^(phase|status|priority|severity|stage|tier|step|weekday|month|quarter|locale|language|currency)$/i;
const MANY =
  /(phases|statuses|priorities|severities|stages|tiers|steps|weekdays|months|quarters|locales|languages|currencies)$/i;

/** Whether a loop walks over what there is a handful of, by what its list or an element is called: `for (const phase of template.phases)`. */
export function isHandful({ over, names, kind }: FoundLoop): boolean {
  if (kind !== 'for-in' && names.size === 1 && [...names].some((name) => ONE.test(name))) return true;
  return over !== undefined && MANY.test(nameOf(over));
}

/** `phases` of `template.phases.filter(…)`, `phasesOf` of `phasesOf(template)`. */
function nameOf(list: Node): string {
  const node = unwrapped(list);
  if (node.type !== 'CallExpression') return endName(node) ?? '';
  const callee = unwrapped(node.callee);
  return nameOf(callee.type === 'MemberExpression' ? callee.object : callee);
}
