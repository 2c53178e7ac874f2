import { changeOfCommits } from '../change/from-git.ts';
import { check } from '../check.ts';
import { EXIT, UserError } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { defaultBranch, findCommit } from '../git/revision.ts';
import { EMPTY_TREE } from '../git/tree.ts';
import { runsText } from '../report/runs-text.ts';
import { builtInRules } from '../rule/pages.ts';
import { fatesOf, isCommit } from '../store/fates.ts';
import { inputsOf, type RunInputs, readRuns, type StoredRun, setFates } from '../store/runs.ts';
import type { Request } from './arguments.ts';
import { openChange } from './open-change.ts';
import { failOnOf, proofOf } from './options-of.ts';
import { write, writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { storeOf } from './store-of.ts';

/** Runs that are listed. */
const MOST = 50;

/** Lists the checks that were kept, with what became of their findings. */
export async function runsCommand(request: Request): Promise<number> {
  const repository = await openRepository(request.options.repo ?? '.');
  const storage = storeOf(repository);
  const branch = await defaultBranch(repository);
  const tip = branch === undefined ? undefined : await findCommit(repository, branch);
  await setFates(storage, await fatesOf(repository, await readRuns(storage, MOST), tip));
  const runs = await readRuns(storage, MOST);
  const text =
    request.options.format === 'json'
      ? `${JSON.stringify(runs, undefined, 2)}\n`
      : runsText(
          runs.map(({ inputs, findings, ...run }) => ({
            ...run,
            ...{ base: inputs.base, head: inputs.head, fates: findings.map(({ fate }) => fate) },
          })),
        );
  await writeResult(request.options, text);
  return 0;
}

/** Makes a kept check again: the same findings, or which of its inputs is another. */
export async function replayCommand(request: Request): Promise<number> {
  const [id = ''] = request.words;
  const repository = await openRepository(request.options.repo ?? '.');
  const [run, ...more] = await readRuns(storeOf(repository), 2, id);
  if (!run || more.length > 0)
    throw new UserError(
      run ? `${id} is the start of several runs.` : `There is no run ${id}.`,
      '`tablewarden runs` lists those that were kept.',
    );
  const { base, head } = run.inputs;
  if (!isCommit(head) || !(isCommit(base) || base === 'nothing'))
    throw new UserError(
      `The run ${run.id} was of ${isCommit(head) ? base : head}, which nobody has any more.`,
      'Only runs between commits can be made again.',
    );
  const asked: Request = {
    ...request,
    options: { ...run.options, repo: request.options.repo } as Request['options'],
  };
  const { setupTree, cache } = await openChange(asked, head, true);
  const { config, ownRules } = await readSetup(setupTree);
  const isBase = base === 'nothing' || base === EMPTY_TREE[repository.objectFormat] ? undefined : base;
  const report = await check(await changeOfCommits(repository, isBase, head), {
    ...{ config, ownRules, cache, setupTree, failOn: failOnOf(asked), all: run.options.all === true },
    prove: { ...config.postgres, mode: proofOf(asked, 'fast'), make: true },
  });
  const inputs = inputsOf(report, config, [...builtInRules(), ...ownRules]);
  const now = new Set([...report.findings, ...report.waived].map(({ fingerprint }) => fingerprint));
  const lines = differences(run, now, inputs);
  await write(`${lines.join('\n')}\n`);
  return lines.length === 1 ? EXIT.clean : EXIT.findings;
}

function differences(run: StoredRun, now: ReadonlySet<string>, inputs: RunInputs): readonly string[] {
  const then = new Map(run.findings.map((one) => [one.fingerprint, one]));
  const gone = [...then.values()].filter(({ fingerprint }) => !now.has(fingerprint));
  const fresh = [...now].filter((fingerprint) => !then.has(fingerprint));
  const others = changedInputs(run.inputs, inputs);
  const because = others.length > 0 ? ` Otherwise than then: ${others.join(', ')}.` : '';
  if (gone.length + fresh.length === 0)
    return [`The same ${then.size} findings as in run ${run.id}.${because}`];
  return [
    `Not the findings of run ${run.id}: ${gone.length} are gone, ${fresh.length} are new.${because || ' All of its inputs are the same: this is a bug of ours.'}`,
    ...gone.map(({ rule, path, line }) => `  - ${rule}  ${path}:${line}`),
    ...fresh.map((fingerprint) => `  + ${fingerprint}`),
  ];
}

function changedInputs(then: RunInputs, now: RunInputs): readonly string[] {
  const names = {
    configuration: 'the configuration',
    rules: 'the rules',
    version: `Tablewarden (${then.version}, now ${now.version})`,
    reader: 'how SQL and code are read',
    engines: `the engines (${then.engines.join(', ') || 'none'}, now ${now.engines.join(', ') || 'none'})`,
  } as const;
  return Object.entries(names).flatMap(([key, name]) =>
    JSON.stringify(then[key as keyof typeof names]) === JSON.stringify(now[key as keyof typeof names])
      ? []
      : [name],
  );
}
