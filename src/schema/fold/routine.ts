import { nameText, type QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Routine } from '../schema.ts';
import { setColumn } from './column.ts';
import {
  candidates,
  type Draft,
  homeOf,
  keyOf,
  noSchema,
  setRoutines,
  setTable,
  setTriggers,
} from './draft.ts';
import { removeColumn } from './drop-column.ts';
import { dropConstraint } from './drop-constraint.ts';
import { namesIn } from './expression.ts';
import { current } from './find.ts';
import { tablesMentioning, textsOf } from './mentions.ts';
import { Refusal, stillReferenced } from './refusal.ts';
import { dropView } from './view.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** CREATE [OR REPLACE] FUNCTION, PROCEDURE and AGGREGATE. */
export function createFunction(draft: Draft, operation: On<'create-function'>): void {
  const { routine: kind, language, returns, body, span } = operation;
  const schema = homeOf(draft, operation.function);
  const { name } = operation.function;
  const key = keyOf(draft, schema, name);
  const overloads = draft.functions.get(key) ?? [];
  const same = overloads.find((one) => isSame(one.arguments, operation.arguments));
  if (same && !operation.replace)
    throw new Refusal(
      'already exists',
      `function "${name}" already exists with same argument types`,
      [name],
      'object',
    );
  if (same && same.kind !== kind) throw new Refusal('wrong kind', 'cannot change routine kind', [name]);
  if (same && kind === 'function' && bare(same.returns) !== bare(returns))
    throw new Refusal('invalid definition', 'cannot change return type of existing function', [name]);
  const made: Routine = { schema, name, kind, language, arguments: operation.arguments, returns, body, span };
  setRoutines(draft, key, [...overloads.filter((one) => one !== same), made]);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

/** A type's text without its arguments, which PostgreSQL drops from functions. */
function bare(type: string): string {
  return type.replace(/\([^)]*\)/g, '');
}

interface FoundRoutine {
  readonly key: string;
  readonly routine: Routine;
}

/** The function of that name and those arguments; refuses as PostgreSQL does. */
function needFunction(draft: Draft, name: QualifiedName, types: readonly string[] | undefined): FoundRoutine {
  for (const key of candidates(draft, name)) {
    const overloads = draft.functions.get(key) ?? [];
    const [first, ...more] = types === undefined ? overloads : matching(overloads, types);
    if (!first) continue;
    if (more.length === 0) return { key, routine: first };
    throw new Refusal('invalid definition', `function name "${nameText(name)}" is not unique`, [name.name]);
  }
  if (name.schema !== undefined && !draft.schemas.has(name.schema)) {
    const { code, message, about } = noSchema(name.schema);
    throw new Refusal(code, message, [...about, name.name], 'object');
  }
  const message =
    types === undefined
      ? `could not find a function named "${nameText(name)}"`
      : `function ${nameText(name)}(${types.join(', ')}) does not exist`;
  throw new Refusal('no such function', message, [name.name], 'object');
}

/** An aggregate's arguments are not known. */
function matching(overloads: readonly Routine[], types: readonly string[]): readonly Routine[] {
  const exact = overloads.filter((one) => isSame(one.arguments, types));
  return exact.length > 0 ? exact : overloads.filter((one) => one.kind !== 'function').slice(0, 1);
}

/** DROP FUNCTION; with CASCADE the triggers, defaults, constraints, indexes and views that call it go too. */
export function dropFunction(draft: Draft, operation: On<'drop-function'>): void {
  const found = needFunction(draft, operation.function, operation.arguments);
  removeRoutine(draft, found, operation.cascade);
}

function removeRoutine(draft: Draft, { key, routine }: FoundRoutine, cascade: boolean): void {
  const what = `function ${routine.name}(${routine.arguments.join(',')})`;
  const overloads = draft.functions.get(key) ?? [];
  const last = overloads.length === 1;
  if (last && routine.returns === 'trigger') releaseTriggers(draft, key, routine, what, cascade);
  if (last && draft.dialect === 'postgres') releaseCallers(draft, routine, what, cascade);
  setRoutines(
    draft,
    key,
    overloads.filter((one) => one !== routine),
  );
}

function releaseTriggers(draft: Draft, key: string, routine: Routine, what: string, cascade: boolean): void {
  for (const [id, triggers] of draft.triggers) {
    const calling = triggers.filter((one) => one.function === key);
    const [first] = calling;
    if (!first) continue;
    const table = current(draft, id);
    const dependent = `trigger ${first.name} on table ${table.name} depends on ${what}`;
    if (!cascade) throw stillReferenced(what, dependent, [routine.name, table.name]);
    setTriggers(
      draft,
      id,
      triggers.filter((one) => !calling.includes(one)),
    );
  }
}

