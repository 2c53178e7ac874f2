import { isFunction } from '../scope.ts';
import { evaluate, settle } from './evaluate.ts';
import { bindPattern } from './pattern.ts';
import { perform } from './perform.ts';
import { DEEPEST, notKnown, perhaps, type Run } from './run.ts';
import {
  type Frame,
  type FunctionValue,
  reaches,
  type Site,
  UNDEFINED,
  unknown,
  type Value,
} from './value.ts';

/** Calls a value. What is called and not known may do anything with what it is given. */
export function callValue(target: Value, args: readonly Value[], site: Site): Value {
  if (target.kind === 'function') return callFrom(site, target, args);
  if (target.kind === 'host' && target.call) return target.call(args, site);
  const why =
    target.kind === 'unknown'
      ? target.why
      : target.kind === 'host'
        ? `what ${target.name} does is not known`
        : 'it is not a function';
  const hands = reaches(target) || args.some((one) => reaches(one));
  if (hands) notKnown(site, why);
  else
    for (const one of args)
      if (one.kind === 'function')
        perhaps(site, why, [
          () =>
            callFrom(
              site,
              one,
              parametersOf(one).map(() => unknown(why)),
            ),
        ]);
  return unknown(target.kind === 'unknown' ? why : 'a function works it out', hands);
}

function parametersOf({ node }: FunctionValue) {
  return isFunction(node) ? node.params : [];
}

/** Calls a function from a place, which is remembered where it leads out of the migration's own file. */
function callFrom({ run, module, node }: Site, target: FunctionValue, args: readonly Value[]): Value {
  const leaves = module === run.main && target.module !== run.main;
  if (leaves) run.sites.push(node);
  const result = callFunction(run, target, args);
  if (leaves) run.sites.pop();
  return result;
}

/** Works out what a function does and returns. */
export function callFunction(run: Run, target: FunctionValue, args: readonly Value[]): Value {
  const { module, node } = target;
  if (!isFunction(node) || !node.body) return unknown('it is a function without a body');
  if (node.generator) return unknown('it is a generator');
  if (run.depth >= DEEPEST) return unknown('functions call each other too deep');
  const frame: Frame = { values: new Map(), parent: target.frame };
  if (target.self) frame.values.set(node, target.self);
  for (const [index, parameter] of node.params.entries())
    if (parameter.type === 'RestElement')
      bindPattern(run, module, frame, parameter.argument, { kind: 'list', items: args.slice(index) });
    else bindPattern(run, module, frame, parameter, args[index] ?? UNDEFINED);
  const doubt = run.doubt;
  run.depth++;
  try {
    if (node.body.type !== 'BlockStatement') {
      const value = evaluate(run, module, frame, node.body);
      return node.async ? settle(value, { run, module, node: node.body }) : value;
    }
    const end = perform(run, module, frame, node.body.body);
    const value = end.kind === 'return' ? end.value : UNDEFINED;
    return node.async ? settle(value, { run, module, node: end.kind === 'return' ? end.node : node }) : value;
  } finally {
    run.depth--;
    run.doubt = doubt;
  }
}
