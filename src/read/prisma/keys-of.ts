import type { Span } from '../../change/span.ts';
import type { ReferentialAction } from '../../schema/schema.ts';
import type { ModelKey } from '../query.ts';
import { type Attribute, argumentOf, type Field, textIn, wordsIn } from './notation.ts';
import type { PrismaModel, PrismaSchema } from './schema.ts';

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  Cascade: 'cascade',
  Restrict: 'restrict',
  NoAction: 'no action',
  SetNull: 'set null',
  SetDefault: 'set default',
};

type SpanOf = (at: { readonly start: number; readonly end: number }) => Span;

/** The keys, indexes and references that Prisma's migrations make for a model. */
export function keysOf(schema: PrismaSchema, model: PrismaModel, span: SpanOf): readonly ModelKey[] {
  const { block } = model;
  const ofFields = block.fields.flatMap((field) => {
    const column = model.columns.get(field.name)?.column;
    return column === undefined ? [] : ownKeys(field, column, span(field));
  });
  const ofBlock = block.attributes.flatMap((attribute): readonly ModelKey[] => {
    const kind = KINDS[attribute.name];
    if (!kind) return [];
    const fields = wordsIn(argumentOf(attribute, 'fields'));
    const columns = fields.map((name) => model.columns.get(name)?.column ?? null);
    if (columns.length === 0) return [];
    const isPartial = attribute.args.some(({ name }) => name === 'where');
    return [
      { kind, ...nameIn(attribute), columns, ...(isPartial ? { partial: true } : {}), span: span(block) },
    ];
  });
  return [...ofFields, ...ofBlock, ...(schema.withoutForeignKeys ? [] : references(schema, model, span))];
}

const KINDS: Readonly<Record<string, 'primary key' | 'unique' | 'index'>> = {
  id: 'primary key',
  unique: 'unique',
  index: 'index',
  fulltext: 'index',
};

function ownKeys({ attributes }: Field, column: string, span: Span): readonly ModelKey[] {
  return attributes.flatMap((attribute): readonly ModelKey[] => {
    if (attribute.name !== 'id' && attribute.name !== 'unique') return [];
    const kind = attribute.name === 'id' ? 'primary key' : 'unique';
    return [{ kind, ...nameIn(attribute), columns: [column], span }];
  });
}

function nameIn({ args }: Attribute): { readonly name?: string } {
  const name = textIn(args.find((one) => one.name === 'map')?.value);
  return name === undefined ? {} : { name };
}

function references(schema: PrismaSchema, model: PrismaModel, span: SpanOf): readonly ModelKey[] {
  return [...model.relations.values()].flatMap(({ name, target, join }): readonly ModelKey[] => {
    const parent = schema.models.get(target);
    const field = model.block.fields.find((one) => one.name === name);
    if (join.kind !== 'own' || !parent || !field || parent.block.kind === 'view') return [];
    const relation = field.attributes.find((one) => one.name === 'relation');
    const said = relation?.args.find((one) => one.name === 'onDelete')?.value;
    const isOptional = [...model.columns.values()].some(
      ({ column, nullable }) => nullable === true && join.columns.includes(column),
    );
    const onDelete =
      said?.kind === 'word' ? ACTIONS[said.word] : isOptional ? ('set null' as const) : 'restrict';
    const ref = { table: parent.table, columns: join.references, ...(onDelete ? { onDelete } : {}) };
    return [{ kind: 'foreign key', columns: join.columns, ref, span: span(field) }];
  });
}
