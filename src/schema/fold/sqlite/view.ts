import type { QualifiedName } from '../../name.ts';
import type { Operation } from '../../operation.ts';
import type { View } from '../../schema.ts';
import { type Draft, setView } from '../draft.ts';
import { findRelation, findView } from '../find.ts';
import { keepView } from '../keep-view.ts';
import { Refusal } from '../refusal.ts';
import { homeOf, needFree } from './need.ts';

/** CREATE VIEW: what it names is looked up only when it is read. */
export function createView(draft: Draft, operation: Extract<Operation, { kind: 'create-view' }>): View {
  const { name } = operation.view;
  const schema = homeOf(operation.view);
  needFree(draft, schema, name);
  return keepView(draft, schema, operation);
}

/** DROP VIEW. */
export function dropView(draft: Draft, name: QualifiedName): string {
  const found = findRelation(draft, name);
  if (found?.relation.kind === 'table')
    throw new Refusal('wrong kind', `use DROP TABLE to delete table ${name.name}`, [name.name]);
  const view = findView(draft, name);
  if (!view) throw new Refusal('no such view', `no such view: ${name.name}`, [name.name], 'object');
  setView(draft, view.key, undefined);
  return view.view.name;
}
