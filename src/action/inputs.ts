import { UserError } from '../errors.ts';
import type { ProofMode } from '../prove/prove-change.ts';
import type { FailLevel } from '../report/to-report.ts';

/** The inputs of `action.yml`, as its step passes them on: `INPUT_FAIL_ON` is `fail-on`. */
export interface Inputs {
  readonly base?: string;
  readonly head?: string;
  readonly all: boolean;
  readonly prove: ProofMode;
  readonly failOn: FailLevel;
  /** The checkout's folder, below the workspace. */
  readonly path: string;
  /** Whether what is found is written onto the pull request. */
  readonly review: boolean;
  /** Reads the history that a shallow checkout lacks, where the checkout kept no credentials of its own; writes the review. */
  readonly token?: string;
}

const TOKEN = 'INPUT_TOKEN';

/** Reads the inputs; the token is taken out of the environment, so that no process that is started later holds it. */
export function takeInputs(env: NodeJS.ProcessEnv): Inputs {
  const token = env[TOKEN] || undefined;
  delete env[TOKEN];
  const text = (name: string): string | undefined =>
    env[`INPUT_${name.toUpperCase().replaceAll('-', '_')}`]?.trim() || undefined;
  const word = <T extends string>(name: string, words: readonly [T, ...T[]]): T => {
    const value = text(name);
    if (value === undefined) return words[0];
    const found = words.find((one) => one === value);
    if (found !== undefined) return found;
    throw new UserError(
      `The input ${name} does not know ${value}.`,
      `It takes ${words.join(', ')}; without it, it is ${words[0]}.`,
    );
  };
  const [base, head] = [text('base'), text('head')];
  if ((base === undefined) !== (head === undefined))
    throw new UserError(
      `The input ${base === undefined ? 'head' : 'base'} stands alone.`,
      'Name both sides, or neither: the event tells them then.',
    );
  return {
    base,
    head,
    all: word('all', ['false', 'true']) === 'true',
    prove: word('prove', ['full', 'fast', 'off']),
    failOn: word('fail-on', ['error', 'warning', 'never']),
    path: text('path') ?? '.',
    review: word('review', ['true', 'false']) === 'true',
    token,
  };
}
