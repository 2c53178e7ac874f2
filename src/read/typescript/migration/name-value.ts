import type { Node } from 'oxc-parser';
import { exportedFrom } from '../exports.ts';
import type { CodeModule } from '../module.ts';
import type { Binding } from '../scope.ts';
import { evaluate } from './evaluate.ts';
import { globalValue, packageValue } from './language.ts';
import { memberOf } from './member.ts';
import type { Run } from './run.ts';
import { type Frame, type Host, plainValue, UNDEFINED, unknown, type Value } from './value.ts';

/** What a name stands for where it is written. */
export function nameValue(run: Run, module: CodeModule, frame: Frame, name: string, from: Node): Value {
  const binding = module.bindingOf(name, from);
  if (!binding) return globalValue(name) ?? unknown(`${name} is a global`);
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    const found = at.values.get(binding.node);
    if (found) return found;
  }
  if (binding.kind === 'function') return { kind: 'function', module, node: binding.node, frame };
  if (binding.kind === 'class') return { kind: 'class', module, node: binding.node, frame };
  const before = run.globals.get(binding.node);
  if (before) return before;
  run.globals.set(binding.node, unknown(`${name} is defined in a circle`));
  const value = topValue(run, module, name, binding);
  run.globals.set(binding.node, value);
  return value;
}

function topValue(run: Run, module: CodeModule, name: string, binding: Binding): Value {
  switch (binding.kind) {
    case 'variable': {
      if (module.isReassigned(name)) return unknown(`${name} is assigned to more than once`);
      if (!binding.init || !binding.path)
        return binding.init ? unknown(`${name} is part of a value`) : UNDEFINED;
      const site = { run, module, node: binding.init };
      const whole = evaluate(run, module, emptyFrame(), binding.init);
      return binding.path.reduce((value, key) => memberOf(value, key, site), whole);
    }
    case 'import':
      return importValue(run, module, binding.source, binding.name);
    case 'enum':
      return binding.node.type === 'TSEnumDeclaration' ? enumValue(run, module, binding.node) : UNDEFINED;
    case 'parameter':
      return unknown('it is a parameter');
    case 'item':
      return unknown('it is a loop variable');
    default:
      return unknown(`${name} is not a constant`);
  }
}

function emptyFrame(): Frame {
  return { values: new Map() };
}

function enumValue(run: Run, module: CodeModule, node: Extract<Node, { type: 'TSEnumDeclaration' }>): Value {
  const fields = new Map<string, Value>();
  let next = 0;
  for (const { id, initializer } of node.body.members) {
    const name = id.type === 'Identifier' ? id.name : id.type === 'Literal' ? String(id.value) : '';
    const value = initializer ? evaluate(run, module, emptyFrame(), initializer) : plainValue(next);
    if (value.kind === 'plain' && typeof value.value === 'number') next = value.value + 1;
    fields.set(name, value);
  }
  return { kind: 'object', fields };
}

/** What an import stands for. */
function importValue(run: Run, module: CodeModule, source: string, name: string): Value {
  const target = run.modules.resolve(module.path, source);
  if (target.kind === 'external') return externalValue(run, target.name, name === '*' ? [] : [name]);
  if (target.kind === 'missing') return unknown(`${source} is not in the repository`);
  const loaded = run.modules.load(target.path);
  if (!loaded) return unknown(`${target.path} is not read`);
  return name === '*' ? { kind: 'module', module: loaded } : exportValue(run, loaded, name);
}

/** Something of a package: what the tool knows of it, or a thing whose members lead further into the package. */
function externalValue(run: Run, source: string, path: readonly string[]): Value {
  const known = run.tool.external(source, path, run) ?? packageValue(source, path);
  if (known) return known;
  const host: Host = {
    kind: 'host',
    name: [source, ...path].join('.'),
    member: (name) => externalValue(run, source, [...path, name]),
  };
  return host;
}

/** What a module exports under a name. */
export function exportValue(run: Run, module: CodeModule, name: string): Value {
  const found = exportedFrom(module, name);
  if (!found) {
    // CommonJS: `require('./x')` and `import x from './x'` give the same object
    const whole = name === 'default' ? undefined : exportedFrom(module, 'default');
    if (whole?.kind !== 'node') return unknown(`${module.path} does not export ${name}`);
    return memberOf(nodeValue(run, module, whole.node), name, { run, module, node: whole.node });
  }
  switch (found.kind) {
    case 'node':
      return nodeValue(run, module, found.node);
    case 'local':
      return nameValue(run, module, emptyFrame(), found.name, module.program);
    case 'from':
      return importValue(run, module, found.source, found.name);
    case 'star':
      for (const source of found.sources) {
        const value = importValue(run, module, source, name);
        if (value.kind !== 'unknown') return value;
      }
      return unknown(`${module.path} does not export ${name}`);
  }
}

function nodeValue(run: Run, module: CodeModule, node: Node): Value {
  const frame = emptyFrame();
  if (node.type === 'FunctionDeclaration') return { kind: 'function', module, node, frame };
  if (node.type === 'ClassDeclaration') return { kind: 'class', module, node, frame };
  return evaluate(run, module, frame, node);
}

/** What `require` gives: the module's own object, or what a package exports. */
export function requireValue(run: Run, module: CodeModule, source: string): Value {
  const target = run.modules.resolve(module.path, source);
  if (target.kind === 'external') return externalValue(run, target.name, []);
  if (target.kind === 'missing') return unknown(`${source} is not in the repository`);
  const loaded = run.modules.load(target.path);
  if (!loaded) return unknown(`${target.path} is not read`);
  const whole = exportedFrom(loaded, 'default');
  return whole?.kind === 'node' &&
    !loaded.program.body.some(({ type }) => type === 'ExportDefaultDeclaration')
    ? nodeValue(run, loaded, whole.node)
    : { kind: 'module', module: loaded };
}
