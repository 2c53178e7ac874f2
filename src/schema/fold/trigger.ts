import { nameText, type QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Table, Trigger } from '../schema.ts';
import { candidates, type Draft, setTriggers } from './draft.ts';
import { bringsFunction, hasUnknownExtension } from './extension.ts';
import { childrenOf } from './find.ts';
import { Refusal } from './refusal.ts';
import { taint } from './taint.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

const BUILT_IN =
  /^(tsvector_update_trigger(_column)?|suppress_redundant_updates_trigger|RI_FKey_\w+|unique_key_recheck)$/i;

/** CREATE [OR REPLACE] TRIGGER on a table, and on its partitions. */
export function createTrigger(draft: Draft, table: Table, operation: On<'create-trigger'>): void {
  const triggers = draft.triggers.get(table.id) ?? [];
  const same = triggers.find((one) => one.name === operation.name);
  if (same && !operation.replace) {
    const message = `trigger "${operation.name}" for relation "${table.name}" already exists`;
    throw new Refusal('already exists', message, [operation.name, table.name], 'object');
  }
  const { name, events, columns, span } = operation;
  const trigger: Trigger = {
    name,
    tableId: table.id,
    function: needTriggerFunction(draft, operation.function),
    events,
    ...(columns ? { columns } : {}),
    span,
  };
  setTriggers(draft, table.id, [...triggers.filter((one) => one !== same), trigger]);
  if (table.partitionBy)
    for (const child of childrenOf(draft, table))
      if (!draft.triggers.get(child.id)?.some((one) => one.name === name))
        createTrigger(draft, child, operation);
}

/** The key of a function that a trigger may call; refuses one that is not there or returns no trigger. */
export function needTriggerFunction(draft: Draft, name: QualifiedName): string {
  for (const key of candidates(draft, name)) {
    const routine = draft.functions.get(key)?.find((one) => one.arguments.length === 0);
    if (!routine) continue;
    if (routine.returns !== 'trigger' && draft.dialect === 'postgres')
      throw new Refusal('wrong kind', `function ${nameText(name)} must return type trigger`, [name.name]);
    return key;
  }
  if (BUILT_IN.test(name.name) || bringsFunction(draft, name.name) || name.schema === 'pg_catalog')
    return name.name;
  if (hasUnknownExtension(draft)) {
    taint(draft, [name.name], 'the function may come from an extension that is not modelled');
    return name.name;
  }
  throw new Refusal('no such function', `function ${nameText(name)}() does not exist`, [name.name]);
}

/** Triggers whose UPDATE OF or WHEN names a column. */
export function triggersNaming(draft: Draft, table: Table, column: string): readonly Trigger[] {
  return (draft.triggers.get(table.id) ?? []).filter((one) => one.columns?.includes(column));
}

/** A column's new name in the triggers that name it. */
export function renameInTriggers(draft: Draft, table: Table, from: string, to: string): void {
  const triggers = draft.triggers.get(table.id);
  if (!triggers?.some((one) => one.columns?.includes(from))) return;
  const renamed = (columns: readonly string[]) => columns.map((one) => (one === from ? to : one));
  setTriggers(
    draft,
    table.id,
    triggers.map((one) => (one.columns ? { ...one, columns: renamed(one.columns) } : one)),
  );
}

/** DROP TRIGGER. */
export function dropTrigger(draft: Draft, table: Table, name: string): void {
  const triggers = draft.triggers.get(table.id) ?? [];
  if (!triggers.some((one) => one.name === name)) throw noTrigger(table, name);
  setTriggers(
    draft,
    table.id,
    triggers.filter((one) => one.name !== name),
  );
  for (const child of childrenOf(draft, table))
    if (table.partitionBy && draft.triggers.get(child.id)?.some((one) => one.name === name))
      dropTrigger(draft, child, name);
}

/** ALTER TRIGGER … RENAME TO. */
export function renameTrigger(draft: Draft, table: Table, from: string, to: string): void {
  const triggers = draft.triggers.get(table.id) ?? [];
  if (!triggers.some((one) => one.name === from)) throw noTrigger(table, from);
  if (triggers.some((one) => one.name === to)) {
    const message = `trigger "${to}" for relation "${table.name}" already exists`;
    throw new Refusal('already exists', message, [to, table.name]);
  }
  setTriggers(
    draft,
    table.id,
    triggers.map((one) => (one.name === from ? { ...one, name: to } : one)),
  );
}

function noTrigger(table: Table, name: string): Refusal {
  const message = `trigger "${name}" for table "${table.name}" does not exist`;
  return new Refusal('no such trigger', message, [name, table.name], 'object');
}
