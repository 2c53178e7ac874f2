import { resolve } from 'node:path';

/** What git tells a running hook about its own repository, which need not be the one that is asked for (`git rev-parse --local-env-vars`). */
const OF_ONE_REPOSITORY = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

/** Variables that would run a program, write into our output, or change what a path means. */
const UNWANTED =
  /^GIT_(EXTERNAL_DIFF|TRACE|SSH|ASKPASS|PAGER|EDITOR|SEQUENCE_EDITOR|PROXY_COMMAND|ATTR_SOURCE|DIFF_OPTS|CONFIG$|(GLOB|NOGLOB|ICASE)_PATHSPECS)/;

/**
 * The environment of every git process: the user's, without the network, prompts, locks, other languages and a hook's own
 * repository. `GIT_CONFIG_*` stay: they are the user's, and our own settings come after them.
 */
export function environment(kept: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of OF_ONE_REPOSITORY) delete env[name];
  for (const name of Object.keys(env)) if (UNWANTED.test(name)) delete env[name];
  return {
    ...env,
    LC_ALL: 'C',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    ...kept,
  };
}

/** The repository that a hook's variables name, made absolute; nothing where they name none. */
export function repositoryOfHook(): Record<string, string> {
  return absolute(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR']);
}

/** The index and the object stores of a running hook: what is being committed, or received and not yet accepted. */
export function storesOfHook(): Record<string, string> {
  const stores = absolute(['GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_QUARANTINE_PATH']);
  const others = process.env.GIT_ALTERNATE_OBJECT_DIRECTORIES;
  return others ? { ...stores, GIT_ALTERNATE_OBJECT_DIRECTORIES: others } : stores;
}

function absolute(names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = process.env[name];
    if (value) found[name] = resolve(value);
  }
  return found;
}