/** Expressions that call a function hang on it; one of the same name in another schema may be meant, then nothing is said. */
function releaseCallers(draft: Draft, routine: Routine, what: string, cascade: boolean): void {
  const { name } = routine;
  const others = [...draft.schemas].filter((schema) => draft.functions.has(keyOf(draft, schema, name)));
  if (others.length > 1) return;
  for (const id of tablesMentioning(draft, `call ${name}`)) {
    const table = current(draft, id);
    const refuse = (dependent: string) => {
      if (!cascade) throw stillReferenced(what, `${dependent} depends on ${what}`, [name, table.name]);
    };
    for (const column of table.columns.filter((one) => calls(one.default, name))) {
      refuse(`default value for column ${column.name} of table ${table.name}`);
      setColumn(draft, id, { ...column, default: undefined });
    }
    for (const column of current(draft, id).columns.filter((one) => calls(one.generated, name))) {
      refuse(`column ${column.name} of table ${table.name}`);
      removeColumn(draft, id, column, true);
    }
    for (const one of current(draft, id).constraints.filter((part) =>
      textsOf(part).some((text) => calls(text, name)),
    )) {
      refuse(`constraint ${one.name} on table ${table.name}`);
      dropConstraint(draft, id, one, true);
    }
    dropIndexesCalling(draft, id, name, refuse);
  }
  for (const [key, view] of [...draft.views]) {
    if (!draft.views.has(key) || !calls(view.query, name)) continue;
    if (!cascade) throw stillReferenced(what, `view ${view.name} depends on ${what}`, [name, view.name]);
    dropView(draft, key, true);
  }
}

function dropIndexesCalling(
  draft: Draft,
  id: number,
  name: string,
  refuse: (dependent: string) => void,
): void {
  const now = current(draft, id);
  const calling = now.indexes.filter((part) => textsOf(part).some((text) => calls(text, name)));
  const [first] = calling;
  if (!first) return;
  refuse(`index ${first.name}`);
  setTable(draft, id, { ...now, indexes: now.indexes.filter((one) => !calling.includes(one)) });
}

function calls(text: string | undefined, name: string): boolean {
  return text?.toLowerCase().includes(name.toLowerCase()) === true && namesIn(text).calls.has(name);
}

/** Lets go of the functions that take or return a type or a table's rows: refuses, or with `cascade` drops them. */
export function releaseRoutines(
  draft: Draft,
  type: { readonly schema: string; readonly name: string },
  what: string,
  cascade: boolean,
): void {
  if (draft.dialect !== 'postgres') return;
  for (const [key, overloads] of [...draft.functions])
    for (const routine of overloads) {
      const texts = [...routine.arguments, routine.returns];
      if (!texts.some((text) => isType(draft, text, type))) continue;
      const dependent = `function ${routine.name}(${routine.arguments.join(',')}) depends on type ${type.name}`;
      if (!cascade) throw stillReferenced(what, dependent, [type.name, routine.name]);
      removeRoutine(draft, { key, routine }, true);
    }
}

function isType(
  draft: Draft,
  written: string,
  type: { readonly schema: string; readonly name: string },
): boolean {
  const text = bare(written).replaceAll('[]', '');
  if (text === `${type.schema}.${type.name}`) return true;
  return text === type.name && draft.searchPath.includes(type.schema);
}

/** ALTER FUNCTION … RENAME TO; triggers that call it follow. */
export function renameFunction(draft: Draft, operation: On<'rename-function'>): void {
  const { key, routine } = needFunction(draft, operation.function, operation.arguments);
  const to = keyOf(draft, routine.schema, operation.to);
  const there = draft.functions.get(to) ?? [];
  if (there.some((one) => isSame(one.arguments, routine.arguments))) {
    const message = `function ${operation.to}(${routine.arguments.join(', ')}) already exists in schema "${routine.schema}"`;
    throw new Refusal('already exists', message, [operation.to]);
  }
  const left = (draft.functions.get(key) ?? []).filter((one) => one !== routine);
  setRoutines(draft, key, left);
  setRoutines(draft, to, [...there, { ...routine, name: operation.to }]);
  for (const [id, triggers] of draft.triggers)
    if (left.length === 0 && triggers.some((one) => one.function === key))
      setTriggers(
        draft,
        id,
        triggers.map((one) => (one.function === key ? { ...one, function: to } : one)),
      );
}
