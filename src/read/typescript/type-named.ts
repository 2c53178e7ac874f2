import type { DeclaredType } from './declared-type.ts';
import { exportedFrom } from './exports.ts';
import type { CodeModule } from './module.ts';
import { onceKey } from './once-key.ts';
import type { Modules } from './trail.ts';

/** The alias or interface of a name, in its file or in the one that it is imported from. */
export function typeNamed(module: CodeModule, name: string, modules: Modules): DeclaredType | undefined {
  return modules.once(onceKey(module, name), () => searched(module, name, modules, new Set()));
}

/** Files may pass on each other's names, and one may be reached in many ways: each is looked at once. */
function searched(
  module: CodeModule,
  name: string,
  modules: Modules,
  seen: Set<object>,
): DeclaredType | undefined {
  const search = onceKey(module, name);
  if (seen.has(search)) return undefined;
  seen.add(search);
  for (const statement of module.program.body) {
    const one =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? statement.declaration
        : statement;
    if (one.type === 'TSInterfaceDeclaration' && one.id.name === name) return { module, type: one };
    if (one.type === 'TSTypeAliasDeclaration' && one.id.name === name)
      return { module, type: one.typeAnnotation };
  }
  const binding = module.bindingOf(name, module.program);
  const exported = binding ? undefined : exportedFrom(module, name);
  const sources =
    binding?.kind === 'import'
      ? [[binding.source, binding.name] as const]
      : exported?.kind === 'from'
        ? [[exported.source, exported.name] as const]
        : exported?.kind === 'star'
          ? exported.sources.map((source) => [source, name] as const)
          : [];
  for (const [source, original] of sources) {
    const target = modules.resolve(module.path, source);
    const loaded = target.kind === 'file' ? modules.load(target.path) : undefined;
    const found = loaded && searched(loaded, original, modules, seen);
    if (found) return found;
  }
  return undefined;
}
