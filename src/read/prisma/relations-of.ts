import { argumentOf, type Block, type Field, textIn, wordsIn } from './notation.ts';
import type { PrismaJoin, PrismaRelation } from './schema.ts';

type OfModel = ReadonlyMap<string, PrismaRelation>;

/** The relations of every model: by its name, then by the field's. */
export function relationsOf(blocks: readonly Block[]): ReadonlyMap<string, OfModel> {
  const byName = new Map(blocks.map((block) => [block.name, block]));
  return new Map(
    blocks.map((block) => [
      block.name,
      new Map(
        block.fields.flatMap((field): readonly [string, PrismaRelation][] => {
          const target = byName.get(field.type);
          if (!target) return [];
          const { name, isList } = field;
          return [[name, { name, target: target.name, isList, join: joinOf(block, field, target) }]];
        }),
      ),
    ]),
  );
}

function joinOf(block: Block, field: Field, target: Block): PrismaJoin {
  const own = keyOf(block, field, target);
  if (own) return { kind: 'own', ...own };
  const back = oppositeOf(block, field, target);
  const theirs = back && keyOf(target, back, block);
  if (theirs) return { kind: 'theirs', ...theirs };
  return back?.isList && field.isList ? joinTable(block, field, target, back) : { kind: 'unknown' };
}

/** The columns of a foreign key, where the field is the one that holds it. */
function keyOf(block: Block, field: Field, target: Block) {
  const relation = relationAttribute(field);
  const given = (name: string) => relation?.args.find((one) => one.name === name)?.value;
  const fields = wordsIn(given('fields'));
  if (fields.length === 0) return undefined;
  const references = wordsIn(given('references'));
  return {
    columns: fields.map((name) => columnName(block, name)),
    references: references.map((name) => columnName(target, name)),
  };
}

function relationAttribute(field: Field) {
  return field.attributes.find((one) => one.name === 'relation');
}

function relationName(field: Field): string | undefined {
  return textIn(argumentOf(relationAttribute(field), 'name'));
}

function oppositeOf(block: Block, field: Field, target: Block): Field | undefined {
  const name = relationName(field);
  return target.fields.find(
    (other) => other !== field && other.type === block.name && relationName(other) === name,
  );
}

function columnName(block: Block, name: string): string {
  const field = block.fields.find((one) => one.name === name);
  return (
    textIn(
      argumentOf(
        field?.attributes.find((one) => one.name === 'map'),
        'name',
      ),
    ) ?? name
  );
}

/** https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/many-to-many-relations: `_PostToTag` with `A` and `B`. */
function joinTable(block: Block, field: Field, target: Block, back: Field): PrismaJoin {
  const [first, second] = [block.name, target.name].sort();
  const isFirst = block.name === target.name ? field.name < back.name : block.name === first;
  const schema = textIn(
    argumentOf(
      block.attributes.find((one) => one.name === 'schema'),
      'map',
    ),
  );
  const name = `_${relationName(field) ?? `${first}To${second}`}`;
  const [own, theirs] = isFirst ? ['A', 'B'] : ['B', 'A'];
  return { kind: 'table', table: schema === undefined ? { name } : { schema, name }, own, theirs };
}
