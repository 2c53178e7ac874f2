import type { ExactRows } from '../../exact.ts';
import type { Runner } from './run.ts';

/** Puts made-up rows into the open transaction; a row that the server refuses costs only itself. */
export async function plantRows(runner: Runner, tables: readonly ExactRows[]): Promise<void> {
  for (const { whole, single } of tables)
    if (!(await tried(runner, whole))) for (const one of single) await tried(runner, one);
  // Checks that wait for the end of the transaction would forbid every ALTER TABLE (55006).
  await tried(runner, 'SET CONSTRAINTS ALL IMMEDIATE');
}

async function tried(runner: Runner, text: string): Promise<boolean> {
  await runner.send('SAVEPOINT tablewarden_rows');
  const { error } = await runner.send(text);
  await runner.send(`${error ? 'ROLLBACK TO' : 'RELEASE'} SAVEPOINT tablewarden_rows`);
  return error === undefined;
}
