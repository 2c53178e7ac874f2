import type { ExactOutcome, ExactStatement, ServerError } from '../../exact.ts';
import { ScratchError } from '../../scratch.ts';

/** What a server's refusal means for the statement: an outcome, or that it wants to run outside of a transaction. */
export type Refusal = ExactOutcome | 'outside' | { readonly missingRole: string };

/** System, configuration, internal. */
const ENGINE_TROUBLE = /^(58|F0|XX)/;

/**
 * `CREATE INDEX CONCURRENTLY` and the like (25001), a value of an enum used where it was added (55P04), COMMIT inside of a
 * procedure (2D000): https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const OUTSIDE = new Set(['25001', '55P04', '2D000']);

/** What is said of a name that something not run may have made, or made unlike the original. */
const ABOUT_NAMES = /^(42P01|42P06|42P07|42701|42703|42704|42710|42723|42883|3F000|42P17|42809|42804)$/;

/** Databases of one server share its roles, so that a chain run twice finds its own. */
const ROLE_THERE = 'the role was there already, as on a server that has run the chain before';

/** The server itself is at fault (disk, internal error): what its database holds is not to be trusted. */
export class FaultError extends ScratchError {
  constructor(message: string) {
    super('died', `the server failed: ${message}`);
  }
}

/**
 * Something before was not run as written: names that are missing say nothing (`true`), nor do rows that code would have
 * written (`rows missing`).
 */
export type Doubt = boolean | 'rows missing';

/** Judges a refusal, in the light of what was not run before it. */
export function judgeRefusal(statement: ExactStatement, error: ServerError, doubtful: Doubt): Refusal {
  const { code, message } = error;
  if (/^(57P|08)/.test(code)) throw new ScratchError('died', message);
  if (/^(53|54)/.test(code))
    throw new ScratchError('memory', `it needs more than the proof allows: ${message}`);
  if (ENGINE_TROUBLE.test(code) && !isExtension(statement)) throw new FaultError(message);
  if (OUTSIDE.has(code)) return 'outside';
  const role = code === '42704' ? /^role "(.+)" does not exist$/.exec(message)?.[1] : undefined;
  if (role !== undefined) return { missingRole: role };
  if (statement.about === 'roles' && code === '42710') return { word: 'emulated', reason: ROLE_THERE };
  const without = reasonToPassOver(statement, error);
  if (without !== undefined) return { word: 'not-modelled', reason: without, error };
  const ofRows = doubtful === 'rows missing' && /^2350[23]$/.test(code);
  if (doubtful && (ofRows || ABOUT_NAMES.test(code)))
    return { word: 'tainted', reason: `${message}; but something before it was not run`, error };
  return { word: 'failed', reason: message, error };
}

function reasonToPassOver(statement: ExactStatement, { code, message }: ServerError): string | undefined {
  if (code === '42601' && TEMPLATE.test(statement.text)) return 'it holds a template';
  if (statement.about === 'roles') return `roles belong to the server: ${message}`;
  if (isExtension(statement)) return message;
  if (code === '42501') return `it needs rights that the proof does not lend: ${message}`;
  if (code === '57014') return 'its rows come from outside';
  if (code === '0A000' && /is not available|could not open extension/.test(message)) return message;
  return undefined;
}

/** In a string, where no parser sees it: the body of a DO block. */
const TEMPLATE = /\{\{|\$\{|<%/;

function isExtension(statement: ExactStatement): boolean {
  return statement.about === 'extensions';
}
