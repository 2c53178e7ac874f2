import type { Hunk } from '../change/change-set.ts';
import { shownName, type TableNames } from '../facts/identity.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { insteadOf, type Reader } from '../rule/instead.ts';
import { plain, renderMessage } from '../rule/message.ts';
import type { Claim, Rule } from '../rule/rule.ts';
import type { Fold } from '../schema/applied.ts';
import { openFold } from '../schema/fold.ts';
import { appendAfter } from './edit.ts';
import { type Finding, UNTRIED } from './finding.ts';
import { fingerprints } from './fingerprint.ts';
import { type Place, place } from './place.ts';

/** What findings need to know of a change. */
export interface FindingContext {
  readonly rules: readonly Rule[];
  readonly chains: readonly ChainChange[];
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
  /** Head's texts of the files that claims stand in, for fingerprints; base's for files that head lacks. */
  readonly texts: ReadonlyMap<string, string>;
  /** Findings of `--all` stay on their own lines, in the change or not. */
  readonly all?: boolean;
}

/** Places claims, gives each its message, safe way and fingerprint, and sorts them by path, line and rule; equal ones once. */
export function toFindings(claims: readonly Claim[], context: FindingContext): readonly Finding[] {
  const pages = new Map(context.rules.map((rule) => [rule.id, rule]));
  const placed = claims.map((claim) => ({
    claim,
    message: renderMessage(claim),
    place: context.all ? { span: claim.span, inSummary: false } : place(claim, context),
  }));
  placed.sort((a, b) => compare(sortKey(a), sortKey(b)));
  const distinct = new Map(placed.map((one) => [identity(one), one]));
  const kept = [...distinct.values()];
  const lines = linesOf(context.texts);
  const prints = fingerprints(
    kept.map(({ claim, place: { span } }) => ({
      rule: claim.rule,
      subject: [claim.chain, claim.table, ...(claim.columns ?? []), claim.object],
      path: span.path,
      line: lines(span.path, span.line),
    })),
  );
  const readers = new Map(context.chains.map((chain) => [chain.id, readerOf(chain)]));
  const foldOf = openFolds();
  return kept.map(({ claim, message, place: { span, was, inSummary } }, index) => {
    const rule = pages.get(claim.rule);
    const reader = (claim.chain !== undefined && readers.get(claim.chain)) || NOBODY;
    const chain = context.chains.find(({ id }) => id === claim.chain);
    const safe = rule && insteadOf(rule, claim, reader);
    const text = context.texts.get(span.path);
    return {
      rule: claim.rule,
      severity: claim.severity,
      path: span.path,
      line: span.line,
      column: span.column,
      endLine: span.endLine,
      endColumn: span.endColumn,
      message,
      chain: claim.chain,
      subject: { table: claim.table, columns: claim.columns, name: claim.object },
      evidence: claim.evidence ?? UNTRIED,
      ...(claim.load ? { load: claim.load } : {}),
      fingerprint: prints[index] ?? '',
      was,
      instead: safe && { language: safe.language, text: safe.text },
      edit:
        safe?.follows && !inSummary && chain && text !== undefined
          ? appendAfter(span, text, safe, {
              dialect: chain.headSchema.dialect,
              fold: () => foldOf(chain),
              tool: (chain.head ?? chain.base)?.tool,
            })
          : undefined,
      inSummary,
    };
  });
}

/** Folds on the head of chains, one for each: opening one costs as much as the schema is large. */
function openFolds(): (chain: ChainChange) => Fold {
  const folds = new Map<ChainChange, Fold>();
  return (chain) => {
    const fold = folds.get(chain) ?? openFold(chain.headSchema);
    folds.set(chain, fold);
    return fold;
  };
}

interface Placed {
  readonly claim: Claim;
  readonly message: string;
  readonly place: Place;
}

function sortKey({ claim, message, place: { span } }: Placed): readonly (string | number)[] {
  return [span.path, span.line, claim.rule, span.column, message];
}

function compare(left: readonly (string | number)[], right: readonly (string | number)[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    if (b !== undefined && a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

function identity({ claim, message, place: { span, was } }: Placed): string {
  return JSON.stringify([
    claim.rule,
    claim.chain,
    span,
    was?.path,
    was?.line,
    claim.columns,
    claim.object,
    message,
  ]);
}

/** One line of a text; each text is split at most once. */
function linesOf(texts: ReadonlyMap<string, string>): (path: string, line: number) => string {
  const split = new Map<string, readonly string[]>();
  return (path, line) => {
    let lines = split.get(path);
    if (!lines) {
      lines = (texts.get(path) ?? '').split(/\r\n|\r|\n/);
      split.set(path, lines);
    }
    return lines[line - 1] ?? '';
  };
}

const NOBODY: Reader = { tableNamed: () => undefined };

function readerOf(chain: ChainChange): Reader {
  const names = new Map<string, TableNames>();
  for (const schema of [chain.baseSchema, chain.headSchema])
    for (const table of schema.tables.values()) {
      const shown = plain(shownName(table));
      names.set(shown, { shown, schema: table.schema, name: table.name });
    }
  return {
    dialect: chain.headSchema.dialect,
    tool: (chain.head ?? chain.base)?.tool,
    tableNamed: (shown) => names.get(shown),
  };
}
