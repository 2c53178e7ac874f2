import type { Span } from '../change/span.ts';
import { tableAt } from '../facts/identity.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { doubtOf, tableName } from '../schema/lookup.ts';
import type { Claim, Rule } from './rule.ts';
import { tablesRead } from './tables-read.ts';

/** What rules miss on a table, an index or a constraint, a statement whose effect is not known may have made. */
const MAY_BE_MISSED = ['indexes', 'constraints'];

/**
 * Why a claim cannot be made: it is about how a change is carried out, and only its outcome is known; or it concludes from what
 * its table lacks, and a statement whose effect is not known names the table. Undefined where it can, as wherever a server's
 * catalog told what that statement made.
 */
export function doubtAbout(rule: Rule, claim: Claim, chains: readonly ChainChange[]): string | undefined {
  const { tableId } = claim;
  const chain = chains.find(({ id }) => id === claim.chain);
  if (rule.judges === 'execution' && chain?.head?.tool === 'schema-file')
    return `${chain.id} tells what the schema becomes: the statements that make it so on a database with rows stand elsewhere`;
  if (rule.reads !== 'state' || tableId === undefined || !chain) return undefined;
  const { unqualified } = tablesRead(rule.query ?? '');
  if (!MAY_BE_MISSED.some((name) => unqualified.has(name))) return undefined;
  const table = tableAt(chain, tableId);
  if (!table) return undefined;
  const doubt = [table.name, '*']
    .map((name) => doubtOf(chain.headSchema, name))
    .find((one) => one && !isBefore(one.span, table.span, chain));
  if (!doubt) return undefined;
  const where = `${doubt.span.path}:${doubt.span.line}`;
  return `${tableName(table)} may have what it misses: ${where} may have made it and is not followed (${doubt.why})`;
}

/** Whether a statement ran before another, so that it cannot have touched what that made. */
function isBefore(one: Span, other: Span, { head, base }: ChainChange): boolean {
  if (one.path === other.path) return one.line < other.line;
  const files = (head ?? base)?.migrations ?? [];
  const place = (span: Span) => files.findIndex(({ path }) => path === span.path);
  return place(one) < place(other);
}
