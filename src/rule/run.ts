import { type FactRows, factRows } from '../facts/fact-rows.ts';
import type { Facts } from '../facts/facts.ts';
import { loadFacts } from '../facts/load.ts';
import { type Row, type Scratch, ScratchError } from '../prove/scratch.ts';
import { checkQueries } from './check-queries.ts';
import { claimOf, type FoundClaim, RowError, severityOf, toClaim } from './claim.ts';
import { doubtAbout } from './doubt.ts';
import { isGivenUp } from './is-given-up.ts';
import type { Claim, Rule } from './rule.ts';
import { type NotJudged, type RunOptions, rulesToRun } from './select.ts';
import { subtract } from './subtract.ts';
import { boundTo, tablesNeeded, tablesRead } from './tables-read.ts';

/** What the rules have to say. */
export interface Judgement {
  readonly claims: readonly Claim[];
  readonly notJudged: readonly NotJudged[];
}

type Side = 'head' | 'base';

/** Rows that one query may return. */
const MAX_ROWS = 10_000;

/**
 * Runs the rules over the facts of a change and returns what is new. A database is opened only if a rule has something to
 * look at, and again after one was lost to a rule that hangs or dies; that rule becomes a `rule-failed` claim and the
 * others are run. A page of the user's that breaks the contract of queries throws a `UserError`.
 */
export async function runRules(
  rules: readonly Rule[],
  facts: Facts,
  openScratch: () => Promise<Scratch>,
  options: RunOptions,
): Promise<Judgement> {
  // where all code was read, rules conclude from what is nowhere used: of tables that the change does not concern too
  const whole =
    options.all ||
    options.code === 'all' ||
    options.pruned === false ||
    rules.some((rule) => rule.own && rule.query !== undefined);
  const read = new Set(
    rules
      .filter((rule) => severityOf(rule, options.severities) !== 'off')
      .flatMap(({ query, reads }) => {
        if (query === undefined) return [];
        const { qualified, unqualified } = tablesRead(query);
        return reads !== 'state' && options.all ? [...unqualified] : [...unqualified, ...qualified];
      }),
  );
  const rows = factRows(facts, { all: options.all, pruned: !whole, read });
  const { run, notJudged: left } = rulesToRun(rules, facts, rows, options);
  const notJudged = [...left, ...notCompared(rules, rows, options)];
  if (run.length === 0) return { claims: [], notJudged };

  const runner = openRunner(run, rows, openScratch, options);
  try {
    await runner.check(rules.filter((rule) => rule.own));
    const found = new Map<Rule, readonly FoundClaim[]>();
    const failed = new Map<Rule, string>();
    const keep =
      (side: Side, known: ReadonlyMap<Rule, readonly FoundClaim[]>) =>
      (rule: Rule, result: Row[] | string) => {
        const claims = typeof result === 'string' ? result : claimsOf(rule, result, rows, facts, options);
        if (typeof claims === 'string') failed.set(rule, claims);
        else
          found.set(
            rule,
            side === 'head'
              ? claims.filter(({ claim }) => options.all || !isGivenUp(rule, claim, facts))
              : subtract(known.get(rule) ?? [], claims, facts, rows.ids),
          );
      };
    await runner.ask(run, 'head', keep('head', found));
    const states = run.filter((rule) => rule.reads === 'state' && (found.get(rule)?.length ?? 0) > 0);
    if (!options.all) await runner.ask(states, 'base', keep('base', new Map(found)));
    for (const rule of failed.keys()) found.delete(rule);
    const doubted = setAside(found, facts);
    const trouble = [...failed].map(([rule, reason]) => ({ rule, reason }));
    return {
      claims: [
        ...[...found.values()].flat().map(({ claim }) => claim),
        ...claimsOfFailed(trouble, rules, options),
      ],
      notJudged: [...notJudged, ...doubted, ...silentFailures(trouble, rules, options)],
    };
  } catch (error) {
    if (!(error instanceof ScratchError) || error.kind === 'error') throw error;
    const reason = `what was read could not be loaded: ${error.message}`;
    return {
      claims: [],
      notJudged: [...notJudged, ...run.map(({ id: rule }) => ({ rule, reason, lost: true as const }))],
    };
  } finally {
    await runner.close();
  }
}

/** Models that could not be compared, for the rules that ask for what comparing finds. */
function notCompared(rules: readonly Rule[], rows: FactRows, options: RunOptions): readonly NotJudged[] {
  if (rows.notCompared.length === 0) return [];
  return rules
    .filter(
      (rule) =>
        severityOf(rule, options.severities) !== 'off' &&
        tablesRead(rule.query ?? '').unqualified.has('model_differences'),
    )
    .flatMap(({ id }) =>
      rows.notCompared.map(({ table, reason }) => ({
        rule: id,
        reason: `${table} is not compared: ${reason}`,
      })),
    );
}

/**
 * Takes out claims that cannot be made for what is not known of their tables, and those that their rule leaves open; each reason
 * is told once a rule, the latter with their places.
 */
