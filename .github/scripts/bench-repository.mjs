// What checks cost on a real repository: its newest commits that touch code, one that drops a column, and the whole of it.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cpuOf, median } from './measure.mjs';

const CODE = ['*.ts', '*.tsx', '*.mts', '*.cts', '*.js', '*.jsx', '*.mjs', '*.cjs', '*.vue', '*.svelte'];

/**
 * Rows of one repository as `[work, budget, ...numbers]`, each number CPU divided by CPU of `node` measured just before. The
 * cache is kept from commit to commit, as on the machine of somebody who pushes them, oldest first.
 */
export function benchRepository({ from, folder, cli, node, commits, rounds, say }) {
  const directory = join(folder, 'repository');
  execFileSync('git', ['clone', '--quiet', '--bare', '--shared', from, directory]);
  const git = (...args) =>
    execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).split('\n').filter(Boolean);
  const check = (...args) => [process.execPath, cli, 'check', '--quiet', '--fail-on', 'never', ...args];
  const cost = (...args) => {
    const floor = cpuOf(node, { cwd: folder });
    return cpuOf(check(...args), { cwd: directory, codes: [0, 1] }) / floor;
  };
  const forget = () => rmSync(join(directory, 'tablewarden'), { recursive: true, force: true });
  const log = (count, ...args) => git('log', '--no-merges', '--format=%H %P', `-${count}`, ...args);
  const ranges = (lines) => lines.map((line) => line.split(' ')).filter(([, parent]) => parent);

  const files = git('ls-tree', '-r', '--name-only', 'HEAD').filter((path) =>
    /\.([cm]?[jt]s|[jt]sx|vue|svelte)$/.test(path),
  );
  say(`${from}: ${files.length} files of code`);
  const changes = ranges(log(commits, '--', ...CODE)).reverse();
  const ratios = changes.map(([commit, parent]) => cost('--prove', 'off', `${parent}..${commit}`));
  const [dropping] = ranges(log(1, '-G', 'DROP COLUMN', '--', '*.sql'));
  const dropped = dropping
    ? times(rounds, () => cost('--prove', 'fast', `${dropping[1]}..${dropping[0]}`))
    : [];
  forget();
  const cold = [cost('--all', '--prove', 'off', 'HEAD')];
  const cached = times(rounds, () => cost('--all', '--prove', 'off', 'HEAD'));
  return [
    [`code of ${ratios.length} commits: half of them below`, undefined, ratios, 0.5],
    [`code of ${ratios.length} commits: 95 of 100 below`, 8, ratios, 0.95],
    ...(dropping ? [[`a column dropped (${dropping[0].slice(0, 10)}), proved`, 8, dropped, 0.5]] : []),
    ['the whole repository, cold', undefined, cold, 0.5],
    ['the whole repository, from its cache', undefined, cached, 0.5],
  ].map(([name, budget, numbers, share]) => {
    const sorted = numbers.toSorted((a, b) => a - b);
    const measured = share === 0.5 ? median(sorted) : sorted[Math.ceil(sorted.length * share) - 1];
    return { name, budget, measured, lowest: sorted[0], highest: sorted.at(-1) };
  });
}

function times(count, run) {
  return Array.from({ length: count }, run);
}
