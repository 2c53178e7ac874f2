// npm run crowd -- [--deliveries 5000] [--keys 400] [--processes 4] [--kills 12] [--seed 1]: the App's queue in PostgreSQL
// with several processes, deliveries that come twice and processes that are killed; beside it the queue of one process. It
// ends with 1 where a newest head was not checked, or one was checked twice.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadHarness } from './load-harness.mjs';

const number = (text) => ({ type: 'string', default: text });
const { values } = parseArgs({
  options: {
    ...{ deliveries: number('5000'), keys: number('400'), processes: number('4') },
    ...{ kills: number('12'), seed: number('1') },
  },
});
const numbers = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));
const { alone, crowd, removeFolders } = await loadHarness('queue', ['./crowd.ts']);
const options = { ...numbers, module: resolve('node_modules/.cache/tablewarden/queue.mjs') };
const { wrong, figures } = await crowd(options);
const inOneProcess = await alone(options);
for (const [what, count] of Object.entries({
  ...figures,
  'seconds in one process, with its journal': inOneProcess,
  wrong: wrong.length,
}))
  process.stdout.write(`${String(count).padStart(8)}  ${what}\n`);
for (const line of wrong) process.stdout.write(`${line}\n`);
removeFolders();
process.exit(wrong.length > 0 ? 1 : 0);
