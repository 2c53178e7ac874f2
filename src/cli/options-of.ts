import type { CheckOptions } from '../check.ts';
import type { Request } from './arguments.ts';

/** `--prove`, or what the door does without it; the parser has refused every other word. */
export function proofOf(request: Request, otherwise: CheckOptions['prove']): CheckOptions['prove'] {
  const word = request.options.prove;
  return word === 'fast' || word === 'full' || word === 'off' ? word : otherwise;
}

/** `--fail-on`, by default `error`. */
export function failOnOf(request: Request): CheckOptions['failOn'] {
  const word = request.options['fail-on'];
  return word === 'warning' || word === 'never' ? word : 'error';
}
