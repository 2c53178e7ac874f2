import { UserError } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import type { Report } from '../report/report.ts';
import { builtInRules } from '../rule/pages.ts';
import { addRun, inputsOf } from '../store/runs.ts';
import type { Request } from './arguments.ts';
import type { Setup } from './read-setup.ts';
import { storeOf } from './store-of.ts';

/** Keeps a check in the store. Where that cannot be done, it is said in one line, and the check is what it is. */
export async function recordRun(
  request: Request,
  report: Report,
  setup: Setup,
  started: Date,
): Promise<void> {
  const { prove, 'fail-on': failOn } = request.options;
  const all = request.switches.has('all');
  const options = { ...(prove && { prove }), ...(failOn && { 'fail-on': failOn }), ...(all && { all }) };
  const inputs = inputsOf(report, setup.config, [...builtInRules(), ...setup.ownRules]);
  try {
    const storage = storeOf(await openRepository(request.options.repo ?? '.'));
    const id = await addRun(storage, report, { inputs, options, started });
    process.stderr.write(`kept as run ${id}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`The run was not kept. ${error.message} ${error.remedy}\n`);
  }
}
