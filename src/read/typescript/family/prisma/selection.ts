import type { PrismaModel } from '../../../prisma/schema.ts';
import type { ColumnRole } from '../../../query.ts';
import { elementsOf, type Placed, type Property } from '../../contents.ts';
import { textOf } from '../../text.ts';
import { readLookup, readWhere } from './filter.ts';
import { addField, addJoin, isFirstRead, keyIn, propertiesRead, type Reading, valueIn } from './reading.ts';

/** What a read asks for: `{ where, orderBy, select, include, … }`, of a model or of a relation that comes along. */
export function readOptions(reading: Reading, options: Placed, model: PrismaModel): void {
  for (const property of propertiesRead(reading, options)) readOption(reading, property, model);
}

/** One option of a read. */
export function readOption(reading: Reading, property: Property, model: PrismaModel): void {
  const value = valueIn(property);
  switch (property.key) {
    case 'where':
      readWhere(reading, value, model);
      return;
    case 'select':
    case 'include':
      readSelection(reading, value, model);
      return;
    case 'orderBy':
      readOrder(reading, value, model);
      return;
    case 'having':
      readWhere(reading, value, model);
      return;
    case 'cursor':
      readLookup(reading, value, model, ['lookup']);
      return;
    case 'by':
      readNames(reading, value, model, 'group');
      return;
    case 'distinct':
      readNames(reading, value, model, 'group');
      return;
    case '_count':
    case '_sum':
    case '_avg':
    case '_min':
    case '_max':
      for (const one of propertiesRead(reading, value))
        if (one.key !== '_all') addField(reading, model, one.key, 'select', keyIn(one));
  }
}

/** `select: { email: true, posts: { where: … } }`, `include`. */
function readSelection(reading: Reading, selection: Placed, model: PrismaModel): void {
  if (!isFirstRead(reading, selection, 'selection', model)) return;
  for (const property of propertiesRead(reading, selection)) {
    const { key, value } = property;
    if (value.type === 'Literal' && value.value === false) continue;
    if (key === '_all') continue;
    if (key === '_count') {
      readCounted(reading, valueIn(property), model);
      continue;
    }
    const relation = model.relations.get(key);
    if (!relation) {
      addField(reading, model, key, 'select', keyIn(property));
      continue;
    }
    const target = addJoin(reading, model, relation, keyIn(property));
    if (target) readOptions(reading, valueIn(property), target);
  }
}

/** `_count: { select: { posts: { where: … } } }`; `_count: true` counts every list. */
function readCounted(reading: Reading, counted: Placed, model: PrismaModel): void {
  if (counted.node.type === 'Literal') {
    reading.complete = false;
    return;
  }
  for (const property of propertiesRead(reading, counted))
    if (property.key === 'select') readSelection(reading, valueIn(property), model);
}

/** `orderBy: [{ createdAt: 'desc' }, { author: { name: 'asc' } }]`. */
function readOrder(reading: Reading, order: Placed, model: PrismaModel): void {
  if (!isFirstRead(reading, order, 'order', model)) return;
  const { elements, complete } = elementsOf(order, reading.modules);
  reading.complete &&= complete;
  for (const element of elements)
    for (const property of propertiesRead(reading, element)) {
      const { key } = property;
      const relation = model.relations.get(key);
      if (key === '_relevance') {
        for (const one of propertiesRead(reading, valueIn(property)))
          if (one.key === 'fields') readNames(reading, valueIn(one), model, 'order');
      } else if (/^_(count|sum|avg|min|max)$/.test(key)) readOrder(reading, valueIn(property), model);
      else if (!relation) addField(reading, model, key, 'order', keyIn(property));
      else {
        const target = addJoin(reading, model, relation, keyIn(property));
        if (target && !relation.isList) readOrder(reading, valueIn(property), target);
      }
    }
}

/** `by: ['teamId', 'status']`. */
function readNames(reading: Reading, names: Placed, model: PrismaModel, role: ColumnRole): void {
  const { elements, complete } = elementsOf(names, reading.modules);
  reading.complete &&= complete;
  for (const element of elements) {
    const { text } = textOf(element.module, element.node, reading.modules);
    if (text === undefined) reading.complete = false;
    else addField(reading, model, text, role, element);
  }
}
