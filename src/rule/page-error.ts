import { UserError } from '../errors.ts';

/** A rule page that cannot be read: says where, what, and what to write instead. */
export function pageError(path: string, line: number, what: string, remedy: string): UserError {
  return new UserError(`${path}:${line}: ${what}`, remedy);
}
