import { openEmbedded } from '../queue/embedded.ts';
import { lockFolder } from '../queue/lock.ts';
import type { Queue } from '../queue/queue.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

/** Tasks of one installation at a time. */
const OF_ONE = 2;

/** The App's queue: in its own folder, or in a database that several machines share. */
export async function openQueue(settings: Settings, log: Log): Promise<Queue> {
  const { jobs, second, data, queueUrl } = settings;
  const shared = {
    most: jobs,
    mostOfLane: queueUrl === undefined ? Math.min(OF_ONE, jobs) : OF_ONE,
    told: (task: { readonly key: string }, state: string) => {
      if (state === 'superseded') log('task superseded', { task: task.key });
    },
  };
  if (queueUrl === undefined)
    return openEmbedded({ ...shared, folder: data, patience: 10 * second, settling: 3 * second });
  const { openGraphile } = await import('../queue/graphile.ts');
  const unlock = await lockFolder(data);
  const warned = (why: string) => log('the database of the queue is in trouble', { why });
  try {
    const queue = await openGraphile({ ...shared, url: queueUrl, silence: 60 * second, warned });
    return { ...queue, stop: () => queue.stop().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}
