import type { Span } from '../../change/span.ts';
import type { Applied } from '../../schema/applied.ts';
import { openFold } from '../../schema/fold.ts';
import type { Schema } from '../../schema/schema.ts';
import { foldSource, type Step } from '../replay.ts';
import type { OpenMigration } from './open-change.ts';

/** Migrations folded on a schema that is not the one they were written on. */
export interface Folded {
  readonly schema: Schema;
  /** By migration. */
  readonly steps: readonly (readonly Step[])[];
}

/** Folds migrations on top of a schema, in the order given. */
export function foldOn(schema: Schema, migrations: readonly OpenMigration[]): Folded {
  const fold = openFold(schema);
  const steps = migrations.map(({ source }) => foldSource(fold, source));
  return { schema: fold.snapshot(), steps };
}

/** An operation that was refused, or would have made what is there. */
export interface Trouble {
  readonly applied: Applied;
  readonly refused: boolean;
  readonly span: Span;
}

/** What went wrong. Of a migration only its first refusal: the database stops there. */
export function troublesOf({ steps }: Folded): readonly Trouble[] {
  return steps.flatMap((migration) => {
    const troubles = migration.flatMap(({ applied }) => applied.flatMap(troubleOf));
    const first = troubles.findIndex(({ refused }) => refused);
    return first < 0 ? troubles : troubles.slice(0, first + 1);
  });
}

function troubleOf(applied: Applied): readonly Trouble[] {
  const { error, skipped, operation } = applied;
  if (error) return error.tainted ? [] : [{ applied, refused: true, span: error.span }];
  return skipped && isMade(operation.kind) ? [{ applied, refused: false, span: operation.span }] : [];
}

/** Whether an operation makes something. */
export function isMade(kind: string): boolean {
  return /^(create-|add-)/.test(kind);
}

/** The first operations of migrations, so many, in the same sources. */
export function firstOperations(
  migrations: readonly OpenMigration[],
  most: number,
): readonly OpenMigration[] {
  let left = most;
  return migrations.map(({ file, source }) => ({
    file,
    source: {
      ...source,
      statements: source.statements.flatMap((statement) => {
        if (left <= 0) return [];
        const operations = statement.operations.slice(0, left);
        left -= operations.length;
        return [{ ...statement, operations }];
      }),
    },
  }));
}
