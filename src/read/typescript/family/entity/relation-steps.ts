import type { UseKind } from '../../../query.ts';
import type { Link } from '../../call-chain.ts';
import { textOf } from '../../text.ts';
import type { Builder } from './builder-tables.ts';
import { addRelation, relationNamed, tableBetween, useOf } from './entity.ts';

/** What the steps behind `relation(…)` do to the rows between two entities; loading them reads. */
const WRITES: Readonly<Record<string, UseKind>> = {
  add: 'insert',
  remove: 'delete',
  addAndRemove: 'update',
  set: 'update',
};

/**
 * What `.relation('payments').of(order).add(payment)` uses in the place of the builder's own entity: the table that holds the
 * key, or the one between the two.
 */
export function addRelationSteps(builder: Builder, links: readonly Link[]): void {
  const { module, modules, tables, main: entity } = builder;
  const at = links.findIndex(({ name, args }) => name === 'relation' && args);
  const given = links[at]?.args?.at(-1);
  if (!entity || !given || given.type === 'SpreadElement') return;
  const name = textOf(module, given, modules).text;
  if (name === undefined) return;
  const verb = links.slice(at + 1).find((link) => link.args && Object.hasOwn(WRITES, link.name ?? ''));
  const op = verb && WRITES[verb.name ?? ''];
  const span = module.span(given);
  const relation = relationNamed(entity, name);
  const target = relation?.target(modules);
  const holdsKey = relation?.kind === 'one' && relation.column !== undefined;
  if (!holdsKey) {
    const own = tables.findIndex(({ table }) => table === entity.table);
    if (own >= 0) tables.splice(own, 1);
  }
  if (!op || !relation || !target) {
    addRelation(builder, entity, name, span);
    return;
  }
  const between = tableBetween(entity, relation, target, modules);
  if (between)
    tables.push({ table: between, op, span, resolvedBy: 'convention', declaredIn: entity.module.path });
  else if (!holdsKey) tables.push(useOf(target, 'update', span));
}
