import { join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { openCode } from '../cache/code.ts';
import { changeOfCommits } from '../change/from-git.ts';
import { check } from '../check.ts';
import type { Request } from '../cli/arguments.ts';
import { failOnOf, proofOf } from '../cli/options-of.ts';
import { readSetup } from '../cli/read-setup.ts';
import { setupOf } from '../cli/setup-files.ts';
import { startProgress, terminalOf } from '../cli/terminal.ts';
import { oneLine } from '../cli/trouble.ts';
import { EXIT } from '../errors.ts';
import type { Repository } from '../git/repository.ts';
import { maySpeakOfTables, type ReadChange } from '../read/read-change.ts';
import type { Report } from '../report/report.ts';
import type { Push } from './pushes.ts';
import type { PushedRange } from './range-of-push.ts';

/** Judges what one ref of a push adds, and says it on standard error; the exit code that it asks for. */
export async function judgePush(
  repository: Repository,
  push: Push,
  { base, head, isRow }: PushedRange,
  remote: string,
  request: Request,
): Promise<number> {
  const { merges, ...change } = await changeOfCommits(repository, base, head);
  const changeSet = isRow ? change : { ...change, merges };
  if (changeSet.files.length === 0) return EXIT.clean;
  const side = base ? changeSet.base : changeSet.head;
  const isListed = changeSet.files.some(({ path, oldPath = '' }) => [path, oldPath].some(maySpeakOfTables));
  const folder = join(repository.commonDir, 'tablewarden');
  const keepCode = isListed ? openCode(folder) : () => {};
  const { config, ownRules } = await readSetup(isListed ? side : setupOf(side), {
    leaveOut: (trouble) => say(`tablewarden leaves out a rule of this repository: ${oneLine(trouble)}`),
  });
  const quiet = request.switches.has('quiet');
  const progress = startProgress(quiet);
  const cache = openCache(folder);
  let left = 0;
  const beside = async ({ chains }: ReadChange) => {
    const isAdding = chains.some(({ kind }) => kind === 'appended');
    if (!isAdding || config.rules[CONFLICTS] === 'off') return [];
    try {
      const { otherBranches } = await import('./other-branches.ts');
      const found = await otherBranches(repository, { push, remote, head }, chains, config, cache);
      left = found.left;
      return found.changes;
    } catch (error) {
      const why = oneLine(error instanceof Error ? error.message : String(error));
      say(`tablewarden could not compare this with the branches of the remote: ${why}`);
      return [];
    }
  };
  const report = await check(changeSet, {
    config,
    ownRules,
    all: false,
    prove: { ...config.postgres, mode: proofOf(request, 'fast'), make: false },
    failOn: base ? failOnOf(request) : 'never',
    setupTree: side,
    cache,
    ...(base ? { others: { changes: beside } } : {}),
    progress: progress.say,
  });
  progress.end();
  keepCode();
  const name = oneLine(push.localRef.replace(/^refs\/(heads|tags)\//, '') || head.slice(0, 12));
  if (!base) return sayFirstPush(report, name);
  if (report.findings.length === 0 && report.conclusion === 'success') {
    if (!quiet && report.chains.length > 0) say(`tablewarden: nothing to say about ${name}.`);
    if (!quiet && left > 0) say(notCompared(name, left));
    return EXIT.clean;
  }
  const { toPretty } = await import('../report/pretty.ts');
  const { sourceLines } = await import('../cli/source-lines.ts');
  const { findingsText } = await import('../report/summary.ts');
  const terminal = terminalOf(process.stderr, false);
  process.stderr.write(toPretty(report, { ...terminal, sourceLine: await sourceLines(changeSet, report) }));
  if (!quiet && left > 0) say(notCompared(name, left));
  if (report.conclusion !== 'failure') return EXIT.clean;
  say(HOW_TO_GO_ON(name, findingsText(report)));
  return EXIT.findings;
}

/** A remote without history has nothing to compare with: what is old and what is new cannot be told. */
async function sayFirstPush(report: Report, name: string): Promise<number> {
  const migrations = report.chains.reduce((sum, chain) => sum + chain.migrations, 0);
  const those = migrations === 1 ? 'its 1 migration was' : `its ${migrations} migrations were`;
  if (migrations === 0) return EXIT.clean;
  const { findingsText } = await import('../report/summary.ts');
  say(
    `tablewarden: ${name} is the first push here, so ${those} not judged as new ` +
      `(${findingsText(report)}). \`tablewarden check --all\` shows what there is to see.`,
  );
  return EXIT.clean;
}

const CONFLICTS = 'conflicts-with-open-pull-request';

/** What is not known of the branches that were left out. */
function notCompared(name: string, left: number): string {
  const those =
    left === 1
      ? '1 branch of the remote that moved longer ago is'
      : `${left} branches of the remote that moved longer ago are`;
  return `tablewarden: ${those} not compared with ${name}; \`tablewarden conflicts\` compares with all.`;
}

const HOW_TO_GO_ON = (name: string, findings: string) => `
tablewarden stopped the push of ${name}: ${findings}.
  To allow one, write on its line, with your reason:  tablewarden: allow <rule> because <reason>
  To push all the same:  git push --no-verify`;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
