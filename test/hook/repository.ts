import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A repository in a temporary folder, untouched by the machine's git configuration. */
export interface TestRepository {
  readonly directory: string;
  git(...args: readonly string[]): string;
  /** Both streams and the exit code of a git command that may fail. */
  tryGit(...args: readonly string[]): { readonly code: number; readonly text: string };
  write(path: string, text: string, mode?: number): void;
  /** Writes the files and commits everything, at a time where one is given; the new commit's id. */
  commit(
    files: Readonly<Record<string, string>>,
    about?: { readonly message?: string; readonly date?: string },
  ): string;
}

const folders: string[] = [];

/** A temporary folder that {@link removeFolders} takes away. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tablewarden-test-'));
  folders.push(folder);
  return folder;
}

/** For `afterAll`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** The environment of a machine without any git configuration. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(GIT_|PRE_COMMIT)/.test(name));
  const person = { NAME: 'Test', EMAIL: 'test@example.org', DATE: '2026-01-05T12:00:00Z' };
  const identity = Object.entries(person).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  return {
    ...Object.fromEntries([...kept, ...identity]),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** An empty repository on `main`; `setup` are the arguments that make it in place of `git init`. */
export function makeRepository(directory: string = temporaryFolder()): TestRepository {
  const repository = at(directory);
  repository.git('init', '--quiet', '--template=', '--initial-branch=main');
  return repository;
}

/** A repository that is there already: a worktree, a submodule. */
export function at(directory: string): TestRepository {
  const options = { cwd: directory, env: bareEnvironment(), encoding: 'utf8' } as const;
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...args], { ...options, stdio: 'pipe' }).trim();
  const write = (path: string, text: string, mode?: number) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
    if (mode !== undefined) chmodSync(join(directory, path), mode);
  };
  return {
    directory,
    git,
    tryGit: (...args) => {
      const { status, stdout, stderr } = spawnSync('git', [...args], options);
      return { code: status ?? -1, text: stdout + stderr };
    },
    write,
    commit: (files, { message = 'commit', date } = {}) => {
      for (const [path, text] of Object.entries(files)) write(path, text);
      git('add', '--all');
      const env = date && { ...options.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
      const args = ['commit', '--quiet', '--no-verify', '--allow-empty', '-m', message];
      execFileSync('git', args, { ...options, ...(env && { env }) });
      return git('rev-parse', 'HEAD');
    },
  };
}
