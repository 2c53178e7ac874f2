import { check } from '../check.ts';
import { EXIT } from '../errors.ts';
import type { Report } from '../report/report.ts';
import type { Request } from './arguments.ts';
import { REPORT_FORMATS } from './commands.ts';
import { openChange } from './open-change.ts';
import { checkEngine, engineOf, failOnOf, proofOf } from './options-of.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { renderReport } from './render-report.ts';
import { startProgress, terminalOf } from './terminal.ts';

/** `check` judges a change; `prove` only runs its migrations, from empty, and counts one that fails as a finding. */
export async function checkCommand(request: Request): Promise<number> {
  const started = new Date();
  const onlyProof = request.command === 'prove';
  const quiet = request.switches.has('quiet');
  const engine = engineOf(request);
  await checkEngine(engine);
  const progress = startProgress(quiet);
  const { changeSet, setupTree, cache } = await openChange(
    request,
    request.words[0],
    request.switches.has('all'),
  );
  const setup = await readSetup(setupTree, { configFile: request.options.config });
  const { config, ownRules } = setup;
  const checked = await check(changeSet, {
    config,
    ownRules,
    all: request.switches.has('all'),
    prove: {
      ...config.postgres,
      mode: onlyProof ? 'full' : proofOf(request, 'fast'),
      engine,
      make: true,
    },
    ...(onlyProof ? { code: 'none' as const } : {}),
    failOn: failOnOf(request),
    cache,
    setupTree,
    progress: progress.say,
  });
  progress.end();
  const report = onlyProof ? proofAlone(checked) : checked;
  const silent = quiet && report.findings.length === 0 && report.conclusion === 'success';
  for (const { format, output } of request.results) {
    const known = REPORT_FORMATS.find((one) => one === format) ?? 'pretty';
    if (silent && output === undefined && known === 'pretty') continue;
    const terminal = terminalOf(process.stdout, output !== undefined);
    const text = await renderReport(known, report, { changeSet, setup, setupTree }, terminal);
    await writeResult({ output }, text);
  }
  if (request.switches.has('record'))
    await (await import('./record-run.ts')).recordRun(request, report, setup, started);
  return report.conclusion === 'failure' ? EXIT.findings : EXIT.clean;
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
