import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tablewarden-test-')));
  folders.push(folder);
  return folder;
}

/** A repository without commits, on the branch `main`. */
export function newRepository(...init: string[]): string {
  const folder = newFolder();
  git(folder, 'init', '-q', '-b', 'main', ...init);
  return folder;
}

/** Runs git with an identity of its own, whatever this machine's configuration says. */
export function git(folder: string, ...args: string[]): string {
  const settings = ['user.name=t', 'user.email=t@example.invalid', 'protocol.file.allow=always'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_WORK_TREE', 'GIT_OBJECT_DIRECTORY'])
    Reflect.deleteProperty(env, name);
  return execFileSync('git', ['-C', folder, ...settings.flatMap((one) => ['-c', one]), ...args], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** Writes files below a folder. */
export function write(folder: string, files: Record<string, string | Buffer>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Commits everything that lies in the folder after writing files, or removing those that are `null`; returns the id. */
export function commit(folder: string, files: Record<string, string | Buffer | null>): string {
  for (const [path, text] of Object.entries(files))
    if (text === null) rmSync(join(folder, path), { recursive: true });
    else write(folder, { [path]: text });
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'x');
  return git(folder, 'rev-parse', 'HEAD');
}
