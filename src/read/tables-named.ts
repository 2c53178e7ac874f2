import { columnNamed, findTable } from '../schema/lookup.ts';
import type { QualifiedName } from '../schema/name.ts';
import type { Schema, Table } from '../schema/schema.ts';
import type { QueryColumn } from './query.ts';

/** One chain that a text may speak to: its schemas in the order in which they are asked. */
export type Candidate = readonly Schema[];

/**
 * Of several chains that have a table, the one that a file means; undefined where that cannot be told. `fitting` are those whose
 * table has every column that the query names of it.
 */
export type Prefer = (
  chains: readonly string[],
  path: string,
  fitting: readonly string[],
) => string | undefined;

/** A table or view of one of several chains. */
interface FoundTable {
  readonly chain: string;
  readonly table?: Table;
  readonly view?: string;
}

/** A column as a query or a model names it. */
export type Asked = Pick<QueryColumn, 'column' | 'convention'>;

/** All that a name may mean: of each chain, what the first of its schemas has. */
export function tablesNamed(name: QualifiedName, candidates: readonly Candidate[]): readonly FoundTable[] {
  return candidates.flatMap((schemas): readonly FoundTable[] => {
    for (const schema of schemas) {
      const table = findTable(schema, name);
      if (table) return [{ chain: schema.chain, table }];
      const view = viewNamed(schema, name);
      if (view !== undefined) return [{ chain: schema.chain, view }];
    }
    return [];
  });
}

function viewNamed(schema: Schema, { schema: home, name }: QualifiedName): string | undefined {
  const homes = home === undefined ? [...schema.searchPath, 'public', 'main'] : [home];
  return homes.map((one) => `${one}.${name}`).find((key) => schema.views.has(key));
}

/** Of several, the one that a file means. */
export function preferred(
  found: readonly FoundTable[],
  path: string,
  prefer: Prefer,
  asked: readonly Asked[],
): FoundTable | undefined {
  const fits = ({ table }: FoundTable) =>
    asked.every(({ column, convention }) => table && columnNamed(table, column, true, convention));
  const ids = (some: readonly FoundTable[]) => some.map((one) => one.chain);
  const chain = prefer(ids(found), path, ids(found.filter(fits)));
  return found.find((one) => one.chain === chain);
}
