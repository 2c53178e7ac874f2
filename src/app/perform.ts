import { isForbidden } from '../github/trouble.ts';
import type { Run } from '../queue/queue.ts';
import { answerCommand } from './answer-command.ts';
import type { App } from './app.ts';
import { closePull } from './beside-others.ts';
import { checkGroup } from './check-group.ts';
import { Uninstalled } from './identity.ts';
import { wordsOf } from './log.ts';
import { recheckCommit } from './recheck-commit.ts';
import { reviewPull } from './review-pull.ts';
import { ofTask } from './task.ts';

/** Does one task. Where the App may not, or is not installed any more, another attempt would be no better. */
export async function perform(app: App, run: Run): Promise<'completed' | 'failed'> {
  const started = performance.now();
  const { key } = run.task;
  const tell = (outcome: string, error?: unknown) =>
    app.log(`task ${outcome}`, {
      ...{ task: key, attempt: run.attempt, milliseconds: Math.round(performance.now() - started) },
      ...(error === undefined ? {} : { why: wordsOf(error) }),
    });
  try {
    const state = await dispatch(app, run);
    tell(state);
    return state;
  } catch (error) {
    if (run.signal.aborted) {
      tell(`stopped, ${run.signal.reason}`);
      throw error;
    }
    const isFinal = error instanceof Uninstalled || isForbidden(error);
    tell(isFinal || run.isLast ? 'failed' : 'put off', error);
    if (isFinal) return 'failed';
    throw error;
  }
}

function dispatch(app: App, run: Run): Promise<'completed' | 'failed'> {
  const task = ofTask(run.task);
  switch (task.kind) {
    case 'pull request':
      return reviewPull(app, task, run);
    case 'closed pull request':
      return closePull(app, task);
    case 'merge group':
      return checkGroup(app, task, run);
    case 'commit':
      return recheckCommit(app, task);
    default:
      return answerCommand(app, task, run);
  }
}
