import type { PrismaModel, PrismaRelation } from '../../../prisma/schema.ts';
import type { UseKind } from '../../../query.ts';
import { elementsOf, type Placed, type Property } from '../../contents.ts';
import { valuesWritten } from './comparison.ts';
import { readLookup, readWhere } from './filter.ts';
import {
  addColumns,
  addField,
  addTable,
  isFirstRead,
  keyIn,
  propertiesRead,
  type Reading,
  valueIn,
} from './reading.ts';

/** `data: { email, posts: { create: […] }, team: { connect: { id } } }`, one row or several. */
export function readData(reading: Reading, data: Placed, model: PrismaModel): void {
  if (!isFirstRead(reading, data, 'data', model)) return;
  for (const row of rowsIn(reading, data))
    for (const property of propertiesRead(reading, row)) {
      const relation = model.relations.get(property.key);
      if (!relation) {
        const values = valuesWritten(property.module, property.value, reading.modules);
        addField(reading, model, property.key, 'write', keyIn(property), values);
      } else readNested(reading, property, model, relation);
    }
}

function rowsIn(reading: Reading, rows: Placed): readonly Placed[] {
  const { elements, complete } = elementsOf(rows, reading.modules);
  reading.complete &&= complete;
  return elements;
}

/** What is done to the rows of a relation along with a row: `{ create, connect, … }`. */
function readNested(
  reading: Reading,
  property: Property,
  model: PrismaModel,
  relation: PrismaRelation,
): void {
  const target = reading.schema.models.get(relation.target);
  if (!target) return;
  for (const action of propertiesRead(reading, valueIn(property))) {
    const at = keyIn(action);
    const table = (op: UseKind) => addTable(reading, target, op, at);
    const rows = () => rowsIn(reading, valueIn(action));
    switch (action.key) {
      case 'create':
        table('insert');
        link(reading, model, relation, target, action, 'insert');
        readData(reading, valueIn(action), target);
        break;
      case 'createMany':
        table('insert');
        link(reading, model, relation, target, action, 'insert');
        for (const one of propertiesRead(reading, valueIn(action)))
          if (one.key === 'data') readData(reading, valueIn(one), target);
        break;
      case 'connect':
      case 'set':
      case 'disconnect':
        table(relation.join.kind === 'theirs' ? 'update' : 'read');
        link(reading, model, relation, target, action, action.key === 'disconnect' ? 'delete' : 'insert');
        for (const row of rows()) readLookup(reading, row, target);
        break;
      case 'connectOrCreate':
      case 'upsert':
        table('insert');
        link(reading, model, relation, target, action, 'insert');
        for (const row of rows())
          for (const one of propertiesRead(reading, row)) {
            if (one.key === 'where') readLookup(reading, valueIn(one), target);
            if (/^(create|update)$/.test(one.key)) readData(reading, valueIn(one), target);
          }
        break;
      case 'update':
      case 'updateMany':
        table('update');
        for (const row of rows()) readUpdate(reading, row, target, action.key);
        break;
      case 'delete':
      case 'deleteMany':
        table('delete');
        for (const row of rows())
          if (action.key === 'delete') readLookup(reading, row, target);
          else readWhere(reading, row, target);
    }
  }
}

/** `{ where, data }` of a list, or of one row its data alone. */
function readUpdate(reading: Reading, row: Placed, target: PrismaModel, action: string): void {
  const properties = propertiesRead(reading, row);
  const isWhole = properties.some((one) => one.key === 'data');
  if (!isWhole) {
    readData(reading, row, target);
    return;
  }
  for (const one of properties) {
    if (one.key === 'data') readData(reading, valueIn(one), target);
    else if (one.key !== 'where') continue;
    else if (action === 'update') readLookup(reading, valueIn(one), target);
    else readWhere(reading, valueIn(one), target);
  }
}

/** The foreign key that a nested action writes, or the rows of the table between the two. */
function link(
  reading: Reading,
  model: PrismaModel,
  { join }: PrismaRelation,
  target: PrismaModel,
  action: Property,
  op: UseKind,
): void {
  const at = keyIn(action);
  if (join.kind === 'own') addColumns(reading, model, join.columns, 'write', at);
  if (join.kind === 'theirs') addColumns(reading, target, join.columns, 'write', at);
  if (join.kind !== 'table') return;
  addTable(reading, join, op, at);
  addColumns(reading, join, [join.own, join.theirs], op === 'delete' ? 'filter' : 'write', at);
}
