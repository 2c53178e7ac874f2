import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Request } from './cli/arguments.ts';
import { oneLine } from './cli/trouble.ts';
import { EXIT } from './errors.ts';
import type { Repository } from './git/repository.ts';
import type { Push } from './hook/pushes.ts';
import type { PushedRange } from './hook/range-of-push.ts';

/** The whole run may take so long, in milliseconds: a push that waits longer is a push that people learn to force. */
const TIME_LIMIT = 60_000;

/**
 * Door: git's pre-push hook. Judges what is pushed, from the objects that are pushed, with the configuration and rules of
 * the base. Findings stop the push (exit code 1); trouble of our own lets it pass, in one line.
 */
export async function hook(request: Request): Promise<number> {
  const limit = setTimeout(() => process.exit(pass('it took longer than a minute')), TIME_LIMIT);
  try {
    return await judgePushes(request);
  } catch (error) {
    return pass(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(limit);
  }
}

function pass(why: string): number {
  process.stderr.write(`tablewarden could not judge this push, so it goes on unjudged: ${oneLine(why)}\n`);
  return EXIT.clean;
}

async function judgePushes(request: Request): Promise<number> {
  const { parsePushes, pushesOfPreCommit } = await import('./hook/pushes.ts');
  const pushes = pushesOfPreCommit(process.env) ?? parsePushes(await readInput());
  if (pushes.every((push) => push.localId === undefined)) return EXIT.clean;
  const { openRepository } = await import('./git/repository.ts');
  const repository = await openRepository(request.options.repo ?? '.', 'waits');
  const remote = request.words[0] ?? process.env.PRE_COMMIT_REMOTE_NAME ?? 'origin';
  let code: number = EXIT.clean;
  for (const { push, range } of await rangesOf(repository, pushes, remote)) {
    const { judgePush } = await import('./hook/judge-push.ts');
    code = Math.max(code, await judgePush(repository, push, range, remote, request));
  }
  return code;
}

/** Each range once: `git push origin main v1` names one commit twice. */
async function rangesOf(repository: Repository, pushes: readonly Push[], remote: string) {
  const { rangeOfPush } = await import('./hook/range-of-push.ts');
  const found = new Map<string, { readonly push: Push; readonly range: PushedRange }>();
  for (const push of pushes) {
    const range = await rangeOfPush(repository, push, remote);
    const key = `${range?.base} ${range?.head}`;
    if (range && !found.has(key)) found.set(key, { push, range });
  }
  return [...found.values()];
}

async function readInput(): Promise<string> {
  if (isatty(STDIN))
    throw new Error(
      "git's list of refs did not reach it on standard input; lefthook needs `use_stdin: true`, and by hand there is `tablewarden check`",
    );
  try {
    return readFileSync(STDIN, 'utf8'); // git's is a pipe that waits; Node's stream for it costs a tenth of a run
  } catch {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  }
}

const STDIN = 0;
