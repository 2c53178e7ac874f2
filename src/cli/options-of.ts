import type { CheckOptions } from '../check.ts';
import type { EngineName, ProofMode } from '../prove/prove-change.ts';
import type { Request } from './arguments.ts';

/** `--prove`, or what the door does without it; the parser has refused every other word. */
export function proofOf(request: Request, otherwise: ProofMode): ProofMode {
  const word = request.options.prove;
  return word === 'fast' || word === 'full' || word === 'off' ? word : otherwise;
}

/** `--fail-on`, by default `error`. */
export function failOnOf(request: Request): CheckOptions['failOn'] {
  const word = request.options['fail-on'];
  return word === 'warning' || word === 'never' ? word : 'error';
}

/** `--engine`; undefined: all that fit. */
export function engineOf(request: Request): EngineName | undefined {
  const word = request.options.engine;
  return word === 'duckdb' || word === 'postgres' || word === 'sqlite' ? word : undefined;
}
