import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../../../../src/prove/engine/postgres.ts';
import type { ExactOptions } from '../../../../src/prove/exact.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-server-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options: ExactOptions = {
  engine: 'postgres',
  folder,
  keys: ['empty'],
  prelude: [],
  fromEmpty: false,
  make: true,
};

/** Where the cluster lives: below the folder, or where root keeps it for the user that it lends. */
function pidFile(): string {
  const own = readdirSync(folder).find((name) => name.startsWith('cluster-'));
  if (own) return join(folder, own, 'data/postmaster.pid');
  const lent = '/var/cache/tablewarden';
  const [home] = readdirSync(lent).filter((name) => {
    const note = join(lent, name, 'for');
    return existsSync(note) && readFileSync(note, 'utf8') === folder;
  });
  const cluster = readdirSync(join(lent, home ?? '')).find((name) => name.startsWith('cluster-'));
  return join(lent, home ?? '', cluster ?? '', 'data/postmaster.pid');
}

const serverPid = () => Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && statOf(pid)[0] !== 'Z';
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function works(): Promise<boolean> {
  const engine = await openPostgres(options);
  const [result] = await engine.attempt([
    { path: 'a.sql', statements: [{ text: 'CREATE TABLE a (id int)' }] },
  ]);
  await engine.close();
  return result?.outcomes[0]?.word === 'executed';
}

/** The engine child as the command starts it, with a server opened. */
async function startChild(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['dist/engine-child.js', '1000'], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  child.stdin?.write(`${JSON.stringify({ id: 1, instance: 1, call: 'open exact', options })}\n`);
  const answers = child.stdio[3] as Readable; // a pipe, as `stdio` asks
  const answer = await new Promise((resolve) => answers.once('data', (chunk) => resolve(String(chunk))));
  expect(answer).not.toContain('"error"');
  return child;
}

describe('a server', () => {
  test('that is killed is told of, and the next run works', async () => {
    const engine = await openPostgres(options);
    process.kill(serverPid(), 'SIGKILL');
    const [result] = await engine
      .attempt([{ path: 'a.sql', statements: [{ text: 'SELECT pg_sleep(5)' }] }])
      .catch((error: Error) => [{ died: error.message }]);
    expect(result?.died).toBeDefined();
    await engine.close().catch(() => {});
    expect(await works()).toBe(true);
  });

  test('ends with the run that started it, however that ends', async () => {
    const child = await startChild();
    const pid = serverPid();
    child.kill('SIGKILL');
    await until(() => !isAlive(pid));
    expect(await works()).toBe(true);
  });

  test('whose run and watchdog are both gone is stopped by the next run', async () => {
    const child = await startChild();
    const pid = serverPid();
    if (process.platform === 'linux') await until(() => watchdogsOf(pid).length >= 2);
    for (const watchdog of watchdogsOf(pid)) process.kill(watchdog, 'SIGKILL');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('exit', resolve));
    expect(isAlive(pid)).toBe(true);
    expect(await works()).toBe(true);
    expect(isAlive(pid)).toBe(false);
  });

  test('of a run that lives is left alone', async () => {
    const child = await startChild();
    await expect(openPostgres(options)).rejects.toMatchObject({ kind: 'unavailable' });
    child.kill('SIGKILL');
    expect(await works()).toBe(true);
  });
});

/**
 * The reader beside a server and the shell that started both, found on Linux, none elsewhere. The shell comes last: its run
 * closes the pipe as soon as it has heard of that end, and a reader that still lives would stop the server.
 */
function watchdogsOf(pid: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  const group = statOf(pid)[2];
  if (group === undefined) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => one !== pid && statOf(one)[2] === group)
    .sort((a, b) => Number(String(a) === group) - Number(String(b) === group));
}

/** Fields of `/proc/<pid>/stat` behind the name: state, parent, process group; none of a process that has ended meanwhile. */
function statOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
