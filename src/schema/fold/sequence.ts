import type { QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Sequence, Table } from '../schema.ts';
import { setColumn } from './column.ts';
import { type Draft, homeOf, keyOf, setSequence, setTable } from './draft.ts';
import { namesIn, quoted } from './expression.ts';
import { current, findRelation, missing, needColumn, needFree, needFreeIn, needTable } from './find.ts';
import { tablesMentioning } from './mentions.ts';
import { Refusal, stillReferenced } from './refusal.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** CREATE SEQUENCE. */
export function createSequence(draft: Draft, { sequence, ownedBy, span }: On<'create-sequence'>): void {
  const schema = homeOf(draft, sequence);
  const { name } = sequence;
  needFree(draft, schema, name);
  const owner = ownedBy && ownerOf(draft, schema, ownedBy);
  setSequence(draft, keyOf(draft, schema, name), {
    schema,
    name,
    ...(owner ? { ownedBy: owner } : {}),
    span,
  });
}

function ownerOf(
  draft: Draft,
  schema: string,
  ownedBy: { readonly table: QualifiedName; readonly column: string },
) {
  const table = needTable(draft, ownedBy.table);
  const column = needColumn(draft, table, ownedBy.column);
  if (table.schema !== schema)
    throw new Refusal('invalid definition', 'sequence must be in same schema as table it is linked to', [
      table.name,
    ]);
  return { tableId: table.id, column: column.name };
}

/** The sequence of that name; refuses as PostgreSQL does: DROP misses a `sequence`, ALTER a `relation`. */
export function needSequence(
  draft: Draft,
  name: QualifiedName,
  word = 'relation',
): { readonly key: string; readonly sequence: Sequence } {
  const found = findRelation(draft, name);
  const sequence = found && draft.sequences.get(found.key);
  if (found && sequence) return { key: found.key, sequence };
  if (found) throw new Refusal('wrong kind', `"${name.name}" is not a sequence`, [name.name]);
  throw missing(draft, 'no such sequence', word, name, 'object');
}

/** ALTER SEQUENCE … OWNED BY. */
export function alterSequence(draft: Draft, operation: On<'alter-sequence'>): void {
  const { key, sequence } = needSequence(draft, operation.sequence);
  if (operation.ownedBy === undefined) return;
  const { ownedBy: _, ...free } = sequence;
  if (operation.ownedBy === 'none') setSequence(draft, key, free);
  else setSequence(draft, key, { ...free, ownedBy: ownerOf(draft, sequence.schema, operation.ownedBy) });
}

/** Columns whose default takes its next value. */
function usersOf(draft: Draft, key: string, sequence: Sequence) {
  return tablesMentioning(draft, `sequence ${sequence.name}`).flatMap((id) => {
    const table = current(draft, id);
    return table.columns.flatMap((column) => {
      const names = column.default === undefined ? [] : namesIn(column.default).sequences;
      const uses = names.some((name) => findRelation(draft, name)?.key === key || isHere(draft, name, key));
      return uses ? [{ table, column }] : [];
    });
  });
}

/** The default was written with another search path. */
function isHere(draft: Draft, name: QualifiedName, key: string): boolean {
  return findRelation(draft, name) === undefined && key.endsWith(`.${name.name}`);
}

/** DROP SEQUENCE; `along` is the column that goes with it. */
export function dropSequence(
  draft: Draft,
  key: string,
  cascade: boolean,
  along?: { readonly tableId: number; readonly column?: string },
): void {
  const sequence = draft.sequences.get(key);
  if (!sequence) return;
  const what = `sequence ${sequence.name}`;
  const owner = sequence.ownedBy && draft.tables.get(sequence.ownedBy.tableId);
  const identity = owner?.columns.find((one) => one.name === sequence.ownedBy?.column)?.identity;
  if (!along && owner && identity)
    throw new Refusal(
      'still referenced',
      `cannot drop ${what} because column ${sequence.ownedBy?.column} of table ${owner.name} requires it`,
      [sequence.name, owner.name],
    );
  for (const { table, column } of usersOf(draft, key, sequence)) {
    if (along?.tableId === table.id && (along.column === undefined || along.column === column.name)) continue;
    const dependent = `default value for column ${column.name} of table ${table.name}`;
    if (!cascade) throw stillReferenced(what, `${dependent} depends on ${what}`, [sequence.name, table.name]);
    setColumn(draft, table.id, { ...column, default: undefined });
  }
  setSequence(draft, key, undefined);
}

/** ALTER SEQUENCE … RENAME TO; defaults that name it follow. */
export function renameSequence(
  draft: Draft,
  { key, sequence }: { readonly key: string; readonly sequence: Sequence },
  to: string,
): void {
  needFree(draft, sequence.schema, to);
  const users = usersOf(draft, key, sequence);
  setSequence(draft, key, undefined);
  setSequence(draft, keyOf(draft, sequence.schema, to), { ...sequence, name: to });
  for (const { table, column } of users) followName(draft, table, column.id, { ...sequence, name: to });
}

function followName(draft: Draft, table: Table, columnId: number, { schema, name }: Sequence): void {
  const text = schema === 'public' || schema === 'main' ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  const now = current(draft, table.id);
  const columns = now.columns.map((column) =>
    column.id === columnId && column.default !== undefined
      ? {
          ...column,
          default: column.default.replace(/'(?:[^']|'')*'/, () => `'${text.replaceAll("'", "''")}'`),
        }
      : column,
  );
  setTable(draft, table.id, { ...now, columns });
}

/** Moves the sequences that a table's columns own to another schema. */
export function moveOwned(draft: Draft, table: Table, schema: string): void {
  for (const key of [...(draft.owned.get(table.id) ?? [])]) {
    const sequence = draft.sequences.get(key);
    if (!sequence) continue;
    needFreeIn(draft, schema, sequence.name);
    const users = usersOf(draft, key, sequence);
    setSequence(draft, key, undefined);
    const moved = { ...sequence, schema };
    setSequence(draft, keyOf(draft, schema, sequence.name), moved);
    for (const { table: user, column } of users) followName(draft, user, column.id, moved);
  }
}
