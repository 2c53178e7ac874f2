// CPU and memory of a command and of every process that it waits for.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Milliseconds of CPU, user and system, of a command and its children: bash's `times` reads what the kernel counted for
 * children that were waited for. A command whose exit code is not among `codes` is an error.
 */
export function cpuOf(command, { cwd, input = '', codes = [0], env = process.env }) {
  const run = spawnSync(
    'bash',
    ['-c', '"$@" >/dev/null 2>&1; code=$?; times; exit $code', 'measure', ...command],
    {
      cwd,
      input,
      encoding: 'utf8',
      env: { ...env, LC_ALL: 'C' },
    },
  );
  if (run.error) throw new Error(`bash is needed to measure: ${run.error.message}`);
  if (!codes.includes(run.status)) throw new Error(`${command.join(' ')} ended with ${run.status}`);
  const [, children = ''] = run.stdout.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, m, s]) => (Number(m) * 60 + Number(s)) * 1000,
  );
  if (parts.length !== 2) throw new Error(`bash printed no times: ${run.stdout}`);
  return parts[0] + parts[1];
}

/** Megabytes of the largest single process of a command: the kernel's high-water mark, looked at every 2 ms. Linux only. */
export async function peakMemoryOf(command, { cwd, input = '' }) {
  if (process.platform !== 'linux') return undefined;
  const child = spawn(command[0], command.slice(1), { cwd, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of family(child.pid)) peak = Math.max(peak, highWater(pid));
  }, 2);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return peak;
}

function family(pid) {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(family)];
  } catch {
    return [];
  }
}

function highWater(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
