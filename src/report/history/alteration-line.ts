import type { Alteration, ObjectKind } from '../../schema/alterations.ts';
import { count } from '../count.ts';
import { plain, shortened } from '../escape.ts';
import type { Paint, Style } from '../paint.ts';

/** How much of a definition a terminal shows; JSON has all of it. */
const SHOWN = 100;

const SIGNS = { added: '+', removed: '-', altered: '~', renamed: '~' } as const;
const STYLES: Readonly<Record<Alteration['change'], Style>> = {
  added: 'good',
  removed: 'error',
  altered: 'warning',
  renamed: 'warning',
};

/** One line for each alteration; what came or went with its table is counted on the table's own line. */
export function alterationLines<T extends Alteration>(
  all: readonly T[],
  paint: Paint,
  options: { readonly withTable: boolean; readonly noteOf?: (one: T) => string },
): readonly string[] {
  const { withTable, noteOf = () => '' } = options;
  const tables = new Set(all.filter(isWholeTable).map(({ tableId }) => tableId));
  return all.flatMap((one) => {
    const isTold = one.whole && one.object !== 'table' && tables.has(one.tableId);
    if (isTold) return [];
    const parts = isWholeTable(one) ? partsOf(one, all) : '';
    const owner =
      withTable && one.object !== 'table' && one.table !== undefined ? `${plain(one.table)}.` : '';
    const place = `${plain(one.span.path)}:${one.span.line}`;
    const said = `${SIGNS[one.change]} ${one.object} ${described(one, owner)}${parts}`;
    return [`${paint(said, STYLES[one.change])}${noteOf(one)}  ${paint(place, 'dim')}`];
  });
}

function isWholeTable({ object, change }: Alteration): boolean {
  return object === 'table' && (change === 'added' || change === 'removed');
}

function described({ name, formerName, before, after, change }: Alteration, owner: string): string {
  const title =
    formerName === undefined ? `${owner}${plain(name)}` : `${owner}${plain(formerName)} → ${plain(name)}`;
  const text = (definition: string | undefined) => shortened(plain(definition ?? 'nothing'), SHOWN);
  if (change === 'altered') return `${title}: ${text(before)} → ${text(after)}`;
  if (change === 'removed') return before === undefined ? title : `${title} (was ${text(before)})`;
  return after === undefined ? title : `${title} ${text(after)}`;
}

function partsOf(table: Alteration, all: readonly Alteration[]): string {
  const parts = all.filter(
    ({ tableId, whole, object }) => whole && tableId === table.tableId && object !== 'table',
  );
  const kinds: readonly (readonly [ObjectKind, string])[] = [
    ['column', 'column'],
    ['constraint', 'constraint'],
    ['trigger', 'trigger'],
  ];
  const counts = kinds.flatMap(([kind, noun]) => {
    const number = parts.filter(({ object }) => object === kind).length;
    return number > 0 ? [count(number, noun)] : [];
  });
  const indexes = parts.filter(({ object }) => object === 'index').length;
  if (indexes > 0) counts.push(indexes === 1 ? '1 index' : `${indexes} indexes`);
  return counts.length > 0 ? ` (${counts.join(', ')})` : '';
}
