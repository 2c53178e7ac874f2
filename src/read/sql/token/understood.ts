import type { OperationBody } from '../../../schema/operation.ts';
import type { Statement, TableUse } from '../../source.ts';
import type { Reading } from '../reading.ts';

/** What one statement says. */
export type Understood = Pick<Statement, 'operations' | 'uses' | 'calls' | 'notModelled' | 'unread'>;

/** One operation that is the whole statement. */
export function one(
  reading: Reading,
  body: OperationBody & { readonly tolerant?: boolean },
  uses: readonly TableUse[] = [],
  calls: readonly string[] = [],
): Understood {
  return { operations: [{ ...body, span: reading.whole }], uses, calls };
}

/** A statement on which no schema as modelled depends. */
export function without(reading: Reading, what: string): Understood {
  return one(reading, { kind: 'no-effect', what });
}

/** A statement whose effect on the schema is not known. */
export function notModelled(reason: string, uses: readonly TableUse[] = []): Understood {
  return { operations: [], uses, calls: [], notModelled: reason };
}
