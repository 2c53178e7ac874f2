import type { Span } from '../../change/span.ts';
import type { QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Table } from '../schema.ts';
import { markNotNull } from './column.ts';
import { type Draft, setTable, setTriggers } from './draft.ts';
import { current, findColumn, needTable } from './find.ts';
import { addKey, keyLike } from './key.ts';
import { Refusal } from './refusal.ts';
import { shareIndex } from './table-index.ts';

type Attach = Extract<Operation, { kind: 'attach-partition' | 'detach-partition' }>;

/** The bound of a partition out of the text that holds it. */
export function boundOf(text = ''): Pick<Table, 'partitionBound'> {
  const [said = ''] = text.split(/\bpartition\s+by\b/i);
  const at = said.search(/\bfor\s+values\b/i);
  if (at >= 0) return { partitionBound: said.slice(at).trim() };
  return /\bdefault$/i.test(said.trim()) ? { partitionBound: 'DEFAULT' } : {};
}

/** Gives a partition its parent's keys, indexes, foreign keys and triggers, with the names that PostgreSQL chooses. */
export function shareParent(draft: Draft, parent: Table, id: number, span: Span): void {
  for (const constraint of parent.constraints) {
    const table = current(draft, id);
    if (constraint.kind === 'primary key' || constraint.kind === 'unique') {
      const { kind, columns } = constraint;
      const same = table.constraints.some(
        (one) => one.kind === kind && one.columns.join('\0') === columns.join('\0'),
      );
      if (!same) addKey(draft, table, { ...keyLike(parent, constraint), span });
    }
    if (constraint.kind === 'foreign key' && !table.constraints.some((one) => one.name === constraint.name))
      setTable(draft, id, { ...table, constraints: [...table.constraints, { ...constraint, span }] });
  }
  for (const index of parent.indexes)
    if (index.constraintName === undefined) shareIndex(draft, current(draft, id), { ...index, span });
  const triggers = draft.triggers.get(parent.id);
  if (triggers)
    setTriggers(
      draft,
      id,
      triggers.map((one) => ({ ...one, tableId: id, span })),
    );
}

/** ATTACH PARTITION. */
export function attachPartition(draft: Draft, parent: Table, operation: Attach): Table {
  const { span } = operation;
  const child = needTable(draft, operation.partition);
  if (!parent.partitionBy)
    throw new Refusal(
      'wrong kind',
      `ALTER action ATTACH PARTITION cannot be performed on relation "${parent.name}"`,
      [parent.name],
    );
  if (child.kind === 'partition')
    throw new Refusal('wrong kind', `"${child.name}" is already a partition`, [child.name]);
  for (const column of parent.columns) {
    const own = findColumn(draft, child, column.name);
    if (!own)
      throw new Refusal('invalid definition', `child table is missing column "${column.name}"`, [
        child.name,
        parent.name,
      ]);
    if (own.type.name !== column.type.name) {
      const message = `child table "${child.name}" has different type for column "${column.name}"`;
      throw new Refusal('invalid definition', message, [child.name, parent.name]);
    }
    if (!column.nullable && own.nullable) {
      const message = `column "${column.name}" in child table "${child.name}" must be marked NOT NULL`;
      throw new Refusal('invalid definition', message, [child.name, parent.name]);
    }
  }
  const extra = child.columns.find((column) => !findColumn(draft, parent, column.name));
  if (extra) {
    const message = `table "${child.name}" contains column "${extra.name}" not found in parent "${parent.name}"`;
    throw new Refusal('invalid definition', message, [child.name, parent.name]);
  }
  setTable(draft, child.id, {
    ...child,
    kind: 'partition',
    parentId: parent.id,
    ...boundOf(operation.bound),
  });
  const required = parent.columns.filter((column) => !column.nullable).map((column) => column.name);
  markNotNull(draft, child.id, required);
  shareParent(draft, parent, child.id, span);
  return current(draft, child.id);
}

/** DETACH PARTITION: what it got from its parent stays with it. */
export function detachPartition(draft: Draft, parent: Table, name: QualifiedName): Table {
  const child = needTable(draft, name);
  if (child.parentId !== parent.id) {
    const message = `relation "${child.name}" is not a partition of relation "${parent.name}"`;
    throw new Refusal('wrong kind', message, [child.name, parent.name]);
  }
  const { parentId: _, partitionBound: __, ...free } = child;
  const indexes = child.indexes.map((one) =>
    one.madeBy === 'engine' ? { ...one, madeBy: 'user' as const } : one,
  );
  setTable(draft, child.id, { ...free, indexes, kind: 'table' });
  return current(draft, child.id);
}
