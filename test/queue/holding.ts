import type { Run, Task } from '../../src/queue/queue.ts';

export const task = (key: string, lane = 'one'): Task => ({ key, lane, payload: { key } });

/** Runs that end when they are told to. */
export function holding() {
  const runs: (Run & { end: (how?: 'completed' | 'failed' | Error) => void })[] = [];
  const work = (run: Run) =>
    new Promise<'completed' | 'failed'>((resolve, reject) => {
      const end = (how: 'completed' | 'failed' | Error = 'completed') =>
        how instanceof Error ? reject(how) : resolve(how);
      run.signal.addEventListener('abort', () => reject(new Error(String(run.signal.reason))));
      runs.push({ ...run, end });
    });
  return { runs, work, keys: () => runs.map((run) => run.task.key) };
}
