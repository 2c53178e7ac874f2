import type { CheckOptions } from '../check.ts';
import { UserError } from '../errors.ts';
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

/** Refuses an engine that is asked for by name and not installed. */
export async function checkEngine(engine: EngineName | undefined): Promise<void> {
  if (engine !== 'pglite') return;
  const { findPglite, howToInstall } = await import('../prove/engine/pglite/installed.ts');
  if (await findPglite()) return;
  throw new UserError('PGlite is not installed.', `Add it: ${howToInstall([])}`);
}

/** `--engine`; undefined: all that fit. */
export function engineOf(request: Request): EngineName | undefined {
  const word = request.options.engine;
  return word === 'duckdb' || word === 'postgres' || word === 'pglite' || word === 'sqlite'
    ? word
    : undefined;
}
