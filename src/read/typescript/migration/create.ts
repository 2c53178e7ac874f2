import { keyName } from '../scope.ts';
import { callFunction, callValue } from './call.ts';
import { evaluate } from './evaluate.ts';
import { type ClassValue, type Frame, type Site, UNDEFINED, unknown, type Value } from './value.ts';

/** An instance of a class, its fields set. */
export function create(target: Value, args: readonly Value[], site: Site): Value {
  if (target.kind === 'host' && target.make) return target.make(args, site);
  if (target.kind !== 'class') {
    callValue(
      target.kind === 'unknown' ? target : unknown('it is made by something of a package'),
      args,
      site,
    );
    return unknown('it is made by something that is not read');
  }
  return instanceOf(target, args, site);
}

function instanceOf(made: ClassValue, args: readonly Value[], { run }: Site): Value {
  const fields = new Map<string, Value>();
  const self: Value = { kind: 'object', fields, of: made };
  const frame: Frame = { values: new Map([[made.node, self]]), parent: made.frame };
  for (const element of made.node.body.body) {
    if (element.type === 'PropertyDefinition' && !element.static) {
      const key = keyName(element.key, element.computed);
      if (key !== undefined)
        fields.set(key, element.value ? evaluate(run, made.module, frame, element.value) : UNDEFINED);
    }
    if (element.type === 'MethodDefinition' && element.kind === 'constructor') {
      const { module } = made;
      callFunction(run, { kind: 'function', module, node: element.value, frame: made.frame, self }, args);
    }
  }
  return self;
}
