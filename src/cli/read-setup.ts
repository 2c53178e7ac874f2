import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { FileText, Tree } from '../change/change-set.ts';
import { type Config, checkRuleIds, findConfig, parseConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import { whyUnread } from '../read/scan-files.ts';
import type { Rule } from '../rule/rule.ts';
import { isOwnPage } from './setup-files.ts';

/** What a repository says about how it wants to be judged. */
export interface Setup {
  readonly config: Config;
  readonly ownRules: readonly Rule[];
}

export interface SetupOptions {
  /** Read in place of the tree's configuration. */
  readonly configFile?: string;
  /** Told of a page that is left out because it cannot be read; without it, such a page is thrown as a {@link UserError}. */
  readonly leaveOut?: (trouble: string) => void;
}

/** Reads the configuration and the user's own rule pages of a tree. */
export async function readSetup(tree: Tree, { configFile, leaveOut }: SetupOptions = {}): Promise<Setup> {
  const config = configFile === undefined ? await findConfig(tree) : await readConfig(configFile);
  const paths = [...(await tree.entries()).keys()].filter(isOwnPage);
  const ids = paths.map((path) => posix.basename(path, '.md'));
  if (Object.keys(config.rules).length + config.waivers.never.length > 0) {
    const { builtInRules } = await import('../rule/pages.ts');
    checkRuleIds(config, [...builtInRules().map((rule) => rule.id), ...ids]);
  }
  if (paths.length === 0) return { config, ownRules: [] };
  return { config, ownRules: await readOwnRules(tree, paths, leaveOut) };
}

async function readOwnRules(
  tree: Tree,
  paths: readonly string[],
  leaveOut: SetupOptions['leaveOut'],
): Promise<readonly Rule[]> {
  const { parsePage } = await import('../rule/page.ts');
  const ownRules: Rule[] = [];
  for (const [path, file] of await tree.read(paths))
    try {
      ownRules.push(parsePage(path, textOf(path, file), true));
    } catch (error) {
      if (!leaveOut || !(error instanceof UserError)) throw error;
      leaveOut(error.message);
    }
  return ownRules;
}

async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UserError(`${file} cannot be read: ${error.message}.`, 'Name another file with --config.');
  });
  return parseConfig(file, text);
}

function textOf(path: string, file: FileText): string {
  if (file.text !== undefined) return file.text;
  throw new UserError(`${path} cannot be read: ${whyUnread(file)}.`, 'Write the page as a plain text file.');
}
