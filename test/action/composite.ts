import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { runStep, type Step, type Told } from './runner.ts';

interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly id?: string;
      readonly if?: string;
      readonly uses?: string;
      readonly with?: Readonly<Record<string, string>>;
      readonly env?: Readonly<Record<string, string>>;
      readonly run?: string;
    }[];
  };
}

/** What a run of the whole action did. */
export interface CompositeRun {
  readonly code: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** Other actions that it called, with their inputs: they are told, not run. */
  readonly used: readonly { readonly action: string; readonly with: Readonly<Record<string, string>> }[];
  readonly steps: readonly Step[];
}

/** `action.yml` as it is written. */
export function manifest(): Manifest {
  return parse(readFileSync('action.yml', 'utf8'));
}

/**
 * Runs `action.yml` in a checkout as the runner does: each step that its condition lets run, scripts by bash, and after a
 * failure only steps that ask for it. Of expressions it knows what the manifest uses; another one fails the test.
 */
export async function runComposite(
  checkout: string,
  event: Told,
  inputs: Readonly<Record<string, string>>,
): Promise<CompositeRun> {
  const { inputs: declared, outputs, runs } = manifest();
  const values: Record<string, string> = {
    'github.token': 'ghs_token',
    'github.workspace': checkout,
    'runner.os': 'Linux',
    'runner.arch': 'X64',
  };
  const fill = (text: string): string =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => lookUp(expression));
  const lookUp = (expression: string): string => {
    if (Object.hasOwn(values, expression)) return values[expression]!;
    if (/^steps\.[\w-]+\.outputs\.[\w-]+$/.test(expression)) return '';
    throw new Error(`not known: ${expression}`);
  };
  for (const [name, { default: value = '' }] of Object.entries(declared))
    values[`inputs.${name}`] = inputs[name] ?? fill(value);
  let code = 0;
  const used: { action: string; with: Record<string, string> }[] = [];
  const steps: Step[] = [];
  for (const step of runs.steps) {
    if (!isWanted(step.if, code, lookUp)) continue;
    const filled = (given: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(Object.entries(given).map(([key, value]) => [key, fill(value)]));
    if (step.uses) used.push({ action: step.uses, with: filled(step.with) });
    if (step.run === undefined) continue;
    const env = { ...filled(step.env), GITHUB_ACTION_PATH: resolve('.') };
    const ran = await runStep(
      checkout,
      event,
      ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run],
      env,
    );
    steps.push(ran);
    code ||= ran.code ?? 1;
    for (const [name, value] of Object.entries(ran.outputs))
      values[`steps.${step.id}.outputs.${name}`] = value;
  }
  return {
    code,
    used,
    steps,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, fill(value)])),
  };
}

/** Conditions of the form `a != 'b' && !cancelled()`; without a status function a step runs only after success. */
function isWanted(
  condition: string | undefined,
  code: number,
  lookUp: (expression: string) => string,
): boolean {
  if (condition === undefined) return code === 0;
  const terms = condition.replace(/^\$\{\{ (.*) \}\}$/, '$1').split(' && ');
  if (code !== 0 && !terms.includes('!cancelled()')) return false;
  return terms.every((term) => {
    if (term === '!cancelled()') return true;
    const [, left = '', operator, right = ''] = /^(\S+) (==|!=) '(.*)'$/.exec(term) ?? [];
    if (operator === undefined) throw new Error(`not known: ${term}`);
    return (lookUp(left) === right) === (operator === '==');
  });
}
