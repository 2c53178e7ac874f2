import { check } from '../check.ts';
import { EXIT } from '../errors.ts';
import type { Report } from '../report/report.ts';
import type { Request } from './arguments.ts';
import { openChange } from './open-change.ts';
import { engineOf, failOnOf, proofOf } from './options-of.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { sourceLines } from './source-lines.ts';
import { startProgress, terminalOf } from './terminal.ts';

/** `check` judges a change; `prove` only runs its migrations, from empty, and counts one that fails as a finding. */
export async function checkCommand(request: Request): Promise<number> {
  const onlyProof = request.command === 'prove';
  const quiet = request.switches.has('quiet');
  const progress = startProgress(quiet);
  const { changeSet, setupTree, cache } = await openChange(
    request,
    request.words[0],
    request.switches.has('all'),
  );
  const { config, ownRules } = await readSetup(setupTree, { configFile: request.options.config });
  const checked = await check(changeSet, {
    config,
    ownRules,
    all: request.switches.has('all'),
    prove: {
      ...config.postgres,
      mode: onlyProof ? 'full' : proofOf(request, 'fast'),
      engine: engineOf(request),
      make: true,
    },
    failOn: failOnOf(request),
    cache,
    progress: progress.say,
  });
  progress.end();
  const report = onlyProof ? proofAlone(checked) : checked;
  if (!quiet || report.findings.length > 0 || report.conclusion !== 'success')
    await writeResult(request, await render(request, report, await sourceLines(changeSet, report)));
  return report.conclusion === 'failure' ? EXIT.findings : EXIT.clean;
}

async function render(
  request: Request,
  report: Report,
  sourceLine: (path: string, line: number) => string | undefined,
): Promise<string> {
  if (request.options.format === 'json') {
    const { toJson } = await import('../report/json.ts');
    return toJson(report);
  }
  const { toPretty } = await import('../report/pretty.ts');
  return toPretty(report, {
    ...terminalOf(process.stdout, request.options.output !== undefined),
    sourceLine,
  });
}

function proofAlone(report: Report): Report {
  const verdicts = report.proof.flatMap(({ migrations }) => migrations.map(({ verdict }) => verdict));
  const conclusion = verdicts.includes('refuted')
    ? 'failure'
    : verdicts.includes('not tried')
      ? 'neutral'
      : 'success';
  return { ...report, findings: [], waived: [], dismissed: [], notJudged: [], conclusion };
}
