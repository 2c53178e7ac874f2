import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/** Sets outputs of the step (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
export function setOutputs(env: NodeJS.ProcessEnv, outputs: Readonly<Record<string, string | number>>): void {
  const file = env.GITHUB_OUTPUT;
  if (!file) return;
  for (const [name, value] of Object.entries(outputs)) {
    const end = `end-${randomUUID()}`;
    appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
  }
}

/** Adds to the summary of the job; nothing where the runner has none. */
export function addSummary(env: NodeJS.ProcessEnv, text: string): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, text);
}
