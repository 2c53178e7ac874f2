// npm run bench: what the command costs, as CPU of it and its children divided by CPU of `node -e 0` measured just before.
// Needs bash and git; memory is measured on Linux only. Options: --rounds N (default 7), --chain DIR (a real folder of
// numbered SQL files in place of the synthetic 1,000), --growth (chains of 100, 1,000 and 10,000 as well), --repository DIR
// (nothing but the commits and the whole of a real repository; --commits N, default 80). A row above its budget makes the exit
// code 1 with --strict. Peers are measured where --peers DIR holds them (default: here): npm i squawk-cli @flvmnt/pgfence.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchRepository } from './bench-repository.mjs';
import { cpuOf, median, peakMemoryOf } from './measure.mjs';
import { droppingMigration, nextMigration, syntheticChain } from './synthetic-chain.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    chain: { type: 'string' },
    strict: { type: 'boolean' },
    growth: { type: 'boolean' },
    repository: { type: 'string' },
    commits: { type: 'string', default: '80' },
    peers: { type: 'string', default: '.' },
  },
});
const rounds = Number(values.rounds);
const cli = resolve('dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'tablewarden-bench-'));
const peers = [
  { name: 'squawk-cli', file: 'node_modules/squawk-cli/js/bin/squawk', args: [] },
  { name: '@flvmnt/pgfence', file: 'node_modules/@flvmnt/pgfence/dist/index.js', args: ['analyze'] },
].map((peer) => ({ ...peer, file: resolve(values.peers, peer.file) }));
const node = [process.execPath, '-e', '0'];
const command = (...args) => [process.execPath, cli, ...args];

try {
  process.exitCode = values.repository ? ofRepository() : await bench();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function bench() {
  const chain600 = makeRepository('chain-600', syntheticChain(600));
  const documents = addBranch(chain600, 'documents', { path: 'README.md', text: '# Changed\n' });
  const added = addBranch(chain600, 'added', nextMigration(600));
  const dropped = addBranch(chain600, 'dropped', droppingMigration(600));
  const kept = makeRepository('chain-600-kept', syntheticChain(600));
  const addedToKept = addBranch(kept, 'added', nextMigration(600));
  const whole600 = makeRepository('chain-600-whole', syntheticChain(600)); // its cache goes, the hook's stays
  const chain1000 = values.chain
    ? copyRepository(values.chain)
    : makeRepository('chain-1000', syntheticChain(1000));
  const statements = syntheticChain(600).reduce((sum, { statements: count }) => sum + count, 0);

  const hook = (push, ...args) => hookIn(chain600, push, ...args);
  const hookIn = (cwd, push, ...args) => ({
    command: command('hook', 'run', 'origin', 'file:///nowhere', ...args),
    cwd,
    input: push,
    codes: [0, 1],
  });
  const all = (directory, ...args) => ({
    command: command(...args),
    cwd: directory,
    codes: [0, 1],
    cold: true,
  });
  const added600 = join(chain600, 'added.sql');
  writeFileSync(added600, nextMigration(600).text);
  const rows = [
    ...peers.flatMap(({ name, file, args }) =>
      existsSync(file)
        ? [
            {
              name: `peer: ${name}, the same migration`,
              command: [process.execPath, file, ...args, added600],
              codes: [0, 1],
            },
          ]
        : [],
    ),
    ...floorRows(),
    ...(values.growth ? [100, 1_000, 10_000].flatMap(growthRows) : []),
    { name: 'nothing relevant changed', budget: 1.3, ...hook(documents) },
    {
      name: 'hook, 1 new migration on a chain of 600, rules only',
      budget: 3,
      ...hook(added, '--prove', 'off'),
    },
    { name: 'the same with the DuckDB slice proof', budget: 4, ...hook(added, '--prove', 'fast') },
    {
      name: 'the same with PostgreSQL itself from its cached base',
      budget: 5,
      ...hookIn(kept, addedToKept, '--prove', 'fast'),
    },
    { name: 'the same when a column is dropped', budget: 8, ...hook(dropped, '--prove', 'fast') },
    {
      name: `${values.chain ?? '1,000 synthetic migrations'}, cold, rules only`,
      budget: 8,
      ...all(chain1000, 'check', '--all', '--prove', 'off'),
    },
    { name: 'chain of 600, cold, rules only', ...all(whole600, 'check', '--all', '--prove', 'off') },
    {
      name: 'chain of 600, cold, proved from empty',
      ...all(whole600, 'prove', '--all', '--engine', 'duckdb'),
    },
  ];
  spawnSync(process.execPath, [cli, 'check', 'main..added'], { cwd: kept });
  for (const row of rows) if (!row.cold) spawnSync(row.command[0], row.command.slice(1), row);

  const ratios = rows.map(() => []);
  const costs = rows.map(() => []);
  const floors = [];
  for (let round = 0; round < rounds; round++)
    for (const [index, row] of rows.entries()) {
      if (row.cold) rmSync(join(row.cwd, '.git/tablewarden'), { recursive: true, force: true });
      const floor = cpuOf(node, { cwd: folder });
      const cost = cpuOf(row.command, row);
      floors.push(floor);
      costs[index].push(cost);
      ratios[index].push(cost / floor);
    }

  const plain = plainFloor();
  print(['work', 'budget', 'measured', 'lowest', 'highest', 'ms', ...(plain ? ['without'] : [])]);
  const over = [];
  for (const [index, { name, budget }] of rows.entries()) {
    const measured = median(ratios[index]);
    if (budget && measured > budget) over.push(name);
    print([
      name,
      budget ? `≤ ${budget}` : '',
      ...[measured, Math.min(...ratios[index]), Math.max(...ratios[index])].map(fixed),
      median(costs[index]).toFixed(0),
      ...(plain ? [fixed((median(costs[index]) - median(floors)) / plain + 1)] : []),
    ]);
  }
  const perStatement = (median(costs.at(-1)) - median(costs.at(-2))) / statements;
  if (perStatement > 0.6) over.push('chain of 600 in DuckDB');
  print([`whole chain of 600 in DuckDB, ms CPU a statement (${statements})`, '≤ 0.6', fixed(perStatement)]);

  const floor = await peakMemoryOf(node, { cwd: folder });
  const proved = rows.find(({ name }) => name === 'the same with the DuckDB slice proof');
  const peak = await peakMemoryOf(proved.command, proved);
  const memory = floor && peak / floor;
  if (memory > 2.5) over.push('peak memory');
  print([
    'peak memory of the largest process, hook with proof',
    '≤ 2.5',
    memory ? fixed(memory) : 'Linux only',
  ]);
  console.log(
    `\nCPU ÷ CPU of \`node -e 0\` (${median(floors).toFixed(0)} ms here), ${rounds} rounds, medians. Node ${process.versions.node}.`,
  );
  if (plain)
    console.log(
      `NODE_EXTRA_CA_CERTS is set: \`node -e 0\` takes ${plain.toFixed(0)} ms without it; "without" is what the rows are then.`,
    );
  if (over.length > 0) console.log(`Above budget: ${over.join('; ')}.`);
  return values.strict && over.length > 0 ? 1 : 0;
}

/** The rows of a real repository. */
function ofRepository() {
  const from = resolve(values.repository);
  const commits = Number(values.commits);
  const rows = benchRepository({ from, folder, cli, node, commits, rounds, say: console.log });
  print(['work', 'budget', 'measured', 'lowest', 'highest']);
  for (const { name, budget, measured, lowest, highest } of rows)
    print([name, budget ? `≤ ${budget}` : '', ...[measured, lowest, highest].map(fixed)]);
  const isOver = rows.some(({ budget, measured }) => budget && measured > budget);
  return values.strict && isOver ? 1 : 0;
}

/** What cannot be had for less: starting node with one of the parts that a run is made of, and nothing of our own. */
function floorRows() {
  const parts = {
    'git rev-parse': `require('child_process').spawnSync('git', ['rev-parse', 'HEAD'])`,
    'the parser and one statement': `require('v8').setFlagsFromString('--liftoff-only');
      const parser = require('libpg-query');
      parser.loadModule().then(() => parser.parseSync('ALTER TABLE a ADD COLUMN b integer'))`,
    'DuckDB and one query': `const beside = require('module').createRequire(require.resolve('@duckdb/node-bindings'));
      const duckdb = beside('@duckdb/node-bindings-' + process.platform + '-' + process.arch + '/duckdb.node');
      const config = duckdb.create_config();
      duckdb.set_config(config, 'threads', '1');
      duckdb.open(':memory:', config).then(duckdb.connect).then((to) => duckdb.query(to, 'SELECT 1'))
        .then(() => process.exit())`,
  };
  return Object.entries(parts).map(([part, code]) => ({
    name: `floor: node, ${part}`,
    command: [process.execPath, '-e', code],
    cwd: resolve('.'),
  }));
}

/** The hook and the whole of a chain, for how they grow. */
function growthRows(count) {
  const directory = makeRepository(`grown-${count}`, syntheticChain(count));
  const cold = makeRepository(`grown-${count}-whole`, syntheticChain(count)); // its cache goes, the hook's stays
  const input = addBranch(directory, 'added', nextMigration(count));
  const hook = command('hook', 'run', 'origin', 'file:///nowhere', '--prove', 'off');
  const whole = command('check', '--all', '--prove', 'off', '--quiet');
  return [
    { name: `chain of ${count}: hook, rules only`, command: hook, cwd: directory, input, codes: [0, 1] },
    {
      name: `chain of ${count}: whole, cold, rules only`,
      command: whole,
      cwd: cold,
      codes: [0, 1],
      cold: true,
    },
  ];
}

/** Node reads the certificates of NODE_EXTRA_CA_CERTS whenever it starts, so that the unit is larger where that is set. */
function plainFloor() {
  if (!process.env.NODE_EXTRA_CA_CERTS) return undefined;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: '' };
  return median(Array.from({ length: rounds }, () => cpuOf(node, { cwd: folder, env })));
}

function print([name, ...cells]) {
  console.log(name.padEnd(62) + cells.map((cell) => cell.padStart(10)).join(''));
}

function fixed(number) {
  return number.toFixed(2);
}

function makeRepository(name, chain) {
  const directory = join(folder, name);
  mkdirSync(directory);
  for (const { path, text } of chain) write(directory, path, text);
  return commitAll(directory);
}

function copyRepository(from) {
  const directory = join(folder, 'given');
  cpSync(from, join(directory, 'migrations'), { recursive: true });
  return commitAll(directory);
}

function commitAll(directory) {
  git(directory, 'init', '--quiet', '--template=', '--initial-branch=main');
  write(directory, 'README.md', '# Bench\n');
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '-m', 'history');
  git(directory, 'update-ref', 'refs/remotes/origin/main', 'main');
  return directory;
}

/** One commit on main, as git's pre-push protocol would announce it. */
function addBranch(directory, branch, { path, text }) {
  git(directory, 'checkout', '--quiet', '-b', branch, 'main');
  write(directory, path, text);
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '-m', branch);
  const [head, base] = [git(directory, 'rev-parse', 'HEAD'), git(directory, 'rev-parse', 'main')];
  git(directory, 'checkout', '--quiet', 'main');
  return `refs/heads/main ${head} refs/heads/main ${base}\n`;
}

function write(directory, path, text) {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

function git(cwd, ...args) {
  const identity = [
    '-c',
    'user.name=Bench',
    '-c',
    'user.email=bench@example.org',
    '-c',
    'commit.gpgSign=false',
  ];
  return execFileSync('git', [...identity, '-c', 'core.hooksPath=/dev/null', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();
}
