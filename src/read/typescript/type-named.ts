import type { Node } from 'oxc-parser';
import type { DeclaredType } from './declared-type.ts';
import { exportedFrom } from './exports.ts';
import type { CodeModule } from './module.ts';
import { onceKey } from './once-key.ts';
import type { Modules } from './trail.ts';

/** The alias or interface of a name, in its file or in the one that it is imported from. */
export function typeNamed(module: CodeModule, name: string, modules: Modules): DeclaredType | undefined {
  return modules.once(onceKey(module, name), () => searched(module, name, modules));
}

/** Files may pass on each other's names, and one may be reached in many ways: each is looked at once. */
function searched(first: CodeModule, wanted: string, modules: Modules): DeclaredType | undefined {
  const seen = new Set<object>();
  const open: (() => readonly [CodeModule, string] | undefined)[] = [() => [first, wanted]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [module, name] = next() ?? [];
    if (!module || name === undefined) continue;
    const search = onceKey(module, name);
    if (seen.has(search)) continue;
    seen.add(search);
    const type = declaredIn(module, name);
    if (type) return { module, type };
    for (const [source, original] of [...sourcesOf(module, name)].reverse())
      open.push(() => {
        const target = modules.resolve(module.path, source);
        const loaded = target.kind === 'file' ? modules.load(target.path) : undefined;
        return loaded && [loaded, original];
      });
  }
  return undefined;
}

function declaredIn(module: CodeModule, name: string): Node | undefined {
  for (const statement of module.program.body) {
    const one =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? statement.declaration
        : statement;
    if (one.type === 'TSInterfaceDeclaration' && one.id.name === name) return one;
    if (one.type === 'TSTypeAliasDeclaration' && one.id.name === name) return one.typeAnnotation;
  }
  return undefined;
}

/** Where a name comes from that a file does not declare itself, and what it is called there. */
function sourcesOf(module: CodeModule, name: string): readonly (readonly [source: string, name: string])[] {
  const binding = module.bindingOf(name, module.program);
  if (binding) return binding.kind === 'import' ? [[binding.source, binding.name]] : [];
  const exported = exportedFrom(module, name);
  if (exported?.kind === 'from') return [[exported.source, exported.name]];
  return exported?.kind === 'star' ? exported.sources.map((source) => [source, name]) : [];
}
