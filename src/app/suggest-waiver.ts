import type { Finding } from '../finding/finding.ts';
import type { Api } from '../github/api.ts';
import { isSuggestible } from '../github/comment-text.ts';
import { readPullRequest } from '../github/pull-request.ts';
import { replyOnLine } from '../github/reply.ts';
import { shownLines } from '../github/shown-lines.ts';
import type { Run } from '../queue/queue.ts';
import { code, codeBlock, inline } from '../report/markdown/escape.ts';
import type { CommandTask } from './answer-command.ts';
import type { App } from './app.ts';
import type { Command } from './command.ts';
import { fetchSides } from './fetch.ts';
import { judgeApart } from './judge.ts';
import { waiverLine } from './waiver-line.ts';

/**
 * Writes the waiver of a finding as a suggestion on its line. A waiver lives in the code, where every door reads it and
 * review sees it, so that the App keeps none of its own: it counts with the commit that the suggestion makes. Gives back
 * what is to be said in the conversation; nothing where the suggestion stands on the line.
 */
export async function suggestWaiver(
  app: App,
  api: Api,
  task: CommandTask,
  { fingerprint, because }: Extract<Command, { readonly name: 'allow' }>,
  run: Run,
): Promise<string | undefined> {
  const { owner, repo, number } = task;
  const pull = await readPullRequest(api, { owner, repo, number });
  const { repository, range, changeSet } = await fetchSides(app, task, run, {
    url: pull.cloneUrl,
    sides: { base: { branch: pull.base.branch }, head: pull.head, commits: pull.commits },
  });
  const folder = repository.directory;
  const { report } = await judgeApart(
    { kind: 'fetched', folder, range, pglite: app.sandbox.pglite, others: [] },
    run.signal,
  );
  const found = report.findings.filter((one) => one.fingerprint.startsWith(fingerprint));
  const [finding] = found;
  if (!finding || found.length > 1)
    return `${found.length > 1 ? 'Several findings begin' : 'No finding of the newest commit begins'} with ${code(fingerprint)}.`;
  const { path, line } = finding;
  const text = (await changeSet.head.read([path])).get(path)?.text ?? '';
  const waiver = waiverLine(path, text, finding, because);
  if (!waiver) return byHand(finding, because);
  const shown = (await shownLines(repository, changeSet)(path)).some(
    ({ from, to }) => line >= from && line <= to,
  );
  const changed = `${waiver}${text.includes('\r\n') ? '\r\n' : '\n'}${text.split(/\r?\n/)[line - 1] ?? ''}`;
  if (shown && isSuggestible(changed)) {
    const fence = '`'.repeat(Math.max(3, ...[...changed.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    const body = `${said(task, finding, because)}\n\n${fence}suggestion\n${changed}\n${fence}`;
    if (await replyOnLine(api, task, { path, line, head: pull.head }, body)) return undefined;
  }
  return `${said(task, finding, because)} Add above line ${line} of ${code(path)}:\n\n${codeBlock(waiver, '')}`;
}

function said({ author }: CommandTask, { rule }: Finding, because: string): string {
  return `${code(author)} allows ${code(rule)} because ${inline(because)}. It counts once this line is committed.`;
}

function byHand({ rule, path, line }: Finding, because: string): string {
  const words = `tablewarden: allow ${rule} because ${because}`;
  return `Write this as a comment above line ${line} of ${code(path)}:\n\n${codeBlock(words, '')}`;
}
