import type { Api } from '../github/api.ts';
import { isAnswered, react, reply } from '../github/reply.ts';
import type { Run } from '../queue/queue.ts';
import type { App } from './app.ts';
import { type Command, parseCommand } from './command.ts';
import { explainRule } from './explain.ts';
import { suggestWaiver } from './suggest-waiver.ts';
import { type AppTask, toTask } from './task.ts';

export type CommandTask = Extract<AppTask, { readonly kind: 'command' }>;

const WRITERS: readonly string[] = ['admin', 'maintain', 'write'];

/**
 * Does what a comment asks for, if whoever wrote it may write here; others get no answer and cause no work. What an attempt that died said is not
 * said again.
 */
export async function answerCommand(app: App, task: CommandTask, run: Run): Promise<'completed'> {
  const api = app.apiOf(task.installation);
  if (!(await mayWrite(api, task))) {
    await react(api, task, 'confused');
    return 'completed';
  }
  await react(api, task, 'eyes');
  if (await isAnswered(api, task, await app.identity.login())) return 'completed';
  const text = await answerOf(app, api, task, parseCommand(task.line), run);
  if (text !== undefined) await reply(api, task, text);
  await react(api, task, 'rocket');
  return 'completed';
}

async function mayWrite(api: Api, { owner, repo, author }: CommandTask): Promise<boolean> {
  const { data } = await api.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
    ...{ owner, repo },
    username: author,
  });
  return WRITERS.includes(data.permission);
}

/** What is said below; undefined where what follows says it. */
async function answerOf(
  app: App,
  api: Api,
  task: CommandTask,
  command: Command,
  run: Run,
): Promise<string | undefined> {
  const { installation, owner, repo, number } = task;
  switch (command.name) {
    case 'recheck':
      await app.queue.add([toTask({ installation, owner, repo, number, kind: 'pull request' })]);
      return undefined;
    case 'explain':
      return explainRule(api, task, command.rule);
    case 'allow':
      return suggestWaiver(app, api, task, command, run);
    default:
      return command.trouble;
  }
}
