import { existsSync, readFileSync } from 'node:fs';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';

/** Holds a folder for this process alone; gives back what lets it go. A process that died holds nothing. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = `${folder}/lock`;
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, nameOf(process.pid), { mode: 0o600 });
  try {
    for (let attempt = 1; ; attempt++)
      try {
        await link(mine, path); // is there with its text, or not at all
        return () => unlink(path);
      } catch (error) {
        if (!isThereAlready(error)) throw error;
        const holder = await readFile(path, 'utf8').catch(() => '');
        if (isAlive(holder) || attempt === 3)
          throw new UserError(
            `Another process, ${holder.split(' ')[0]}, uses ${folder}.`,
            'Stop it first, or give this one a folder of its own with --data.',
          );
        await unlink(path).catch(() => {});
      }
  } finally {
    await unlink(mine);
  }
}

/** A process with the time of its start, where the system tells: numbers are given out again. */
function nameOf(pid: number): string {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return `${pid}`;
  return `${pid} ${readFileSync(stat, 'latin1').split(') ').at(-1)?.split(' ')[19]}`;
}

function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return nameOf(pid) === holder;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isThereAlready(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
