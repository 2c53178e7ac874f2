import type { Node } from 'oxc-parser';
import type { ModelColumn } from '../../../query.ts';
import type { CodeModule } from '../../module.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Via } from '../../trail.ts';
import { keysOf, returnsOf } from '../object-keys.ts';
import type { Entity, Relation } from './entity.ts';
import { optionsOf } from './options.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Finds an entity by the name or class that another schema object refers to it with. */
export type FindEntity = (module: CodeModule, expression: Node, modules: Modules) => Entity | undefined;

/** The entity of `new EntitySchema({ name, tableName, columns, relations })` and of `defineEntity({ name, properties })`. */
export function entityOfObject(
  module: CodeModule,
  node: Node,
  object: Node,
  via: Via,
  vocabulary: Vocabulary,
  find: FindEntity,
  modules: Modules,
): Entity | undefined {
  const options = optionsOf(module, [object], modules);
  const target = options.value('class') ?? options.value('target');
  const named = target?.type === 'Identifier' ? target.name : undefined;
  const name = options.text('name') ?? named;
  const table =
    options.text('tableName', 'collection') ?? (name === undefined ? undefined : vocabulary.tableOf(name));
  if (name === undefined || table === undefined) return undefined;
  const schema = options.text('schema');
  const columns: ModelColumn[] = [];
  const relations: Relation[] = [];
  for (const part of ['columns', 'properties', 'relations']) {
    const value = options.value(part);
    if (!value) continue;
    const body = returnsOf(value)[0] ?? value;
    for (const key of keysOf(module, body, modules).keys)
      if (key.name !== undefined)
        addOne(key.module, key.name, key.node, key.value, { columns, relations }, vocabulary, find, modules);
  }
  return {
    table: schema === undefined ? { name: table } : { schema, name: table },
    name: named ?? name,
    module,
    node,
    via: options.text('tableName', 'collection') === undefined ? 'convention' : via,
    columns,
    relations,
    embedded: [],
    guess: vocabulary.columnOf,
  };
}

function addOne(
  module: CodeModule,
  name: string,
  at: Node,
  value: Node,
  into: { readonly columns: ModelColumn[]; readonly relations: Relation[] },
  vocabulary: Vocabulary,
  find: FindEntity,
  modules: Modules,
): void {
  const options = optionsOf(module, [value], modules);
  const written = returnsOf(value)[0] ?? value;
  const built = written.type === 'CallExpression' ? builtOf(module, written, modules) : undefined;
  const kind = built?.relation ?? options.text('kind', 'reference') ?? relationType(options.text('type'));
  const span = module.span(at);
  const isToOne = kind !== undefined && /^(m:1|many-to-one|1:1|one-to-one|manyToOne|oneToOne)$/.test(kind);
  if (kind !== undefined && /^(m:1|1:m|m:n|1:1|many|one|manyTo|oneTo)/.test(kind)) {
    const joined = options.value('joinColumn');
    const holdsKey =
      isToOne && (!/^(1:1|one-to-one|oneToOne)$/.test(kind) || joined !== undefined || options.is('owner'));
    const given =
      built?.name ??
      options.text('joinColumn', 'fieldName') ??
      (joined ? optionsOf(module, [joined], modules).text('name') : undefined);
    const column = given === undefined ? vocabulary.foreignKeyOf(name) : { column: given };
    const target = built?.target ?? options.value('entity') ?? options.value('target');
    into.relations.push({
      name,
      kind: isToOne ? 'one' : /^(m:n|many-to-many|manyToMany)$/.test(kind) ? 'many-to-many' : 'many',
      inverse: options.text('mappedBy', 'inverseSide'),
      ...(holdsKey ? { column } : {}),
      target: (all) => target && find(module, returnsOf(target)[0] ?? target, all),
    });
    if (holdsKey) into.columns.push({ ...column, name, span });
    return;
  }
  const given = built?.name ?? options.text('name', 'fieldName', 'field');
  into.columns.push({
    ...(given === undefined ? vocabulary.columnOf(name) : { column: given }),
    name,
    type: built?.type ?? options.text('type', 'columnType') ?? options.word('type')?.toLowerCase(),
    nullable: built?.nullable ?? options.is('nullable'),
    span,
  });
}

/** TypeORM writes a relation's kind in `type`. */
function relationType(type: string | undefined): string | undefined {
  return type !== undefined && /^(one|many)-to-(one|many)$/.test(type) ? type : undefined;
}

interface Built {
  readonly relation?: string;
  readonly target?: Node;
  readonly name?: string;
  readonly type?: string;
  readonly nullable: boolean;
}

/** `p.string().fieldName('email_address').nullable()`, `() => p.manyToOne(Team)`. */
function builtOf(module: CodeModule, node: Node, modules: Modules): Built | undefined {
  const steps: { name: string; args: readonly Node[] }[] = [];
  for (let at: Node = node; at.type === 'CallExpression'; ) {
    const { callee, arguments: args }: Extract<Node, { type: 'CallExpression' }> = at;
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') break;
    steps.unshift({ name: callee.property.name, args });
    at = callee.object;
  }
  const [first] = steps;
  if (!first) return undefined;
  const argumentOf = (pattern: RegExp) => steps.find((step) => pattern.test(step.name))?.args[0];
  const name = argumentOf(/^(fieldName|name|joinColumn)$/);
  const isRelation = /^(manyToOne|oneToOne|oneToMany|manyToMany)$/.test(first.name);
  return {
    ...(isRelation ? { relation: first.name, target: first.args[0] } : { type: first.name }),
    ...(name ? { name: textOf(module, name, modules).text } : {}),
    nullable: steps.some((step) => step.name === 'nullable'),
  };
}

/** The object that a schema is made from: of `new EntitySchema({ … })` or a call. */
export function schemaObject(node: Node): Node | undefined {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return undefined;
  const [first] = node.arguments;
  return first?.type === 'ObjectExpression' ? first : undefined;
}

/** `export const UserSchema = new EntitySchema({ … })`, `= defineEntity({ … })`. */
export function schemasOf(module: CodeModule): readonly Node[] {
  return module.program.body.flatMap((statement) => {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return declaration.declarations.flatMap(({ init }) => (init && schemaObject(init) ? [init] : []));
  });
}

/** The package from which a name in code comes, and what it is called there. */
export function packageOf(
  module: CodeModule,
  node: Node,
  modules: Modules,
): { source: string; name: string } | undefined {
  const traced = trace(module, node, startTrail(modules));
  return traced.kind === 'external' ? { source: traced.source, name: traced.path.at(-1) ?? '' } : undefined;
}