function setAside(found: Map<Rule, readonly FoundClaim[]>, { chains }: Facts): readonly NotJudged[] {
  const told = new Map<string, NotJudged>();
  for (const [rule, claims] of found)
    found.set(
      rule,
      claims.filter(({ claim, doubt }) => {
        const reason = doubt ?? doubtAbout(rule, claim, chains);
        if (reason === undefined) return true;
        const key = `${rule.id}\0${reason}`;
        const places = doubt === undefined ? {} : { places: [...(told.get(key)?.places ?? []), claim.span] };
        told.set(key, { rule: rule.id, reason, ...places });
        return false;
      }),
    );
  return [...told.values()];
}

interface Failed {
  readonly rule: Rule;
  readonly reason: string;
}

function claimsOfFailed(
  failed: readonly Failed[],
  rules: readonly Rule[],
  options: RunOptions,
): readonly Claim[] {
  const page = rules.find((rule) => rule.id === 'rule-failed');
  return failed.flatMap(({ rule, reason }) => {
    const span = {
      path: rule.path,
      line: rule.queryLine ?? 1,
      column: 1,
      endLine: rule.queryLine ?? 1,
      endColumn: 1,
    };
    const line = { rule: 'rule-failed', span, object: rule.id, values: { failed: rule.id, reason } };
    return (page && claimOf(page, line, options.severities)) ?? [];
  });
}

/** Without the page that tells of failures they are told as not judged: never silence. */
function silentFailures(
  failed: readonly Failed[],
  rules: readonly Rule[],
  options: RunOptions,
): readonly NotJudged[] {
  if (claimsOfFailed(failed, rules, options).length === failed.length) return [];
  return failed.map(({ rule, reason }) => ({ rule: rule.id, reason }));
}

/** The claims of a rule's rows on chains whose dialect it is for, or why they are none. */
function claimsOf(rule: Rule, rows: readonly Row[], { ids }: FactRows, facts: Facts, options: RunOptions) {
  if (rows.length > MAX_ROWS) return `its query returns more than ${MAX_ROWS} rows`;
  const dialects = new Map(facts.chains.map((chain) => [chain.id, chain.headSchema.dialect]));
  try {
    return rows
      .map((row) => toClaim(rule, row, ids, options.severities))
      .filter(({ claim }) => {
        const dialect = claim.chain === undefined ? undefined : dialects.get(claim.chain);
        return rule.dialects.length === 0 || dialect === undefined || rule.dialects.includes(dialect);
      });
  } catch (error) {
    if (error instanceof RowError) return error.message;
    throw error;
  }
}

interface Runner {
  /** Throws what is wrong with the queries of users' pages. */
  check(own: readonly Rule[]): Promise<void>;
  /** Runs each rule's query on one side and hands over its rows, or why there are none. */
  ask(
    rules: readonly Rule[],
    side: Side,
    answer: (rule: Rule, result: Row[] | string) => void,
  ): Promise<void>;
  close(): Promise<void>;
}

function openRunner(
  rules: readonly Rule[],
  rows: FactRows,
  openScratch: () => Promise<Scratch>,
  options: RunOptions,
): Runner {
  const needed = new Set(
    rules.flatMap(({ query = '', reads }) => [
      ...tablesNeeded(query, reads === 'state' && !options.all ? ['head', 'base'] : ['head']),
    ]),
  );
  let open: Promise<Scratch> | undefined;
  const scratch = () => {
    open ??= openScratch().then(async (fresh) => {
      await loadFacts(fresh, rows, needed);
      return fresh;
    });
    return open;
  };
  /** Every row of every query given, in one round trip, with the rule's index. */
  const together = async (asked: readonly Rule[], side: Side) => {
    const parts = asked.map(
      ({ query = '' }, index) =>
        `SELECT ${index} AS n, to_json(r) AS row FROM (SELECT * FROM (${boundTo(side, query)}) LIMIT ${MAX_ROWS + 1}) AS r`,
    );
    const answer = await (await scratch()).query(parts.join('\nUNION ALL\n'), asked.length * (MAX_ROWS + 1));
    const results: Row[][] = asked.map(() => []);
    for (const { n, row } of answer) results[Number(n)]?.push(row as Row); // to_json of a row is an object
    return results;
  };
  return {
    check: async (own) => {
      const trouble = await checkQueries(own, await scratch());
      if (trouble) throw trouble;
    },
    ask: async (asked, side, answer) => {
      const alone = async (rule: Rule) => {
        try {
          const [result] = await together([rule], side);
          answer(rule, result ?? []);
        } catch (error) {
          if (!(error instanceof ScratchError)) throw error;
          if (error.kind !== 'error') open = undefined;
          answer(rule, `its query failed: ${error.message.split('\n')[0]}`);
        }
      };
      const ours = asked.filter((rule) => !rule.own);
      if (ours.length > 0)
        try {
          const results = await together(ours, side);
          ours.forEach((rule, index) => {
            answer(rule, results[index] ?? []);
          });
        } catch (error) {
          if (!(error instanceof ScratchError)) throw error;
          if (error.kind !== 'error') open = undefined;
          for (const rule of ours) await alone(rule);
        }
      for (const rule of asked) if (rule.own) await alone(rule);
    },
    close: async () => {
      await (await open?.catch(() => undefined))?.close().catch(() => {});
    },
  };
}
