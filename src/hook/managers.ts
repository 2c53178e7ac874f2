import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A tool that owns the hooks of a repository: its files are the user's, so it gets advice, never an edit. */
export interface HookManager {
  readonly name: string;
  /** What made it known. */
  readonly seen: string;
  /** Where the lines go. */
  readonly file: string;
  readonly lines: string;
  /** What to run afterwards. */
  readonly afterwards?: string;
}

const PRE_COMMIT_HOOK = `  - repo: local
    hooks:
      - id: tablewarden
        name: tablewarden
        entry: {run} hook run
        language: system
        stages: [pre-push] # before pre-commit 3.2: [push]
        pass_filenames: false
        always_run: true
        verbose: true`;

/** Lefthook passes a command over where the branch at hand has nothing to push, also when a tag or another branch is pushed; one with `files` it does not. */
const LEFTHOOK = `pre-push:
  commands:
    tablewarden:
      run: {run} hook run {1} {2} {files}
      files: echo {file}
      use_stdin: true`;

/** The hook managers that the files at the top of a working tree speak of; `run` is how tablewarden is called from there. */
export async function findManagers(
  top: string,
  hooksPath: string | undefined,
  run: string,
): Promise<readonly HookManager[]> {
  const entries = await readdir(top, { withFileTypes: true }).catch((): Dirent[] => []);
  const names = entries.map(({ name }) => name);
  const manifest = await readManifest(top);
  const found: HookManager[] = [];
  const insert = (lines: string) => lines.replaceAll('{run}', run);

  const husky = hooksPath && /(^|\/)\.husky(\/_)?\/?$/.test(hooksPath) ? 'core.hooksPath' : undefined;
  if (husky || (names.includes('.husky') && manifest.depends('husky')))
    found.push({
      name: 'husky',
      seen: husky ?? '.husky/',
      file: '.husky/pre-push',
      lines: insert('{run} hook run "$@"'),
    });

  const lefthook = names.find((name) => /^\.?lefthook\.(ya?ml|toml|json)$/.test(name));
  if (lefthook)
    found.push({
      name: 'lefthook',
      seen: lefthook,
      file: lefthook,
      lines: insert(LEFTHOOK).replace('{file}', lefthook),
      afterwards: 'npx lefthook install',
    });

  const simple = names.find((name) => /^\.?simple-git-hooks\.(json|js|cjs)$/.test(name));
  if (simple || manifest.has('simple-git-hooks'))
    found.push({
      name: 'simple-git-hooks',
      seen: simple ?? 'package.json',
      file: simple ?? 'package.json, under "simple-git-hooks"',
      lines: `"pre-push": ${JSON.stringify(insert('{run} hook run "$@"'))}`,
      afterwards: 'npx simple-git-hooks',
    });

  const preCommit = names.find((name) => /^\.pre-commit-config\.ya?ml$/.test(name));
  if (preCommit)
    found.push({
      name: 'pre-commit',
      seen: preCommit,
      file: `${preCommit}, under "repos:"`,
      lines: insert(PRE_COMMIT_HOOK),
      afterwards: 'pre-commit install --hook-type pre-push',
    });
  return found;
}

async function readManifest(
  top: string,
): Promise<{ has(key: string): boolean; depends(name: string): boolean }> {
  const text = await readFile(join(top, 'package.json'), 'utf8').catch(() => '{}');
  const manifest = parseObject(text);
  return {
    has: (key) => Object.hasOwn(manifest, key),
    depends: (name) =>
      ['dependencies', 'devDependencies'].some((kind) => {
        const list = manifest[kind];
        return typeof list === 'object' && list !== null && Object.hasOwn(list, name);
      }),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
