import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { at, bareEnvironment, type TestRepository, temporaryFolder } from '../hook/repository.ts';

/** What a step left behind, as the runner reads it. */
export interface Step {
  readonly code: number | null;
  /** Both streams, as the log shows them. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** An event as the runner tells it to a step. */
export interface Told {
  readonly name: string;
  readonly payload: unknown;
}

/** Runs a program in a checkout with the files and variables that the runner gives to a step. */
export function runStep(
  checkout: string,
  { name, payload }: Told,
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Step> {
  const temp = temporaryFolder();
  const file = (of: string, text: string) => {
    writeFileSync(join(temp, of), text);
    return join(temp, of);
  };
  const files = {
    output: file('output', ''),
    summary: file('summary', ''),
    event: file('event.json', JSON.stringify(payload)),
  };
  mkdirSync(join(temp, 'temp'));
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: checkout,
    env: {
      ...bareEnvironment(),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_WORKSPACE: checkout,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'octo/shop',
      RUNNER_TEMP: join(temp, 'temp'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)));
  return new Promise((done) => {
    child.on('close', (code) =>
      done({
        code,
        log,
        outputs: outputsOf(readFileSync(files.output, 'utf8')),
        summary: readFileSync(files.summary, 'utf8'),
      }),
    );
  });
}

/** The step of the action as it was built. */
export function runAction(
  checkout: string,
  event: Told,
  inputs: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Step> {
  const given = Object.entries({ prove: 'fast', ...inputs }).map(([key, value]) => [
    `INPUT_${key.toUpperCase().replaceAll('-', '_')}`,
    value,
  ]);
  return runStep(checkout, event, [process.execPath, resolve('dist/action.js')], {
    ...Object.fromEntries(given),
    ...env,
  });
}

/**
 * `name=value` or `name<<end`, value, `end`, as the runner reads the file; anything else fails.
 * https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
 */
function outputsOf(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue;
    const [, name = '', mark, rest = ''] = /^([^=<]+)(=|<<)(.*)$/.exec(line) ?? [];
    if (mark === undefined) throw new Error(`no output: ${line}`);
    if (mark === '=') outputs[name] = rest;
    else {
      const end = lines.indexOf(rest);
      if (end < 0) throw new Error(`no end of ${name}`);
      outputs[name] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n');
    }
  }
  return outputs;
}

/** A repository on the other side: it gives any commit that it holds, as GitHub does. */
export function makeOrigin(repository: TestRepository): string {
  const folder = temporaryFolder();
  const origin = at(folder);
  repository.git('clone', '--quiet', '--bare', '--no-local', repository.directory, folder);
  origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  origin.git('config', 'uploadpack.allowFilter', 'true');
  return folder;
}

/** Checks one commit out as actions/checkout does by default: without history. */
export function checkOut(origin: string, commit: string, ...options: readonly string[]): string {
  const { directory, git } = at(temporaryFolder());
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', /^https?:/.test(origin) ? origin : `file://${origin}`);
  git('fetch', '--quiet', '--no-tags', ...(options.length > 0 ? options : ['--depth=1']), 'origin', commit);
  git('checkout', '--quiet', '--detach', commit);
  return directory;
}
