import { keyName } from '../scope.ts';
import { callValue } from './call.ts';
import { evaluate, settle } from './evaluate.ts';
import { listMember } from './list.ts';
import { exportValue } from './name-value.ts';
import { textMember } from './text-member.ts';
import {
  type ClassValue,
  type FunctionValue,
  native,
  type ObjectValue,
  plainValue,
  type Site,
  textValue,
  UNDEFINED,
  unknown,
  type Value,
} from './value.ts';

/** A member of a value; `then` and its like wait for whatever they are called on. */
export function memberOf(receiver: Value, name: string, site: Site): Value {
  switch (receiver.kind) {
    case 'host':
      return (
        receiver.member?.(name, site) ??
        promiseMember(receiver, name) ??
        unknown(`what ${receiver.name}.${name} does is not known`, receiver.reaches)
      );
    case 'text':
      return textMember(receiver, name) ?? promiseMember(receiver, name) ?? UNDEFINED;
    case 'list':
      return listMember(receiver, name) ?? promiseMember(receiver, name) ?? UNDEFINED;
    case 'object':
      return objectMember(receiver, name, site) ?? promiseMember(receiver, name) ?? absent(receiver);
    case 'function':
      return functionMember(receiver, name);
    case 'class':
      return staticMember(receiver, name, site);
    case 'module':
      return exportValue(site.run, receiver.module, name);
    case 'plain':
      return (
        promiseMember(receiver, name) ??
        (receiver.value === undefined ? unknown('it is a member of nothing') : UNDEFINED)
      );
    case 'unknown':
      return promiseMember(receiver, name) ?? receiver;
  }
}

function absent({ open }: ObjectValue): Value {
  return open === undefined ? UNDEFINED : unknown(open);
}

/** A field, or what the class of an instance or its parents have under that name. */
function objectMember(self: ObjectValue, name: string, site: Site): Value | undefined {
  const field = self.fields.get(name);
  if (field) return field;
  if (self.of) return inherited(self.of, self, name, site);
  if (name === 'hasOwnProperty')
    return native('hasOwnProperty', ([key]) =>
      self.open === undefined && key?.kind === 'text'
        ? plainValue(self.fields.has(key.sql.map(({ text }) => text).join('')))
        : unknown('it is not known'),
    );
  return undefined;
}

function inherited(of: ClassValue, self: ObjectValue, name: string, site: Site): Value | undefined {
  const { module, node, frame } = of;
  for (const element of node.body.body) {
    if (element.type !== 'MethodDefinition' || element.static) continue;
    if (keyName(element.key, element.computed) !== name) continue;
    const method: FunctionValue = { kind: 'function', module, node: element.value, frame, self };
    return element.kind === 'get' ? callValue(method, [], site) : method;
  }
  const parent = parentOf(of, site);
  if (parent?.kind === 'class')
    return fieldOfParent(parent, name, site) ?? inherited(parent, self, name, site);
  return node.superClass ? site.run.tool.inherited?.(name, site) : undefined;
}

function fieldOfParent({ module, node, frame }: ClassValue, name: string, site: Site): Value | undefined {
  for (const element of node.body.body)
    if (
      element.type === 'PropertyDefinition' &&
      !element.static &&
      keyName(element.key, element.computed) === name
    )
      return element.value ? evaluate(site.run, module, frame, element.value) : undefined;
  return undefined;
}

function parentOf({ module, node, frame }: ClassValue, site: Site): Value | undefined {
  return node.superClass ? evaluate(site.run, module, frame, node.superClass) : undefined;
}

function staticMember(of: ClassValue, name: string, site: Site): Value {
  const { module, node, frame } = of;
  if (name === 'name') return textValue(node.id?.name ?? '');
  for (const element of node.body.body) {
    const isMember = element.type === 'MethodDefinition' || element.type === 'PropertyDefinition';
    if (!isMember || !element.static || keyName(element.key, element.computed) !== name) continue;
    if (element.type === 'MethodDefinition') return { kind: 'function', module, node: element.value, frame };
    return element.value ? evaluate(site.run, module, frame, element.value) : UNDEFINED;
  }
  return unknown(`the class has no ${name}`);
}

function functionMember(target: FunctionValue, name: string): Value {
  if (name === 'call')
    return native('call', ([self, ...args], site) => callValue(bound(target, self), args, site));
  if (name === 'apply')
    return native('apply', ([self, args], site) =>
      callValue(bound(target, self), args?.kind === 'list' ? args.items : [], site),
    );
  if (name === 'bind')
    return native('bind', ([self, ...first]) =>
      native('bound', (args, site) => callValue(bound(target, self), [...first, ...args], site)),
    );
  return unknown('it is a member of a function');
}

function bound(target: FunctionValue, self: Value | undefined): FunctionValue {
  return self ? { ...target, self } : target;
}

/** `then` goes on with what was waited for; `catch` and `finally` give it on. */
function promiseMember(receiver: Value, name: string): Value | undefined {
  switch (name) {
    case 'then':
      return native('then', ([next], site) => {
        const value = settle(receiver, site);
        return next ? settle(callValue(next, [value], site), site) : value;
      });
    case 'catch':
      return native('catch', (_, site) => settle(receiver, site));
    case 'finally':
      return native('finally', ([next], site) => {
        const value = settle(receiver, site);
        if (next) settle(callValue(next, [], site), site);
        return value;
      });
    default:
      return undefined;
  }
}
