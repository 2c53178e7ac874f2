import type { Operation } from '../operation.ts';
import { type Draft, setPath, undoTo } from './draft.ts';

/** The connection that a chain's statements run on. */
export interface Session {
  /** File of the last operation: a tool opens a connection, or at least a transaction, for each. */
  path: string | undefined;
  /** Lengths of the undo list where BEGIN and each SAVEPOINT stand. */
  begun: number[] | undefined;
}

/** A connection without a transaction. */
export function openSession(): Session {
  return { path: undefined, begun: undefined };
}

/** BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, ROLLBACK TO; without a transaction the last five do nothing. */
export function transact(
  draft: Draft,
  session: Session,
  verb: Extract<Operation, { kind: 'transaction' }>['verb'],
): void {
  const { begun } = session;
  if (!begun) {
    if (verb === 'begin') session.begun = [draft.undo.length];
    return;
  }
  switch (verb) {
    case 'begin':
      return;
    case 'commit':
      endTransaction(draft, session);
      return;
    case 'rollback':
      undoTo(draft, begun[0] ?? 0);
      session.begun = undefined;
      return;
    case 'savepoint':
      begun.push(draft.undo.length);
      return;
    case 'release':
      if (begun.length > 1) begun.pop();
      return;
    case 'rollback to':
      undoTo(draft, begun.at(-1) ?? 0);
  }
}

/** Keeps what the transaction did; what SET LOCAL said ends. */
export function endTransaction(draft: Draft, session: Session): void {
  if (!session.begun) return;
  session.begun = undefined;
  setPath(draft, draft.sessionPath, draft.sessionPath);
  draft.undo.length = 0;
}
