import { nameText } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Routine, Table } from '../schema.ts';
import { candidates, type Draft, homeOf, keyOf, Refusal } from './draft.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** CREATE [OR REPLACE] FUNCTION: overloads differ by their input types. */
export function createFunction(draft: Draft, operation: On<'create-function'>): void {
  const schema = homeOf(draft, operation.function);
  const { name } = operation.function;
  const key = keyOf(draft, schema, name);
  const overloads = draft.functions.get(key) ?? [];
  const former = overloads.find((one) => sameTypes(one.arguments, operation.arguments));
  if (former && !operation.replace)
    throw new Refusal('already exists', `function "${name}" already exists with same argument types`, name);
  if (former && former.returns !== operation.returns && former.kind === 'function')
    throw new Refusal('invalid definition', `cannot change return type of existing function ${name}`, name);
  const { routine: kind, language, arguments: types, returns, body, span } = operation;
  const routine: Routine = { schema, name, kind, language, arguments: types, returns, body, span };
  draft.functions.set(key, [...overloads.filter((one) => one !== former), routine]);
}

function sameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

function needFunction(
  draft: Draft,
  operation: Pick<On<'drop-function'>, 'function' | 'arguments'>,
): { key: string; routine: Routine } {
  const { name } = operation.function;
  for (const key of candidates(draft, operation.function)) {
    const overloads = draft.functions.get(key) ?? [];
    const types = operation.arguments;
    const fitting = types ? overloads.filter((one) => sameTypes(one.arguments, types)) : overloads;
    if (fitting.length > 1)
      throw new Refusal('invalid definition', `function name "${name}" is not unique`, name);
    if (fitting[0]) return { key, routine: fitting[0] };
  }
  throw new Refusal('no such function', `function ${nameText(operation.function)} does not exist`, name);
}

/** DROP FUNCTION; triggers that call it stand in the way. */
export function dropFunction(draft: Draft, operation: On<'drop-function'>): void {
  const { key, routine } = needFunction(draft, operation);
  const overloads = draft.functions.get(key) ?? [];
  for (const [tableId, triggers] of draft.triggers) {
    const hanging = triggers.filter((trigger) => trigger.function === key);
    if (hanging.length === 0 || overloads.length > 1) continue;
    if (!operation.cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop function ${routine.name} because other objects depend on it: trigger ${hanging[0]?.name}`,
        routine.name,
      );
    draft.triggers.set(
      tableId,
      triggers.filter((trigger) => trigger.function !== key),
    );
  }
  const left = overloads.filter((one) => one !== routine);
  if (left.length > 0) draft.functions.set(key, left);
  else draft.functions.delete(key);
}

/** ALTER FUNCTION … RENAME TO. */
export function renameFunction(draft: Draft, operation: On<'rename-function'>): void {
  const { key, routine } = needFunction(draft, operation);
  const to = keyOf(draft, routine.schema, operation.to);
  const left = (draft.functions.get(key) ?? []).filter((one) => one !== routine);
  if (left.length > 0) draft.functions.set(key, left);
  else draft.functions.delete(key);
  draft.functions.set(to, [...(draft.functions.get(to) ?? []), { ...routine, name: operation.to }]);
  for (const [tableId, triggers] of draft.triggers)
    draft.triggers.set(
      tableId,
      triggers.map((one) => (one.function === key ? { ...one, function: to } : one)),
    );
}

/** CREATE [OR REPLACE] TRIGGER. */
export function createTrigger(draft: Draft, table: Table, operation: On<'create-trigger'>): void {
  const triggers = draft.triggers.get(table.id) ?? [];
  const { name, events, span } = operation;
  const former = triggers.find((one) => one.name === name);
  if (former && !operation.replace)
    throw new Refusal(
      'already exists',
      `trigger "${name}" for relation "${table.name}" already exists`,
      name,
    );
  const found = candidates(draft, operation.function).find((key) => draft.functions.has(key));
  const known =
    found ??
    (BUILT_IN.has(operation.function.name) || draft.extensions.size > 0
      ? operation.function.name
      : undefined);
  if (known === undefined)
    throw new Refusal(
      'no such function',
      `function ${nameText(operation.function)}() does not exist`,
      operation.function.name,
    );
  const trigger = { name, tableId: table.id, function: known, events, span };
  draft.triggers.set(table.id, [...triggers.filter((one) => one !== former), trigger]);
}

/** Trigger functions that come with PostgreSQL; extensions bring others. */
const BUILT_IN = new Set([
  'tsvector_update_trigger',
  'tsvector_update_trigger_column',
  'suppress_redundant_updates_trigger',
]);

/** DROP TRIGGER. */
export function dropTrigger(draft: Draft, table: Table, name: string): void {
  const triggers = needTrigger(draft, table, name);
  draft.triggers.set(
    table.id,
    triggers.filter((one) => one.name !== name),
  );
}

/** ALTER TRIGGER … RENAME TO. */
export function renameTrigger(draft: Draft, table: Table, name: string, to: string): void {
  const triggers = needTrigger(draft, table, name);
  draft.triggers.set(
    table.id,
    triggers.map((one) => (one.name === name ? { ...one, name: to } : one)),
  );
}

function needTrigger(draft: Draft, table: Table, name: string) {
  const triggers = draft.triggers.get(table.id) ?? [];
  if (triggers.some((one) => one.name === name)) return triggers;
  throw new Refusal(
    'no such trigger',
    `trigger "${name}" for table "${table.name}" does not exist`,
    name,
    table.name,
  );
}
