import type { QualifiedName } from '../../name.ts';
import type { Operation } from '../../operation.ts';
import type { View } from '../../schema.ts';
import { type Draft, keyOf, setView } from '../draft.ts';
import { findRelation, findView } from '../find.ts';
import { keepView } from '../keep-view.ts';
import { Refusal } from '../refusal.ts';
import { needTable } from './need.ts';

/** CREATE [OR REPLACE] VIEW: what it names must be there. */
export function createView(draft: Draft, operation: Extract<Operation, { kind: 'create-view' }>): View {
  const { name } = operation.view;
  const found = findRelation(draft, { schema: 'main', name });
  if (found && !(operation.replace && found.relation.kind === 'view'))
    throw new Refusal('already exists', `Table '${name}' already exists`, [name], 'object');
  for (const relation of operation.query.relations)
    if (relation.schema === undefined && !findView(draft, relation)) needTable(draft, relation);
  if (found) setView(draft, keyOf(draft, 'main', name), undefined);
  return keepView(draft, 'main', operation);
}

/** DROP VIEW. */
export function dropView(draft: Draft, name: QualifiedName): string {
  const view = findView(draft, name);
  if (view) {
    setView(draft, view.key, undefined);
    return view.view.name;
  }
  const there = findRelation(draft, name);
  if (there) throw new Refusal('wrong kind', `'${name.name}' is not VIEW`, [name.name]);
  throw new Refusal('no such view', `Unknown table '${name.name}'`, [name.name], 'object');
}
