import type { PrismaModel } from '../../../prisma/schema.ts';
import type { ColumnRole } from '../../../query.ts';
import { elementsOf, type Placed, type Property } from '../../contents.ts';
import { comparisonWith } from './comparison.ts';
import { addField, addJoin, isFirstRead, keyIn, propertiesRead, type Reading, valueIn } from './reading.ts';

/** `where: { email, AND: […], author: { is: { … } } }`. */
export function readWhere(reading: Reading, where: Placed, model: PrismaModel): void {
  if (!isFirstRead(reading, where, 'where', model)) return;
  for (const property of propertiesRead(reading, where)) readCondition(reading, property, model);
}

function readCondition(reading: Reading, property: Property, model: PrismaModel): void {
  const { key } = property;
  if (/^(AND|OR|NOT)$/.test(key)) {
    const { elements, complete } = elementsOf(valueIn(property), reading.modules);
    reading.complete &&= complete;
    for (const element of elements) readWhere(reading, element, model);
    return;
  }
  const relation = model.relations.get(key);
  if (!relation) {
    const compared = comparisonWith(property.module, property.value, reading.modules);
    addField(reading, model, key, 'filter', keyIn(property), compared);
    return;
  }
  const target = addJoin(reading, model, relation, keyIn(property));
  if (!target) return;
  for (const inner of propertiesRead(reading, valueIn(property)))
    if (/^(some|every|none|is|isNot)$/.test(inner.key)) readWhere(reading, valueIn(inner), target);
    else readCondition(reading, inner, target);
}

const LOOKS_UP_AND_FILTERS: readonly ColumnRole[] = ['filter', 'lookup'];

/** `where` of a query for one row: the columns of its key are looked up by, further ones only filter. */
export function readLookup(
  reading: Reading,
  where: Placed,
  model: PrismaModel,
  roles: readonly ColumnRole[] = LOOKS_UP_AND_FILTERS,
): void {
  for (const property of propertiesRead(reading, where)) {
    const key = model.keys.find((one) => one.name === property.key);
    if (!key) {
      readCondition(reading, property, model);
      continue;
    }
    const isSingle = key.fields.length === 1 && key.fields[0] === key.name;
    const parts = isSingle ? [property] : propertiesRead(reading, valueIn(property));
    for (const part of parts) {
      const compared = comparisonWith(part.module, part.value, reading.modules);
      for (const role of roles) addField(reading, model, part.key, role, keyIn(part), compared);
    }
  }
}
