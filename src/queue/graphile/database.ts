import type { WorkerUtils } from 'graphile-worker';
import { queueSchema } from './schema-sql.ts';

/** Runs something with a connection of a pool. */
type WithClient = WorkerUtils['withPgClient'];
type Client = Parameters<Parameters<WithClient>[0]>[0];

/** Brings the queue's own schema up to date; processes that start together wait for each other. */
export function prepareSchema(withClient: WithClient): Promise<void> {
  return withClient(async (client) => {
    await client.query('BEGIN');
    try {
      await client.query("SELECT pg_advisory_xact_lock(hashtext('tablewarden_queue.schema'))");
      const done = await stepsTaken(client);
      for (const [at, text] of queueSchema.migrations.entries()) {
        if (at < done) continue;
        await client.query(text);
        await client.query('INSERT INTO tablewarden_queue.migrations (version) VALUES ($1)', [at + 1]);
      }
      // an older process that starts again leaves a newer one's functions alone
      if (done <= queueSchema.migrations.length) await client.query(queueSchema.functions);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  });
}

async function stepsTaken(client: Client): Promise<number> {
  const found = await client.query(
    "SELECT to_regclass('tablewarden_queue.migrations') IS NOT NULL AS is_there",
  );
  if (!found.rows[0].is_there) return 0;
  const { rows } = await client.query(
    'SELECT coalesce(max(version), 0) AS done FROM tablewarden_queue.migrations',
  );
  return rows[0].done;
}

/** Calls a function of the queue's schema, or runs a statement, and gives back its rows. */
export function asks(withClient: WithClient) {
  return <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    withClient(async (client) => (await client.query<Row>(sql, [...values])).rows);
}

/** Milliseconds before a lost connection is opened again. */
const AGAIN = 1000;

/** Hears of jobs that newer ones took the place of, until it is closed; what is said while no connection stands is not heard. */
export function listen(withClient: WithClient, hear: (job: string) => void): { close(): Promise<void> } {
  let closed = false;
  let leave = () => {};
  const once = () =>
    withClient(async (client) => {
      const gone = new Promise<void>((resolve, reject) => {
        leave = resolve;
        client.on('error', reject);
        client.on('end', () => reject(new Error('the connection ended')));
      });
      gone.catch(() => {}); // it may end before it is waited for
      client.on('notification', ({ channel, payload }) => {
        if (channel === 'tablewarden_outdated' && payload) hear(payload);
      });
      await client.query('LISTEN tablewarden_outdated');
      if (closed) leave();
      await gone;
      await client.query('UNLISTEN *').catch(() => {});
      client.removeAllListeners('notification');
    });
  const all = (async () => {
    while (!closed) {
      await once().catch(() => {});
      if (!closed) await new Promise((resolve) => setTimeout(resolve, AGAIN).unref());
    }
  })();
  return {
    close: async () => {
      closed = true;
      leave();
      await all;
    },
  };
}
