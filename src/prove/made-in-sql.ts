import { readSql } from '../read/sql/read-sql.ts';
import type { QualifiedName } from '../schema/name.ts';
import type { Operation } from '../schema/operation.ts';
import type { Dialect } from '../schema/schema.ts';
import type { Lacking } from './mention.ts';

/** A longer text is a dump of rows; reading it would take seconds. */
const LONGEST = 2_000_000;

/** Whether a file of SQL makes something for good, as its database's parser reads it. Call `loadSqlReader` first. */
export function isMadeInSql(path: string, text: string, dialect: Dialect, lacking: Lacking): boolean {
  if (text.length > LONGEST) return true;
  const { statements } = readSql(path, text, dialect);
  const isSame = (one: string, other: string) =>
    dialect === 'postgres' ? one === other : one.toLowerCase() === other.toLowerCase();
  return statements.some(({ operations }) =>
    operations.some((operation) => {
      const made = madeBy(operation);
      if (!made) return false;
      const { schema = made.name.schema, name } = lacking;
      if (lacking.kind === 'schema')
        return isSame(made.kind === 'schema' ? made.name.name : (made.name.schema ?? ''), name);
      const isInIt = made.name.schema === undefined || isSame(made.name.schema, schema ?? '');
      return made.kind === lacking.kind && isSame(made.name.name, name) && isInIt;
    }),
  );
}

/** What an operation makes that outlives its session, in the words of who lacks it. */
function madeBy(
  operation: Operation,
): { readonly kind: Lacking['kind']; readonly name: QualifiedName } | undefined {
  switch (operation.kind) {
    case 'create-table':
      return operation.temporary ? undefined : { kind: 'table', name: operation.table };
    case 'create-view':
      return { kind: 'table', name: operation.view };
    case 'create-sequence':
      return { kind: 'table', name: operation.sequence };
    case 'create-type':
      return { kind: 'type', name: operation.type };
    case 'create-extension':
      return { kind: 'type', name: { name: operation.extension } };
    case 'create-function':
      return { kind: 'function', name: operation.function };
    case 'create-schema':
      return { kind: 'schema', name: { name: operation.schema } };
    default:
      return undefined;
  }
}
