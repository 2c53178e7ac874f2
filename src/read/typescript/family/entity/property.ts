import type { Node } from 'oxc-parser';
import type { ModelColumn } from '../../../query.ts';
import { isClass } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import { returnsOf } from '../object-keys.ts';
import { type Decorator, decoratorsOf, type Property, propertiesOf, writtenType } from './decorators.ts';
import type { Entity, Relation } from './entity.ts';
import { isFalse, type Options, optionsOf, wordOf } from './options.ts';
import { relationOf } from './relation.ts';
import { storedProperty } from './stored.ts';
import { isOfPackage, type Vocabulary } from './vocabulary.ts';

/** Adds what a property is: a column, a relation, the columns of an embedded object. */
export function addProperty(
  property: Property,
  entity: Entity,
  columns: ModelColumn[],
  relations: Relation[],
  vocabulary: Vocabulary,
  modules: Modules,
): void {
  const { module, node, name } = property;
  const decorators = decoratorsOf(node);
  const relation = decorators.find((one) => vocabulary.relation.test(one.name));
  if (relation) {
    const made = relationOf(property, relation, decorators, entity, vocabulary, modules);
    relations.push(made);
    return;
  }
  const column = decorators.find((one) => vocabulary.column.test(one.name));
  if (!column || /^(Formula|VirtualColumn)$/.test(column.name)) return;
  const options = optionsOf(module, column.args, modules);
  if (isVirtual(options, column)) return;
  const embedded = embeddedClass(module, column, modules);
  if (embedded) {
    columns.push(...embeddedColumns(property, column, embedded, vocabulary, modules));
    return;
  }
  if (isFalse(options.value('persist'))) return;
  const given = options.text('fieldName', 'field', 'name');
  const isOwn = isOfPackage(module, column.callee, vocabulary, modules);
  columns.push({
    ...(given === undefined ? vocabulary.columnOf(name) : { column: given }),
    name,
    type: typeOf(options, column, node),
    nullable: options.has('allowNull')
      ? !isFalse(options.value('allowNull'))
      : options.is('nullable') ||
        isPlainNull(node) ||
        (column.name === 'DeleteDateColumn' && !options.has('nullable')),
    ...(vocabulary.tells !== undefined && isOwn
      ? {
          stored: {
            ...storedProperty(module, node, column, options, modules),
            ...nullGuessed(column, node, options),
          },
        }
      : {}),
    span: module.span(node),
  });
}

/** The type as it is declared for the database, or else in code. */
function typeOf(options: Options, { name }: Decorator, node: Node): string | undefined {
  const declared = options.first() ?? options.text('type', 'columnType') ?? options.word('type');
  if (declared !== undefined) return declared.toLowerCase();
  if (/^(Create|Update|Delete)DateColumn$/.test(name)) return 'timestamp';
  const type = writtenType(node);
  if (type?.type === 'TSStringKeyword') return 'string';
  if (type?.type === 'TSNumberKeyword') return 'number';
  if (type?.type === 'TSBooleanKeyword') return 'boolean';
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier'
    ? type.typeName.name.toLowerCase()
    : undefined;
}

/** MikroORM takes `?` for nullable; others want it said, but nobody writes `| null` for what may not be null. */
function isPlainNull(node: Node): boolean {
  const type = writtenType(node);
  return type?.type === 'TSUnionType' && type.types.some((one) => one.type === 'TSNullKeyword');
}

/** `@Column(DataType.VIRTUAL)`, `@Column({ type: DataType.VIRTUAL(…) })`. */
function isVirtual(options: Options, { args }: Decorator): boolean {
  return [wordOf(args[0]), options.word('type')].includes('VIRTUAL');
}

/** `name?: string` is NULL for MikroORM where it reads the types; `| null` without a word is nothing that TypeORM knows. */
function nullGuessed({ name }: Decorator, node: Node, options: Options): { readonly isNullGuessed?: true } {
  const isOptional = !/Column$/.test(name) && 'optional' in node && node.optional === true;
  return !options.has('nullable') && (isOptional || isPlainNull(node)) ? { isNullGuessed: true } : {};
}

/** Whether a property holds an embedded object. */
export function isEmbedded(
  module: CodeModule,
  node: Node,
  vocabulary: Vocabulary,
  modules: Modules,
): boolean {
  const column = decoratorsOf(node).find((one) => vocabulary.column.test(one.name));
  return column !== undefined && embeddedClass(module, column, modules) !== undefined;
}

/** The class whose properties are columns of this table: `@Column(() => Address)`, `@Embedded(() => Address)`. */
function embeddedClass(
  module: CodeModule,
  { name, args }: Decorator,
  modules: Modules,
): Extract<Traced, { kind: 'node' }> | undefined {
  const [first] = args;
  if (!first || !(isFunction(first) || name === 'Embedded')) return undefined;
  if (optionsOf(module, args, modules).is('object')) return undefined; // kept as JSON, in one column
  const [returned = first] = returnsOf(first);
  const traced = trace(module, returned, startTrail(modules));
  return traced.kind === 'node' && isClass(traced.node) ? traced : undefined;
}

function embeddedColumns(
  { module, node, name }: Property,
  decorator: Decorator,
  embedded: Extract<Traced, { kind: 'node' }>,
  vocabulary: Vocabulary,
  modules: Modules,
): readonly ModelColumn[] {
  if (!isClass(embedded.node)) return [];
  const options = optionsOf(module, decorator.args, modules);
  const prefix = isFalse(options.value('prefix')) ? '' : (options.text('prefix') ?? name);
  const inner: ModelColumn[] = [];
  const relations: Relation[] = [];
  const owner = {
    name,
    relations,
    columns: inner,
    embedded: [],
    guess: vocabulary.columnOf,
    module,
    node,
    table: { name },
    via: 'class',
  } as const;
  for (const property of propertiesOf(embedded.module, embedded.node, modules, 0))
    addProperty(property, owner, inner, relations, vocabulary, modules);
  return inner.map((column) => {
    const joined =
      prefix === '' ? column.name : prefix + column.name.charAt(0).toUpperCase() + column.name.slice(1);
    return {
      ...column,
      ...(prefix === '' ? {} : vocabulary.columnOf(joined)),
      name: `${name}.${column.name}`,
      span: module.span(node),
    };
  });
}
