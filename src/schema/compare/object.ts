import type { Applied } from '../applied.ts';
import { typeText } from '../name.ts';
import type { Routine, Schema, UserType } from '../schema.ts';
import { isSameExpression } from './expression.ts';
import { apart, nameOf } from './said.ts';

/** Types, views, functions, sequences, extensions and schemas. */
export function compareObjects(base: Schema, head: Schema, lost: Applied[], made: Applied[]): void {
  compareTypes(base, head, lost, made);
  compareViews(base, head, lost, made);
  compareRoutines(base, head, lost, made);
  compareSequences(base, head, lost, made);
  compareSpaces(base, head, lost, made);
}

function compareTypes(base: Schema, head: Schema, lost: Applied[], made: Applied[]): void {
  for (const [key, type] of base.types)
    if (!head.types.has(key))
      lost.push(apart({ kind: 'drop-type', type: nameOf(type), cascade: false }, type.span, type.name));
  for (const [key, type] of head.types) {
    const former = base.types.get(key);
    const { kind: typeKind, labels, baseType, span, name } = type;
    if (!former || !isWider(former, type))
      made.push(
        apart(
          { kind: 'create-type', type: nameOf(type), typeKind, labels, ...(baseType ? { baseType } : {}) },
          span,
          name,
        ),
      );
    else
      for (const label of labels)
        if (!former.labels.includes(label))
          made.push(apart({ kind: 'add-enum-value', type: nameOf(type), label }, span, name));
  }
}

/** Whether the type is the former one, with more labels at most. */
function isWider(former: UserType, type: UserType): boolean {
  const under = ({ kind, baseType }: UserType) => `${kind} ${baseType ? typeText(baseType) : ''}`;
  const kept = type.labels.filter((label) => former.labels.includes(label));
  return under(former) === under(type) && kept.join('\0') === former.labels.join('\0');
}

function compareViews(base: Schema, head: Schema, lost: Applied[], made: Applied[]): void {
  for (const [key, view] of base.views)
    if (!head.views.has(key)) {
      const { materialized, span, name } = view;
      lost.push(apart({ kind: 'drop-view', view: nameOf(view), materialized, cascade: false }, span, name));
    }
  for (const [key, view] of head.views) {
    const former = base.views.get(key);
    const { materialized, span, name } = view;
    if (former?.materialized === materialized && isSameExpression(former.query, view.query)) continue;
    const outputs = view.columns?.map((column) => ({ name: column }));
    const query = { text: view.query, relations: [], columns: [], outputs };
    made.push(
      apart(
        { kind: 'create-view', view: nameOf(view), materialized, replace: former !== undefined, query },
        span,
        name,
      ),
    );
  }
}

function compareRoutines(base: Schema, head: Schema, lost: Applied[], made: Applied[]): void {
  const keyed = (schema: Schema) =>
    new Map([...schema.functions.values()].flat().map((one) => [signature(one), one]));
  const before = keyed(base);
  const after = keyed(head);
  for (const [key, one] of before)
    if (!after.has(key)) {
      const { arguments: types, span, name } = one;
      lost.push(
        apart({ kind: 'drop-function', function: nameOf(one), arguments: types, cascade: false }, span, name),
      );
    }
  for (const [key, one] of after) {
    const former = before.get(key);
    const { kind: routine, language, arguments: types, returns, body, span, name } = one;
    if (former && said(former) === said(one)) continue;
    const replace = former !== undefined;
    const definition = { routine, replace, language, arguments: types, returns, body };
    made.push(apart({ kind: 'create-function', function: nameOf(one), ...definition }, span, name));
  }
}

function signature({ schema, name, arguments: types }: Routine): string {
  return JSON.stringify([schema, name, types]);
}

function said({ kind, language, returns, body }: Routine): string {
  return JSON.stringify([kind, language, returns, body.replace(/\s+/g, ' ').trim()]);
}

/** Sequences by themselves; those of columns are told by their columns. */
function compareSequences(base: Schema, head: Schema, lost: Applied[], made: Applied[]): void {
  for (const [key, sequence] of base.sequences)
    if (!head.sequences.has(key) && !sequence.ownedBy)
      lost.push(
        apart(
          { kind: 'drop-sequence', sequence: nameOf(sequence), cascade: false },
          sequence.span,
          sequence.name,
        ),
      );
  for (const [key, sequence] of head.sequences)
    if (!base.sequences.has(key) && !sequence.ownedBy)
      made.push(apart({ kind: 'create-sequence', sequence: nameOf(sequence) }, sequence.span, sequence.name));
}

/** Schemas and extensions, which have no place of their own: they are told where their chain begins. */
function compareSpaces(base: Schema, head: Schema, lost: Applied[], made: Applied[]): void {
  const start = (schema: Schema) => {
    const [first] = [schema.tables, schema.types, schema.views].flatMap((map) => [...map.values()]);
    const path = first?.span.path ?? schema.chain;
    return { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  };
  const held = new Set([...base.tables.values()].map((table) => table.schema));
  for (const schema of base.schemas)
    if (!head.schemas.has(schema) && !held.has(schema))
      lost.push(apart({ kind: 'drop-schema', schema }, start(base), schema));
  for (const schema of head.schemas)
    if (!base.schemas.has(schema)) made.push(apart({ kind: 'create-schema', schema }, start(head), schema));
  for (const extension of base.extensions)
    if (!head.extensions.has(extension))
      lost.push(apart({ kind: 'drop-extension', extension }, start(base), extension));
  for (const extension of head.extensions)
    if (!base.extensions.has(extension))
      made.push(apart({ kind: 'create-extension', extension }, start(head), extension));
}
