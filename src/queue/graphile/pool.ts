import { createRequire } from 'node:module';
import type { RunnerOptions } from 'graphile-worker';

type Pool = NonNullable<RunnerOptions['pgPool']>;

/**
 * Connections to the queue's database, with the driver of graphile-worker. That one ends may be told at any time, and what
 * nobody hears ends the process: graphile-worker's own pools are no longer listened to while they are closed.
 */
export function openPool(connectionString: string, max: number, warned: (why: string) => void): Pool {
  const requireHere = createRequire(import.meta.url);
  const { Pool } = createRequire(requireHere.resolve('graphile-worker'))('pg') as {
    Pool: new (options: object) => Pool;
  };
  const pool = new Pool({ connectionString, max });
  const tell = ({ message }: Error) => warned(message);
  pool.on('error', tell);
  pool.on('connect', (client) => client.on('error', tell));
  return pool;
}
