// npm run pulls -- FOLDER [--each N] [--seed N] [--since DATE] [--prove off|fast|full] [--json FILE]: checks pull requests that
// were merged, N drawn at random from each repository in FOLDER (a clone or a bare mirror), at least a third of them with a
// change of migrations or models where there are so many. It prints how often something is said, how long it takes, and what
// was not read. Findings are written as JSON lines. The repositories themselves are left as they are.
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuOf, median } from './measure.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ each: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
    ...{ since: { type: 'string', default: '2 years ago' }, prove: { type: 'string', default: 'off' } },
    json: { type: 'string' },
  },
});
const [folder] = positionals;
const each = Number(values.each);
if (!folder || !(each >= 1)) {
  process.stderr.write(
    'usage: npm run pulls -- FOLDER [--each N] [--seed N] [--since DATE] [--prove off|fast|full] [--json FILE]\n',
  );
  process.exit(2);
}

const SCHEMA =
  /\.(sql|prisma)$|(^|\/)(migrations?|models|entities|schema)\/|(^|\/)schema\.[jt]s$|\.entity\.[jt]s$/;
const CODE = /\.([cm]?[jt]sx?|vue|svelte)$/;
const cli = resolve('dist/cli.js');
const out = values.json && createWriteStream(values.json);
const work = mkdtempSync(join(tmpdir(), 'tablewarden-pulls-'));
const all = [];
let state = Number(values.seed);

for (const name of readdirSync(folder).sort()) {
  const source = gitFolder(join(folder, name));
  if (!source) continue;
  const repo = join(work, `${name}.git`);
  execFileSync('git', ['clone', '--quiet', '--bare', '--shared', source, repo]);
  const pulls = draw(repo);
  const checked = pulls.map((pull) => check(repo, name, pull));
  rmSync(repo, { recursive: true, force: true, maxRetries: 3 });
  tell(name, checked);
  all.push(...checked);
}
tell('all', all);
const rules = new Map();
for (const { findings } of all)
  for (const { rule, severity } of findings)
    rules.set(`${rule} (${severity})`, (rules.get(`${rule} (${severity})`) ?? 0) + 1);
for (const [rule, count] of [...rules].sort((a, b) => b[1] - a[1]))
  line(`  ${String(count).padStart(5)}  ${rule}`);
out?.end();
rmSync(work, { recursive: true, force: true, maxRetries: 3 });

function gitFolder(path) {
  const run = spawnSync('git', ['-C', path, 'rev-parse', '--path-format=absolute', '--git-common-dir'], {
    encoding: 'utf8',
  });
  const found = run.stdout?.trim();
  return run.status === 0 && found?.startsWith(realpathSync(path)) ? found : undefined;
}

/** Merges of a pull request, and single commits that end with its number; a third of them of the schema first. */
function draw(repo) {
  const format = ['--format=%x00%H %P%x01%s%x02', '--diff-merges=first-parent', '--name-only'];
  const log = execFileSync('git', ['--git-dir', repo, 'log', `--since=${values.since}`, ...format, 'HEAD'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const pulls = log.split('\0').flatMap((entry) => {
    const [about = '', files = ''] = entry.split('\x02');
    const [ids = '', subject = ''] = about.split('\x01');
    const [head, base, merged] = ids.split(' ');
    if (!base || !(merged ? /^Merge pull request/ : /\(#\d+\)\s*$/).test(subject)) return [];
    const paths = files.split('\n');
    const isOfSchema = paths.some((path) => SCHEMA.test(path));
    return isOfSchema || paths.some((path) => CODE.test(path)) ? [{ base, head, isOfSchema }] : [];
  });
  const mixed = shuffled(pulls);
  const first = mixed.filter(({ isOfSchema }) => isOfSchema).slice(0, Math.ceil(each / 3));
  return [...first, ...mixed.filter((pull) => !first.includes(pull))].slice(0, each);
}

function shuffled(list) {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other], mixed[at]];
  }
  return mixed;
}

function check(repo, name, { base, head }) {
  const file = join(work, 'said.json');
  const range = [`${base}..${head}`, '--repo', repo, '--prove', values.prove];
  const how = ['--fail-on', 'never', '--quiet', '--format', 'json', '--output', file];
  try {
    const cpu = cpuOf([process.execPath, cli, 'check', ...range, ...how], { cwd: work });
    const { findings, coverage } = JSON.parse(readFileSync(file, 'utf8'));
    for (const finding of findings) out?.write(`${JSON.stringify({ repo: name, base, head, ...finding })}\n`);
    return { cpu, findings, partly: coverage.notAnalysed.length > 0 };
  } catch (error) {
    line(`${name} ${base}..${head}: ${error.message}`);
    return { cpu: 0, findings: [], failed: true };
  }
}

function tell(name, checked) {
  if (checked.length === 0) return;
  const loud = checked.filter(({ findings }) => findings.some(({ severity }) => severity !== 'note'));
  const times = checked.map(({ cpu }) => cpu).sort((a, b) => a - b);
  const slow = times[Math.min(times.length - 1, Math.floor(times.length * 0.95))];
  line(
    `${name}: ${checked.length} pull requests; with a warning or error ${loud.length}, with any finding ` +
      `${checked.filter(({ findings }) => findings.length > 0).length}; ended otherwise ${checked.filter(({ failed }) => failed).length}; ` +
      `not all read ${checked.filter(({ partly }) => partly).length}; CPU ${Math.round(median(times))} ms, 95 % within ${Math.round(slow)} ms`,
  );
}

function line(text) {
  process.stdout.write(`${text}\n`);
}
