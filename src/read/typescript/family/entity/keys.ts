import type { Node } from 'oxc-parser';
import type { ReferentialAction } from '../../../../schema/schema.ts';
import type { ModelKey } from '../../../query.ts';
import { unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import type { Modules } from '../../trail.ts';
import { type Decorator, decoratorsOf, type Property } from './decorators.ts';
import type { Entity } from './entity.ts';
import { isFalse, optionsOf } from './options.ts';

/** The keys, references and indexes that an entity of TypeORM's declares; undefined where some of them cannot be followed. */
export function keysOfEntity(
  { columns, relations, module, node }: Entity,
  properties: readonly Property[],
  modules: Modules,
): readonly ModelKey[] | undefined {
  const columnOf = (name: string): string | undefined =>
    columns.find((one) => one.name === name)?.column ??
    relations.find((one) => one.name === name)?.column?.column;
  const primary: string[] = [];
  const keys: ModelKey[] = [];
  let isTold = true;
  for (const { name, node: at, module: home } of properties) {
    const decorators = decoratorsOf(at);
    const span = home.span(at);
    const column = columnOf(name);
    for (const decorator of decorators) {
      const options = optionsOf(home, decorator.args, modules);
      if (/^Primary\w*Column$/.test(decorator.name) || options.is('primary')) primary.push(column ?? name);
      if (column === undefined) continue;
      if (options.is('unique') && /Column$/.test(decorator.name))
        keys.push({ kind: 'unique', columns: [column], span });
      const key =
        decorator.name === 'Index' || decorator.name === 'Unique'
          ? keyOf(decorator, [name], home, modules)
          : undefined;
      if (key?.columns.length === 1) keys.push({ ...key, columns: [column], span });
    }
    const relation = relations.find((one) => one.name === name);
    if (!relation?.column) continue;
    const decorator = decorators.find((one) => /^(ManyToOne|OneToOne)$/.test(one.name));
    const options = decorator && optionsOf(home, decorator.args, modules);
    const target = relation.target(modules);
    // the last of several join columns is all that is known of them
    if (decorators.filter((one) => one.name === 'JoinColumn').length > 1) isTold = false;
    if (!decorator || !target) isTold = false;
    else if (!isFalse(options?.value('createForeignKeyConstraints'))) {
      const said = options?.text('onDelete')?.toLowerCase();
      const onDelete = said === undefined ? 'no action' : ACTIONS.find((one) => one === said);
      const ref = { table: target.table, columns: [], ...(onDelete ? { onDelete } : {}) };
      keys.push({ kind: 'foreign key', columns: [relation.column.column], ref, span });
    }
    if (decorator?.name === 'OneToOne' && column !== undefined)
      keys.push({ kind: 'unique', columns: [column], span });
  }
  for (const decorator of decoratorsOf(node)) {
    if (decorator.name !== 'Index' && decorator.name !== 'Unique') continue;
    const key = keyOf(decorator, undefined, module, modules);
    const named = key?.columns.flatMap((name) => (name === null ? [] : (columnOf(name) ?? [])));
    if (!key || !named || named.length === 0 || named.length < key.columns.length) isTold = false;
    else keys.push({ ...key, columns: named, span: module.span(node) });
  }
  if (!isTold) return undefined;
  const span = module.span(node);
  return [...(primary.length > 0 ? [{ kind: 'primary key' as const, columns: primary, span }] : []), ...keys];
}

const ACTIONS: readonly ReferentialAction[] = ['no action', 'restrict', 'cascade', 'set null', 'set default'];

/** `@Index('by_name', ['name'], { unique: true })`, `@Unique(['a', 'b'])`; its columns are still properties. */
function keyOf(
  { name, args }: Decorator,
  own: readonly string[] | undefined,
  module: CodeModule,
  modules: Modules,
): Omit<ModelKey, 'span'> | undefined {
  const options = optionsOf(module, args, modules);
  if (isFalse(options.value('synchronize'))) return undefined;
  const list = args.find((one) => unwrapped(one).type === 'ArrayExpression');
  const columns = own ?? (list ? listed(module, list, modules) : undefined);
  if (!columns) return undefined;
  const given = options.first();
  const isUnique = name === 'Unique' || options.is('unique');
  return {
    kind: isUnique ? 'unique' : 'index',
    ...(given === undefined ? {} : { name: given }),
    columns,
    ...(options.has('where') ? { partial: true } : {}),
  };
}

function listed(module: CodeModule, list: Node, modules: Modules): readonly string[] | undefined {
  const inner = unwrapped(list);
  const names = literalsOf(module, list, modules);
  return inner.type === 'ArrayExpression' && names.length === inner.elements.length ? names : undefined;
}
