import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { addBlock, hookBlock } from './block.ts';
import { findManagers, type HookManager } from './managers.ts';

/** Adds the pre-push hook to the repository that `directory` lies in, or says how to; returns what to tell the user. */
export async function installHook(directory: string): Promise<string> {
  const repository = await openRepository(directory);
  const top = repository.top ?? repository.commonDir;
  const hooksPath = await configuredHooksPath(repository);
  const places = await findPlaces(directory, top);
  const managers = await findManagers(top, hooksPath, places[0]!);
  if (managers.length > 0) return managers.map(advice).join('\n');

  const folder = hooksPath ? resolve(top, hooksPath) : join(repository.commonDir, 'hooks');
  const file = join(folder, 'pre-push');
  const existing = await readHook(file);
  const edit = addBlock(existing, hookBlock(places));
  if (edit.kind === 'not-a-shell-script')
    throw new UserError(
      `${shown(file, top)} is run by ${edit.interpreter}, so no shell lines can be added to it.`,
      `Let it run \`${places[0]} hook run <remote> <url>\` with its own standard input, and stop the push at exit code 1.`,
    );
  if (edit.kind !== 'unchanged') await writeHook(folder, file, edit.text);
  await chmod(file, (await stat(file)).mode | 0o111);
  return `${SAID[edit.kind](shown(file, top))}\nFrom now on a push is judged first; \`git push --no-verify\` goes past it.\n`;
}

const SAID = {
  created: (file: string) => `Created ${file}.`,
  added: (file: string) => `Added to ${file}; what it held before runs afterwards, unchanged.`,
  renewed: (file: string) => `Renewed tablewarden's lines in ${file}.`,
  unchanged: (file: string) => `${file} holds tablewarden's lines already; nothing to do.`,
};

/** `core.hooksPath` as the user set it; our own git commands switch hooks off, which must not be read back. */
async function configuredHooksPath(repository: Repository): Promise<string | undefined> {
  const { stdout } = await repository.try([
    'config',
    '--show-scope',
    '--type=path',
    '-z',
    '--get-all',
    'core.hooksPath',
  ]);
  const fields = stdout.toString('utf8').split('\0');
  const values = fields.flatMap((value, index) =>
    index % 2 === 1 && fields[index - 1] !== 'command' ? [value] : [],
  );
  return values.at(-1) || undefined;
}

/** Where the command may lie, from the top of the working tree: in a workspace it is often installed below it. */
async function findPlaces(directory: string, top: string): Promise<readonly string[]> {
  const below = relative(top, resolve(directory));
  const steps = below.startsWith('..') || isAbsolute(below) ? [] : below.split(/[\\/]/).filter(Boolean);
  const folders = steps.map((_, index) => steps.slice(0, index + 1).join('/')).reverse();
  const places = folders.map((folder) => `${folder}/node_modules/.bin/tablewarden`);
  const there = await Promise.all(places.map((place) => exists(join(top, place))));
  return [...places.filter((_, index) => there[index]), 'node_modules/.bin/tablewarden'];
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readHook(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError(`${file} cannot be read: ${error.message}.`, 'Check its permissions, or remove it.');
  });
  if (bytes?.includes(0))
    throw new UserError(
      `${file} is a program, not a script, so no lines can be added to it.`,
      'Let it call `tablewarden hook run <remote> <url>` with its own standard input.',
    );
  return bytes?.toString('utf8');
}

async function writeHook(folder: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, text, { mode: 0o755 });
  } catch (error) {
    throw new UserError(
      `${file} cannot be written: ${error instanceof Error ? error.message : error}.`,
      'Check the permissions of its folder.',
    );
  }
}

function shown(file: string, top: string): string {
  const short = relative(top, file);
  return short.startsWith('..') ? file : short;
}

function advice({ name, seen, file, lines, afterwards }: HookManager): string {
  return [
    `${name} manages the hooks of this repository (${seen}), so nothing was changed. Add this to ${file}:`,
    '',
    lines,
    '',
    ...(afterwards ? [`Then run: ${afterwards}`, ''] : []),
  ].join('\n');
}
