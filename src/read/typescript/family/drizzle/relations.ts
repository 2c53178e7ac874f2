import type { Node } from 'oxc-parser';
import { chainOf } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction, keyName } from '../../scope.ts';
import type { Modules } from '../../trail.ts';
import { type DrizzleTable, drizzleTable } from './tables.ts';

/**
 * The table that a relation leads to, as `relations(users, ({ many }) => ({ posts: many(posts) }))` says it in the file that
 * declares the table.
 */
export function relationTarget(
  table: DrizzleTable,
  name: string,
  modules: Modules,
): DrizzleTable | undefined {
  for (const { module, object } of relationsOf(table, modules))
    for (const property of object.properties) {
      if (property.type === 'SpreadElement' || keyName(property.key, property.computed) !== name) continue;
      const [target] = property.value.type === 'CallExpression' ? property.value.arguments : [];
      const found =
        target && target.type !== 'SpreadElement' ? drizzleTable(module, target, modules) : undefined;
      if (found) return found;
    }
  return undefined;
}

interface Relations {
  readonly module: CodeModule;
  readonly object: Extract<Node, { type: 'ObjectExpression' }>;
}

function relationsOf(table: DrizzleTable, modules: Modules): readonly Relations[] {
  return filesBeside(table.module, modules).flatMap((module) =>
    module.chains.flatMap(({ node }) => {
      const { root, links } = chainOf(node);
      if (root.type !== 'Identifier' || root.name !== 'relations' || links.length !== 1) return [];
      const [of, build] = node.arguments;
      if (!of || !build || !isFunction(build) || drizzleTable(module, of, modules)?.node !== table.node)
        return [];
      const { body } = build;
      const last = body?.type === 'BlockStatement' ? body.body.at(-1) : undefined;
      const object = last?.type === 'ReturnStatement' ? last.argument : body;
      return object?.type === 'ObjectExpression' ? [{ module, object }] : [];
    }),
  );
}

/** The file of a table and a `relations` file in its folder, where the two are kept apart. */
function filesBeside(module: CodeModule, modules: Modules): readonly CodeModule[] {
  const beside = ['./relations', '../relations', './index'].flatMap((specifier) => {
    const target = modules.resolve(module.path, specifier);
    const loaded =
      target.kind === 'file' && target.path !== module.path ? modules.load(target.path) : undefined;
    return loaded ? [loaded] : [];
  });
  return [module, ...beside];
}
