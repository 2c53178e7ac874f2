import { nameText } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { UserType } from '../schema.ts';
import { putSequence } from './column.ts';
import { candidates, type Draft, homeOf, keyOf, putTable, Refusal, removeTable } from './draft.ts';
import { needColumn, needFree, needTable } from './find.ts';
import { clipped } from './generated-name.ts';
import { dropViewsOn } from './view.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** CREATE TYPE and DOMAIN. */
export function createType(draft: Draft, operation: On<'create-type'>): void {
  const schema = homeOf(draft, operation.type);
  const name = clipped(operation.type.name);
  const key = keyOf(draft, schema, name);
  if (draft.types.has(key) || draft.relations.has(key))
    throw new Refusal('already exists', `type "${name}" already exists`, name);
  const { typeKind: kind, labels, baseType, span } = operation;
  draft.types.set(key, { schema, name, kind, labels, ...(baseType ? { baseType } : {}), span });
}

function needUserType(
  draft: Draft,
  operation: { readonly type: On<'drop-type'>['type'] },
): { key: string; type: UserType } {
  for (const key of candidates(draft, operation.type)) {
    const type = draft.types.get(key);
    if (type) return { key, type };
  }
  throw new Refusal('no such type', `type "${nameText(operation.type)}" does not exist`, operation.type.name);
}

/** ALTER TYPE … ADD VALUE; a label that is there is skipped only with IF NOT EXISTS. */
export function addEnumValue(draft: Draft, operation: On<'add-enum-value'>): void {
  const { key, type } = needUserType(draft, operation);
  if (type.kind !== 'enum') throw new Refusal('wrong kind', `"${type.name}" is not an enum`, type.name);
  if (type.labels.includes(operation.label))
    throw new Refusal('already exists', `enum label "${operation.label}" already exists`, type.name);
  const neighbour = operation.before ?? operation.after;
  const at =
    neighbour === undefined
      ? type.labels.length
      : type.labels.indexOf(neighbour) + (operation.after === undefined ? 0 : 1);
  if (neighbour !== undefined && !type.labels.includes(neighbour))
    throw new Refusal('no such label', `"${neighbour}" is not an existing enum label`, type.name);
  draft.types.set(key, { ...type, labels: type.labels.toSpliced(at, 0, operation.label) });
}

/** ALTER TYPE … RENAME VALUE. */
export function renameEnumValue(draft: Draft, operation: On<'rename-enum-value'>): void {
  const { key, type } = needUserType(draft, operation);
  if (!type.labels.includes(operation.label))
    throw new Refusal('no such label', `"${operation.label}" is not an existing enum label`, type.name);
  if (type.labels.includes(operation.to))
    throw new Refusal('already exists', `enum label "${operation.to}" already exists`, type.name);
  draft.types.set(key, {
    ...type,
    labels: type.labels.map((label) => (label === operation.label ? operation.to : label)),
  });
}

/** ALTER TYPE … RENAME TO: columns of that type follow. */
export function renameType(draft: Draft, operation: On<'rename-type'>): void {
  const { key, type } = needUserType(draft, operation);
  const name = clipped(operation.to);
  const to = keyOf(draft, type.schema, name);
  if (draft.types.has(to) || draft.relations.has(to))
    throw new Refusal('already exists', `type "${name}" already exists`, name);
  draft.types.delete(key);
  draft.types.set(to, { ...type, name });
  for (const table of usersOf(draft, type))
    putTable(draft, {
      ...table,
      columns: table.columns.map((column) =>
        isOf(draft, column, type) ? { ...column, type: { ...column.type, name } } : column,
      ),
    });
}

function usersOf(draft: Draft, type: UserType) {
  return [...draft.tables.values()].filter((table) =>
    table.columns.some((column) => isOf(draft, column, type)),
  );
}

function isOf(
  draft: Draft,
  column: { readonly type: UserType['baseType'] & object },
  type: UserType,
): boolean {
  const { name, schema } = column.type;
  return (
    name === type.name &&
    (schema === undefined ? draft.searchPath.includes(type.schema) : schema === type.schema)
  );
}

