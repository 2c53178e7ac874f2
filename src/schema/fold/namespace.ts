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
  const first = firstIn(draft, schema);
  if (first && !cascade) {
    const dependent = `${first.what} depends on schema ${schema}`;
    throw stillReferenced(`schema ${schema}`, dependent, [schema, first.name]);
  }
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
    if (routines.some(inIt)) setRoutines(draft, key, []);
  }
  setMember(draft, draft.schemas, schema, false);
}

/** The first object that lies in a schema, as PostgreSQL calls it. */
function firstIn(draft: Draft, schema: string): { readonly name: string; readonly what: string } | undefined {
  const kinds = [
    ['table', draft.tables],
    ['view', draft.views],
    ['sequence', draft.sequences],
    ['type', draft.types],
  ] as const;
  for (const [word, map] of kinds)
    for (const { schema: home, name } of map.values())
      if (home === schema) return { name, what: `${word} ${schema}.${name}` };
  for (const [routine] of draft.functions.values())
    if (routine?.schema === schema) {
      const { name } = routine;
      return { name, what: `function ${schema}.${name}(${routine.arguments.join(',')})` };
    }
  return undefined;
}
