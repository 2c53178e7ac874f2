import { PGlite } from '@electric-sql/pglite';
import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import type { Conflict } from '../../src/read/conflicts/conflict.ts';
import { findConflicts } from '../../src/read/conflicts/find-conflicts.ts';
import { readOpenChange } from '../../src/read/conflicts/read-open-change.ts';
import { BASE, makeOperation, openDice, TABLES } from './operations.ts';

/** Two changes of one schema, each of which applies by itself. */
export interface Pair {
  readonly ours: string;
  readonly theirs: string;
}

/** What the two come to: by reading, and by running both orders. */
export interface Judged extends Pair {
  readonly read: readonly Conflict[];
  /** Why the orders differ; undefined: they do not. */
  readonly ran?: string;
}

/** Two that make one thing alike under IF NOT EXISTS come to the same in both orders: told, and no conflict. */
export function collides({ read }: Judged): boolean {
  return read.some((one) => !(one.kind === 'made twice' && one.same && one.second === 'passed over'));
}

/** A PostgreSQL with a base, in which pairs are made and judged. */
export async function openBench(base = BASE) {
  const database = await PGlite.create();
  await database.exec(base);

  const after = async (...statements: readonly string[]): Promise<string | { readonly refused: string }> => {
    await database.exec('BEGIN');
    try {
      for (const statement of statements) await database.exec(statement);
      const { rows } = await database.query<{ readonly schema: string }>(CATALOG);
      return rows[0]?.schema ?? '';
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) };
    } finally {
      await database.exec('ROLLBACK');
    }
  };

  const judge = async ({ ours, theirs }: Pair): Promise<Judged> => {
    const [ourFirst, theirFirst] = [await after(ours, theirs), await after(theirs, ours)];
    const ran = differenceOf(ourFirst, theirFirst);
    return {
      ours,
      theirs,
      read: await readPair(base, { ours, theirs }),
      ...(ran === undefined ? {} : { ran }),
    };
  };

  return {
    judge,
    close: () => database.close(),
    /** Pairs of operations that each apply to {@link BASE}, the same for the same seed. */
    makePairs: async (number: number, seed: number): Promise<readonly Pair[]> => {
      const dice = openDice(seed);
      const applies = new Map<string, boolean>();
      const one = async (mostly: string): Promise<string> => {
        for (;;) {
          const sql = makeOperation(dice, mostly);
          if (!applies.has(sql)) applies.set(sql, typeof (await after(sql)) === 'string');
          if (applies.get(sql)) return sql;
        }
      };
      const pairs: Pair[] = [];
      while (pairs.length < number) {
        const mostly = TABLES[Math.floor(dice() * TABLES.length)] ?? '';
        pairs.push({ ours: await one(mostly), theirs: await one(mostly) });
      }
      return pairs;
    },
  };
}

function differenceOf(
  ourFirst: string | { readonly refused: string },
  theirFirst: string | { readonly refused: string },
): string | undefined {
  if (typeof ourFirst !== 'string') return `theirs after ours: ${ourFirst.refused}`;
  if (typeof theirFirst !== 'string') return `ours after theirs: ${theirFirst.refused}`;
  if (ourFirst === theirFirst) return undefined;
  const [left, right] = [ourFirst.split('\n'), theirFirst.split('\n')];
  const only = (lines: readonly string[], others: readonly string[]) =>
    lines.filter((one) => !others.includes(one));
  return `${only(left, right).join('; ')} | ${only(right, left).join('; ')}`;
}

/** The conflicts that reading finds. */
export async function readPair(
  base: string,
  { ours, theirs }: Pair,
  dialect = 'postgres',
): Promise<readonly Conflict[]> {
  const texts = new Map([['migrations/1.sql', base]]);
  const read = async (path: string, sql: string) =>
    readOpenChange(
      await changeOfTexts(texts, new Map([...texts, [path, sql]])),
      [{ path: 'migrations', dialect: dialect as 'postgres' | 'mysql' | 'sqlite' }],
      openCache(undefined),
      [],
    );
  const [mine, others] = [await read('migrations/2.sql', ours), await read('migrations/3.sql', theirs)];
  const chains = await findConflicts(
    mine.bases,
    { chains: mine.chains, uses: [] },
    { chains: others.chains, uses: [] },
  );
  return chains.flatMap(({ conflicts }) => conflicts);
}

/** Everything that statements of the generator can alter, as text; the order of columns is not part of it. */
const CATALOG = `
SELECT string_agg(line, E'\\n' ORDER BY line) AS schema FROM (
  SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT 'table ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  UNION ALL SELECT 'sequence ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
  UNION ALL SELECT 'constraint ' || conname || ' on ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'
  UNION ALL SELECT 'type ' || t.typname || ' ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname
) AS lines`;
