import type { QualifiedName } from '../../schema/name.ts';
import type { Operation } from '../../schema/operation.ts';
import type { Statement } from '../source.ts';

/** A table within one file: those that stood there before have a name of their own, those made in it are known by number. */
type Identity = string;

interface Step {
  readonly operation: Operation;
  readonly identity: Identity;
}

/**
 * Finds, within one file, tables that are made anew under their own name with their rows copied: SQLite's way to change what
 * ALTER TABLE cannot, in whichever order the copy, the DROP and the RENAME stand. Their operations are marked as steps of it.
 */
export function markRebuilds(statements: readonly Statement[]): readonly Statement[] {
  if (!statements.some((one) => one.operations.some((operation) => operation.kind === 'drop-table')))
    return statements;
  const tables = new Map<string, Identity>();
  const sources = new Map<Identity, Set<Identity>>();
  const gone = new Set<Identity>();
  const lost = new Map<string, Identity>();
  /** Tables that held the rows in between, by the table that was made anew. */
  const copies = new Map<Identity, string>();
  const steps: Step[] = [];
  const marks = new Map<Operation, NonNullable<Operation['rebuild']>>();
  const identityOf = (name: QualifiedName) => {
    const key = keyOf(name);
    return tables.get(key) ?? (lost.has(key) ? undefined : key);
  };
  for (const [at, statement] of statements.entries())
    for (const [i, operation] of statement.operations.entries()) {
      const step = (identity: Identity) => steps.push({ operation, identity });
      switch (operation.kind) {
        case 'create-table': {
          const identity = `${at}#${i}`;
          tables.set(keyOf(operation.table), identity);
          const from = operation.asQuery
            ? operation.asQuery.relations.flatMap((one) => identityOf(one) ?? [])
            : [];
          sources.set(identity, new Set(from));
          step(identity);
          break;
        }
        case 'write-rows': {
          const identity = operation.verb === 'insert' ? identityOf(operation.table) : undefined;
          const into = identity === undefined ? undefined : sources.get(identity);
          for (const use of statement.uses)
            if (use.op === 'read') {
              const source = identityOf(use.table);
              if (source !== undefined) into?.add(source);
            }
          break;
        }
        case 'drop-table': {
          const identity = identityOf(operation.table);
          if (identity === undefined) break;
          leave(operation.table, identity);
          gone.add(identity);
          step(identity);
          const copied = copies.get(identity);
          if (copied !== undefined) marks.set(operation, { table: copied, last: false });
          break;
        }
        case 'rename-table': {
          const identity = identityOf(operation.table);
          if (identity === undefined) break;
          leave(operation.table, identity);
          tables.set(operation.to.toLowerCase(), identity);
          step(identity);
          break;
        }
        default:
          continue;
      }
      settle();
    }
  if (marks.size === 0) return statements;
  return statements.map((statement) => ({
    ...statement,
    operations: statement.operations.map((one) => {
      const rebuild = marks.get(one);
      return rebuild ? { ...one, rebuild } : one;
    }),
  }));

  function leave(name: QualifiedName, identity: Identity): void {
    const key = keyOf(name);
    tables.delete(key);
    if (!sources.has(identity)) lost.set(key, identity);
    else if (!lost.has(key)) lost.set(key, '');
  }

  /** A table of before is gone, and under its name stands one that got its rows. */
  function settle(): void {
    for (const [name, former] of lost) {
      const now = tables.get(name);
      if (former === '' || now === undefined || now === former || !gone.has(former)) continue;
      const along = reach(now);
      if (!along.has(former)) continue;
      const own = steps.filter(({ identity }) => along.has(identity));
      for (const [i, { operation }] of own.entries())
        marks.set(operation, { table: name, last: i === own.length - 1 });
      for (const identity of along) if (identity !== now && identity !== former) copies.set(identity, name);
      lost.delete(name);
      sources.delete(now);
      tables.delete(name);
    }
  }

  /** A table and all that its rows came from. */
  function reach(identity: Identity): ReadonlySet<Identity> {
    const found = new Set([identity]);
    for (const one of found) for (const source of sources.get(one) ?? []) found.add(source);
    return found;
  }
}

function keyOf({ schema, name }: QualifiedName): string {
  return (schema === undefined || schema === 'main' ? name : `${schema}.${name}`).toLowerCase();
}
