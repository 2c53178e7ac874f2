import { type Draft, keyOf, noSchema, setMember, setRoutines } from './draft.ts';
import { dropTable } from './drop-table.ts';
import { current } from './find.ts';
import { Refusal, stillReferenced } from './refusal.ts';
import { dropSequence } from './sequence.ts';
import { removeType } from './user-type.ts';
import { dropView } from './view.ts';

/** CREATE SCHEMA. */
export function createSchema(draft: Draft, schema: string): void {
  if (draft.schemas.has(schema))
    throw new Refusal('already exists', `schema "${schema}" already exists`, [schema], 'object');
  if (draft.dialect === 'postgres' && schema.startsWith('pg_'))
    throw new Refusal('invalid definition', `unacceptable schema name "${schema}"`, [schema]);
  setMember(draft, draft.schemas, schema, true);
}

/** DROP SCHEMA; with CASCADE everything in it goes too. */
export function dropSchema(draft: Draft, schema: string, cascade: boolean): void {
  if (!draft.schemas.has(schema)) {
    const { code, message, about } = noSchema(schema);
    throw new Refusal(code, message, about, 'object');
  }
  const inIt = (one: { readonly schema: string }) => one.schema === schema;
  const held = [draft.tables, draft.views, draft.sequences, draft.types].flatMap((map) =>
    [...map.values()].filter(inIt),
  );
  const [first] = held;
  if (first && !cascade)
    throw stillReferenced(`schema ${schema}`, `${first.name} is in it`, [schema, first.name]);
  const none = { tables: new Set<number>(), views: new Set<string>() };
  for (const view of [...draft.views.values()].filter(inIt))
    dropView(draft, keyOf(draft, schema, view.name), true);
  for (const table of [...draft.tables.values()].filter(inIt))
    if (draft.tables.has(table.id)) dropTable(draft, current(draft, table.id), true, none);
  for (const one of [...draft.sequences.values()].filter(inIt))
    dropSequence(draft, keyOf(draft, schema, one.name), true);
  for (const type of [...draft.types.values()].filter(inIt))
    removeType(draft, keyOf(draft, schema, type.name), true, new Set());
  for (const [key, routines] of [...draft.functions]) {
    if (!routines.some(inIt)) continue;
    if (!cascade)
      throw stillReferenced(`schema ${schema}`, `function ${routines[0]?.name} is in it`, [schema]);
    setRoutines(draft, key, []);
  }
  setMember(draft, draft.schemas, schema, false);
}
