import { posix } from 'node:path';
import { argumentOf, type Block, type Field, textIn, wordsIn } from './notation.ts';
import { relationsOf } from './relations-of.ts';
import type { PrismaColumn, PrismaFile, PrismaKey, PrismaModel, PrismaSchema } from './schema.ts';

/** The schema that files say together. Blocks that are twice there count once. */
export function toSchema(path: string, files: readonly PrismaFile[]): PrismaSchema {
  const blocks = files.flatMap((file) => file.read.blocks.map((block) => ({ file, block })));
  const tables = new Map<string, { readonly file: PrismaFile; readonly block: Block }>();
  for (const one of blocks)
    if (/^(model|view|type)$/.test(one.block.kind) && !tables.has(one.block.name))
      tables.set(one.block.name, one);
  const composite = new Set(
    [...tables.values()].flatMap(({ block }) => (block.kind === 'type' ? block.name : [])),
  );
  const isTable = (name: string) => tables.has(name) && !composite.has(name);
  const relations = relationsOf(
    [...tables.values()].flatMap(({ block }) => (isTable(block.name) ? block : [])),
  );
  const models = new Map<string, PrismaModel>();
  for (const [name, { file, block }] of tables) {
    if (block.kind === 'type') continue;
    const isIgnored = block.attributes.some((one) => one.name === 'ignore');
    models.set(name, {
      name,
      ...(isIgnored ? {} : { property: name.charAt(0).toLowerCase() + name.slice(1) }),
      table: tableOf(block),
      columns: new Map(
        block.fields.flatMap((field) => (isTable(field.type) ? [] : [[field.name, columnOf(field)]])),
      ),
      relations: relations.get(name) ?? new Map(),
      keys: keysOf(block),
      file,
      block,
    });
  }
  return {
    path,
    files,
    models,
    byProperty: new Map(
      [...models.values()].flatMap((one) => (one.property === undefined ? [] : [[one.property, one]])),
    ),
    database: databaseOf(blocks.map(({ block }) => block)),
    withoutForeignKeys: blocks.some(
      ({ block }) => block.kind === 'datasource' && setting(block, 'relationMode') === 'prisma',
    ),
    enums: new Map(blocks.flatMap(({ block }) => (block.kind === 'enum' ? [[block.name, block]] : []))),
    outputs: blocks.flatMap(({ file, block }) => outputOf(file.path, block)),
  };
}

function tableOf(block: Block): PrismaModel['table'] {
  const given = (name: string) =>
    textIn(
      argumentOf(
        block.attributes.find((one) => one.name === name),
        name === 'map' ? 'name' : 'map',
      ),
    );
  const schema = given('schema');
  const name = given('map') ?? block.name;
  return schema === undefined ? { name } : { schema, name };
}

function columnOf(field: Field): PrismaColumn {
  const { name, type, isList, isOptional, attributes, start, end } = field;
  const column =
    textIn(
      argumentOf(
        attributes.find((one) => one.name === 'map'),
        'name',
      ),
    ) ?? name;
  const nullable = isList ? {} : { nullable: isOptional };
  return { name, column, type: isList ? `${type}[]` : type, ...nullable, field, start, end };
}

function keysOf(block: Block): readonly PrismaKey[] {
  const ofFields = block.fields.flatMap(({ name, attributes }) =>
    attributes.some((one) => one.name === 'id' || one.name === 'unique') ? [{ fields: [name], name }] : [],
  );
  const ofBlock = block.attributes.flatMap((attribute) => {
    if (attribute.name !== 'id' && attribute.name !== 'unique') return [];
    const fields = wordsIn(argumentOf(attribute, 'fields'));
    const named = attribute.args.find((one) => one.name === 'name');
    return [{ fields, name: textIn(named?.value) ?? fields.join('_') }];
  });
  return [...ofFields, ...ofBlock];
}

const DATABASES: Readonly<Record<string, string>> = {
  postgresql: 'postgres',
  postgres: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
  sqlserver: 'sqlserver',
  mongodb: 'mongodb',
  cockroachdb: 'postgres',
};

function databaseOf(blocks: readonly Block[]): string | undefined {
  const provider = setting(
    blocks.find((one) => one.kind === 'datasource'),
    'provider',
  );
  return provider === undefined || !Object.hasOwn(DATABASES, provider) ? undefined : DATABASES[provider];
}

function setting(block: Block | undefined, name: string): string | undefined {
  return textIn(block?.fields.find((one) => one.name === name)?.value);
}

function outputOf(path: string, block: Block): readonly string[] {
  if (block.kind !== 'generator' || !/^prisma-client/.test(setting(block, 'provider') ?? '')) return [];
  const output = setting(block, 'output');
  return output === undefined || output.startsWith('/') ? [] : [posix.join(posix.dirname(path), output)];
}