/** DROP TYPE; with CASCADE the columns of it go too. */
export function dropType(draft: Draft, operation: On<'drop-type'>): void {
  const { key, type } = needUserType(draft, operation);
  for (const table of usersOf(draft, type)) {
    const column = table.columns.find((one) => isOf(draft, one, type));
    if (!operation.cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop type ${type.name} because other objects depend on it: column ${column?.name} of table ${table.name}`,
        type.name,
        table.name,
      );
    putTable(draft, { ...table, columns: table.columns.filter((one) => !isOf(draft, one, type)) });
  }
  for (const one of draft.types.values())
    if (one.baseType?.name === type.name && !operation.cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop type ${type.name} because other objects depend on it: type ${one.name}`,
        type.name,
      );
  draft.types.delete(key);
}

/** CREATE SEQUENCE. */
export function createSequence(draft: Draft, operation: On<'create-sequence'>): void {
  const schema = homeOf(draft, operation.sequence);
  const name = clipped(operation.sequence.name);
  needFree(draft, keyOf(draft, schema, name), name);
  const owner = ownerOf(draft, operation.ownedBy);
  putSequence(draft, { schema, name, ...(owner ? { ownedBy: owner } : {}), span: operation.span });
}

function ownerOf(draft: Draft, ownedBy: On<'create-sequence'>['ownedBy']) {
  if (!ownedBy) return undefined;
  const table = needTable(draft, ownedBy.table);
  return { tableId: table.id, column: needColumn(draft, table, ownedBy.column).name };
}

function needSequence(draft: Draft, name: On<'drop-sequence'>['sequence']): string {
  for (const key of candidates(draft, name)) if (draft.sequences.has(key)) return key;
  throw new Refusal('no such sequence', `sequence "${nameText(name)}" does not exist`, name.name);
}

/** ALTER SEQUENCE … OWNED BY; other changes leave the schema as it is. */
export function alterSequence(draft: Draft, operation: On<'alter-sequence'>): void {
  const key = needSequence(draft, operation.sequence);
  const sequence = draft.sequences.get(key);
  if (!sequence || operation.ownedBy === undefined) return;
  const { ownedBy: _, ...free } = sequence;
  const owner = operation.ownedBy === 'none' ? undefined : ownerOf(draft, operation.ownedBy);
  draft.sequences.set(key, { ...free, ...(owner ? { ownedBy: owner } : {}) });
}

/** ALTER SEQUENCE … RENAME TO. */
export function renameSequence(draft: Draft, operation: On<'rename-sequence'>): void {
  const key = needSequence(draft, operation.sequence);
  const sequence = draft.sequences.get(key);
  if (!sequence) return;
  needFree(draft, keyOf(draft, sequence.schema, operation.to), operation.to);
  draft.sequences.delete(key);
  draft.relations.delete(key);
  putSequence(draft, { ...sequence, name: clipped(operation.to) });
}

/** DROP SEQUENCE; a default that reads it stands in the way. */
export function dropSequence(draft: Draft, operation: On<'drop-sequence'>): void {
  const key = needSequence(draft, operation.sequence);
  const sequence = draft.sequences.get(key);
  const owner = sequence?.ownedBy && draft.tables.get(sequence.ownedBy.tableId);
  const column = owner?.columns.find((one) => one.name === sequence?.ownedBy?.column);
  const reads = column?.default?.includes(sequence?.name ?? '') ?? false;
  if (owner && column && reads) {
    if (!operation.cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop sequence ${sequence?.name} because other objects depend on it: default value for column ${column.name} of table ${owner.name}`,
        owner.name,
      );
    putTable(draft, {
      ...owner,
      columns: owner.columns.map((one) => (one === column ? { ...one, default: undefined } : one)),
    });
  }
  draft.sequences.delete(key);
  draft.relations.delete(key);
}

/** CREATE SCHEMA. */
export function createSchema(draft: Draft, schema: string): void {
  if (draft.schemas.has(schema))
    throw new Refusal('already exists', `schema "${schema}" already exists`, schema);
  draft.schemas.add(schema);
}

/** DROP SCHEMA; with CASCADE everything in it goes. */
export function dropSchema(draft: Draft, schema: string, cascade: boolean): void {
  if (!draft.schemas.has(schema))
    throw new Refusal('no such schema', `schema "${schema}" does not exist`, schema);
  const tables = [...draft.tables.values()].filter((table) => table.schema === schema);
  const others = [draft.types, draft.views, draft.sequences, draft.functions].flatMap((map) => [
    ...map.keys(),
  ]);
  const inside = others.filter((key) => key.startsWith(`${schema}.`));
  if (!cascade && tables.length + inside.length > 0)
    throw new Refusal(
      'still referenced',
      `cannot drop schema ${schema} because other objects depend on it`,
      schema,
    );
  for (const table of tables) {
    dropViewsOn(draft, { tableId: table.id }, true, table.name);
    removeTable(draft, table);
  }
  for (const key of inside)
    for (const map of [draft.types, draft.views, draft.sequences, draft.functions, draft.relations])
      map.delete(key);
  draft.schemas.delete(schema);
}

/** CREATE EXTENSION. */
export function createExtension(draft: Draft, extension: string): void {
  if (draft.extensions.has(extension))
    throw new Refusal('already exists', `extension "${extension}" already exists`, extension);
  draft.extensions.add(extension);
}

/** DROP EXTENSION. */
export function dropExtension(draft: Draft, extension: string): void {
  if (!draft.extensions.delete(extension))
    throw new Refusal('no such type', `extension "${extension}" does not exist`, extension);
}
