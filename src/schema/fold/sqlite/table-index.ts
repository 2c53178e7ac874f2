import type { Operation } from '../../operation.ts';
import type { Index, Table } from '../../schema.ts';
import { type Draft, setTable } from '../draft.ts';
import { current, findColumn, findRelation } from '../find.ts';
import { Refusal } from '../refusal.ts';
import { modifiersOf } from '../table-index.ts';
import { needColumn, needTable } from './need.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

interface Found {
  readonly index: Index;
  readonly table: Table;
}

/** CREATE INDEX: its name is the database's, among tables and views. */
export function createIndex(draft: Draft, operation: On<'create-index'>): Found {
  const { name = '', keys, predicate, predicateColumns = [], unique, method, span } = operation;
  if (findRelation(draft, operation.table)?.relation.kind === 'view')
    throw new Refusal('wrong kind', 'views may not be indexed', [operation.table.name]);
  const table = needTable(draft, operation.table, undefined, 'main.');
  const taken = draft.relations.get(`${table.schema}.${name}`.toLowerCase())?.kind;
  if (taken) {
    const message =
      taken === 'index' ? `index ${name} already exists` : `there is already a table named ${name}`;
    throw new Refusal('already exists', message, [name], taken === 'index' ? 'object' : undefined);
  }
  const named = [...keys.flatMap((key) => key.expressionColumns ?? []), ...predicateColumns];
  const index: Index = {
    ...{ name, expressions: keys.flatMap((key) => key.expression ?? []), include: [], method, unique },
    columns: keys.map((key) =>
      key.column === undefined ? undefined : needColumn(draft, table, key.column).name,
    ),
    ...modifiersOf(keys),
    dependsOn: [...new Set(named.flatMap((one) => findColumn(draft, table, one)?.name ?? []))],
    ...{ valid: true, ...(predicate === undefined ? {} : { predicate }), madeBy: 'user', span },
  };
  setTable(draft, table.id, { ...table, indexes: [...table.indexes, index] });
  return { index, table: current(draft, table.id) };
}

/** DROP INDEX; the index behind a key stays with it. */
export function dropIndex(draft: Draft, { index: name }: On<'drop-index'>): Found {
  const found = findRelation(draft, name)?.relation;
  const table = found?.kind === 'index' ? draft.tables.get(found.tableId) : undefined;
  const index = table?.indexes.find((one) => one.name.toLowerCase() === name.name.toLowerCase());
  if (!table || !index)
    throw new Refusal('no such index', `no such index: ${name.name}`, [name.name], 'object');
  if (index.madeBy === 'constraint') {
    const message = 'index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped';
    throw new Refusal('still referenced', message, [name.name, table.name]);
  }
  setTable(draft, table.id, { ...table, indexes: table.indexes.filter((one) => one !== index) });
  return { index, table: current(draft, table.id) };
}
