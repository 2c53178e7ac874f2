// npm run storm -- [--webhooks 1000] [--repositories 50] [--kills 50] [--seed 1] [--jobs 4] [--shared]: the App in bad
// weather, beside a GitHub on loopback: deliveries twice, in the wrong order, in bursts, and the process killed in between;
// with --shared its queue is in PostgreSQL. It prints what came of it, and ends with 1 where a newest head has not exactly
// one completed check run, or a comment stands twice.
import { parseArgs } from 'node:util';
import { loadHarness } from './load-harness.mjs';

const number = (text) => ({ type: 'string', default: text });
const { values } = parseArgs({
  options: {
    ...{ webhooks: number('1000'), repositories: number('50'), kills: number('50') },
    ...{ seed: number('1'), jobs: number('4') },
    shared: { type: 'boolean', default: false },
  },
});
const { shared, ...numbers } = values;
const weather = Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, Number(text)]));
const { storm, removeFolders } = await loadHarness('app', ['./storm.ts', '../hook/repository.ts']);
const say = (text) => process.stderr.write(`${text}\n`);
const { heads, wrong, figures } = await storm({ ...weather, shared, say });
for (const [what, count] of Object.entries({ ...figures, 'newest heads': heads, wrong: wrong.length }))
  process.stdout.write(`${String(count).padStart(8)}  ${what}\n`);
for (const line of wrong) process.stdout.write(`${line}\n`);
removeFolders();
process.exit(wrong.length > 0 ? 1 : 0);
