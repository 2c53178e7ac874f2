import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type RunEvent, readEvent } from './action/event.ts';
import { type Inputs, takeInputs } from './action/inputs.ts';
import { type Judged, judge } from './action/judge.ts';
import { addSummary, setOutputs } from './action/runner.ts';
import { leave, stopOnSignals, write } from './cli/output.ts';
import { ruleLinks, sarifRules } from './cli/render-report.ts';
import { sourceLines } from './cli/source-lines.ts';
import { reportTrouble } from './cli/trouble.ts';
import { HOME, ISSUES, VERSION } from './cli/version.ts';
import { EXIT, UserError } from './errors.ts';
import { uriPath } from './report/escape.ts';
import { command, toGithub, withoutCommands } from './report/github.ts';
import { toJson } from './report/json.ts';
import { inline } from './report/markdown/escape.ts';
import { toMarkdown } from './report/markdown.ts';
import { toPretty } from './report/pretty.ts';
import { toSarif } from './report/sarif.ts';

/** Bytes of a job's summary: GitHub takes 1 MiB of a step. */
const SUMMARY = 1_000_000;

/**
 * Door: the GitHub Action's step. Judges what the event compares, once, and says it as annotations and log, as the job's
 * summary, as files and as outputs. Exit codes are those of the command line.
 */
async function action(env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const inputs = takeInputs(env);
    const event = readEvent(env.GITHUB_EVENT_NAME ?? '', payloadOf(env));
    if (event.nothing === undefined || inputs.all)
      return await tell(await judge(inputs, event, env, say), event, inputs, env);
    say(event.nothing);
    addSummary(env, `## Tablewarden\n\n${event.nothing}\n`);
    setOutputs(env, { conclusion: 'success', findings: 0 });
    return EXIT.clean;
  } catch (error) {
    return await tellTrouble(error, env);
  }
}

function payloadOf(env: NodeJS.ProcessEnv): unknown {
  const file = env.GITHUB_EVENT_PATH;
  if (!file)
    throw new UserError(
      'GITHUB_EVENT_PATH is not set: this is no run of GitHub Actions.',
      'Elsewhere use the command line: `npx tablewarden check`.',
    );
  return JSON.parse(readFileSync(file, 'utf8'));
}

async function tell(
  judged: Judged,
  event: RunEvent,
  inputs: Inputs,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { report, changeSet, setup, notes } = judged;
  const folder = join(env.RUNNER_TEMP ?? tmpdir(), `tablewarden-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  const files = {
    sarif: join(folder, 'tablewarden.sarif'),
    json: join(folder, 'tablewarden.json'),
    markdown: join(folder, 'tablewarden.md'),
  };
  const links = { sourceLink: sourceLinks(report.head, inputs, env), ruleLink: ruleLinks(setup) };
  const said = notes.map(({ text }) => text);
  const { postReview } = await import('./action/post-review.ts');
  const unposted = await postReview(judged, event, inputs, env, { ...links, notes: said });
  if (unposted !== undefined) await write(`${withoutCommands(unposted, randomUUID()).join('\n')}\n`);
  const markdown = { ...links, notes: [...said, ...(unposted === undefined ? [] : [unposted])] };
  const rules = await sarifRules(judged);
  // GitHub shows suppressed results as open alerts: https://github.com/github/codeql-action/issues/1230
  writeFileSync(files.sarif, toSarif({ ...report, waived: [] }, { rules, home: HOME }));
  writeFileSync(files.json, toJson(report));
  writeFileSync(files.markdown, toMarkdown(report, markdown));
  addSummary(env, toMarkdown(report, { ...markdown, limit: SUMMARY, perRule: 50 }));
  const count = (severity: string) => report.findings.filter((one) => one.severity === severity).length;
  setOutputs(env, {
    conclusion: report.conclusion,
    findings: report.findings.length,
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    ...files,
  });
  for (const { kind, text } of notes) await write(`${command(kind, { title: 'Tablewarden' }, text)}\n`);
  const log = toPretty(report, { color: true, width: 120, sourceLine: await sourceLines(changeSet, report) });
  await write(toGithub(report, { token: randomUUID(), log }));
  return report.conclusion === 'failure' ? EXIT.findings : EXIT.clean;
}

/** Lines of head on GitHub; of a checkout of another repository, no address is known. */
function sourceLinks(head: string, { path }: Inputs, env: NodeJS.ProcessEnv) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  if (!server || !repository || resolve(path) !== resolve('.') || !/^[0-9a-f]{40,64}$/.test(head))
    return undefined;
  return (file: string, line: number, endLine: number) =>
    `${server}/${repository}/blob/${head}/${uriPath(file)}#L${line}${endLine > line ? `-L${endLine}` : ''}`;
}

/** The user's set-up in two sentences; a bug of ours with its stack. */
async function tellTrouble(error: unknown, env: NodeJS.ProcessEnv): Promise<number> {
  const [what, then] =
    error instanceof UserError
      ? [error.message, error.remedy]
      : [
          `This is a bug in tablewarden ${VERSION}: ${error instanceof Error ? error.message : String(error)}`,
          `Please report it with the log of this step: ${ISSUES}`,
        ];
  setOutputs(env, { conclusion: 'error' });
  addSummary(env, `## Tablewarden could not judge this change\n\n${inline(what)}\n\n${inline(then)}\n`);
  const stack = error instanceof Error && !(error instanceof UserError) ? error.stack : undefined;
  if (stack) await write(`${withoutCommands(stack, randomUUID()).join('\n')}\n`);
  await write(
    `${command('error', { title: 'Tablewarden could not judge this change' }, `${what}\n${then}`)}\n`,
  );
  return error instanceof UserError ? EXIT.setup : EXIT.bug;
}

/** A line of ours, without any text of the repository's. */
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

stopOnSignals();
action(process.env).catch(reportTrouble).then(leave);
