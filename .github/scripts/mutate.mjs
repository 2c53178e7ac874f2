// npm run mutate -- FOLDER [--each N] [--json FILE] [--pglite]: judges single changes, right and wrong, on top of real chains by the fold,
// by DuckDB and by PostgreSQL, which is the oracle. FOLDER holds one folder for each chain with its SQL files in order of
// name, and `prelude.sql` for what is there before the first (a tool's ledger). N changes of each chain are taken (default
// 300), evenly over all. With --pglite (after `npm run build`) PGlite judges too, which takes its time. The exit code is 1 when a fault of the schema is missed or more than 0.1 % of the rest are refused.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadHarness } from './load-harness.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: 'string', default: '300' },
    json: { type: 'string' },
    pglite: { type: 'boolean' },
  },
});
const [folder] = positionals;
if (!folder) {
  process.stderr.write('usage: npm run mutate -- FOLDER [--each N] [--json FILE]\n');
  process.exit(2);
}

const { changesOf, openBench, tally } = await loadHarness('mutation', [
  './bench.ts',
  './changes.ts',
  './tally.ts',
]);
const all = [];
for (const name of readdirSync(folder).sort()) {
  const judged = await judgeChain(join(folder, name), Number(values.each));
  all.push(...judged.map((one) => ({ chain: name, ...one })));
  tell(name, judged);
}
tell('all', all);
if (values.json) writeFileSync(values.json, JSON.stringify(all, undefined, 1));
const { faults, valid } = tally(all);
process.exit(faults.missed.length > 0 || valid.refused.length > valid.number / 1000 ? 1 : 0);

async function judgeChain(path, each) {
  const files = readdirSync(path).filter((file) => file.endsWith('.sql'));
  const read = (file) => readFileSync(join(path, file), 'utf8');
  const prelude = files.includes('prelude.sql') ? read('prelude.sql') : '';
  const migrations = files.filter((file) => file !== 'prelude.sql').sort();
  const bench = await openBench(migrations.map(read), prelude, values);
  try {
    const changes = changesOf(bench.schema);
    const step = Math.max(1, changes.length / each);
    const judged = [];
    for (let at = 0; at < changes.length; at += step) judged.push(await bench.judge(changes[Math.floor(at)]));
    return judged;
  } finally {
    await bench.close();
  }
}

function tell(name, judged) {
  const { faults, rowFaults, pglite, valid } = tally(judged);
  const line = (...parts) => process.stdout.write(`${parts.join(' ')}\n`);
  line(`${name}: ${judged.length} changes`);
  line(
    `  ${faults.number} faults: fold ${faults.byFold}, DuckDB ${faults.byDuckdb}, missed ${faults.missed.length}`,
  );
  line(
    `  ${rowFaults.number} faults on rows: DuckDB ${rowFaults.byDuckdb}, missed ${rowFaults.missed.length}`,
  );
  line(`  ${valid.number} valid: refused ${valid.refused.length}, at risk ${valid.risky.length}`);
  if (pglite.number > 0)
    line(
      `  PGlite: ${faults.byPglite} of the faults, another word than PostgreSQL on ${pglite.other.length}`,
    );
  if (name === 'all') return;
  const parts = {
    missed: faults.missed,
    refused: valid.refused,
    'missed on rows': rowFaults.missed,
    'at risk': valid.risky,
    'PGlite differs': pglite.other,
  };
  for (const [what, list] of Object.entries(parts))
    for (const { kind, sql, fold, duckdb, why } of list)
      line(
        `    ${what}: [${kind}] ${sql}\n      fold: ${why.fold ?? fold}; DuckDB: ${why.duckdb ?? duckdb}; PostgreSQL: ${why.postgres ?? 'applies'}`,
      );
}
