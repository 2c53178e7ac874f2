// npm run commute -- [--pairs N] [--seed N]: makes pairs of operations that each apply to one small schema, and asks of each pair
// whether the two collide: by reading them, as `tablewarden conflicts` does, and by running both orders in PostgreSQL (PGlite) and
// comparing errors and catalogs. The exit code is 1 when a conflict is missed, or more than 1 % of those found are none.
import { parseArgs } from 'node:util';
import { loadHarness } from './load-harness.mjs';

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const { openBench, tally } = await loadHarness('commute', ['./bench.ts', './tally.ts']);
const bench = await openBench();
const judged = [];
for (const pair of await bench.makePairs(Number(values.pairs), Number(values.seed)))
  judged.push(await bench.judge(pair));
await bench.close();

const told = tally(judged);
const say = (line) => process.stdout.write(`${line}\n`);
say(`${judged.length} pairs, ${told.collide.length} collide when they are run`);
say(`missed: ${told.missed.length}`);
for (const { ours, theirs, ran } of told.missed) say(`  ${ours}\n  ${theirs}\n    ${ran}`);
say(`false: ${told.false.length}`);
for (const { ours, theirs, read } of told.false)
  say(`  ${ours}\n  ${theirs}\n    ${JSON.stringify(read[0])}`);
process.exit(told.missed.length > 0 || told.false.length > judged.length / 100 ? 1 : 0);
