import type { Node } from 'oxc-parser';
import type { Dialect, Schema } from '../../../schema/schema.ts';
import type { CodeModule } from '../module.ts';
import type { Modules } from '../trail.ts';
import type { CodeTool } from './code-tool.ts';
import type { Place, PlacedSql } from './placed-sql.ts';
import type { Frame, Site, Value } from './value.ts';

/** What a migration sends to the database, or may do there, in order. */
export type Emission = {
  /** Where it is done: in the file of the migration itself. */
  readonly node: { readonly start: number; readonly end: number };
  /** What fails here is caught and passed over. */
  readonly swallowed?: true;
} /** `built`: a builder makes it, so that the whole of it stands at `node`. */ & (
  | { readonly kind: 'sql'; readonly sql: PlacedSql; readonly built: boolean }
  /** Something that no SQL is known of. `onRows`: it works on rows alone. */
  | { readonly kind: 'not known'; readonly why: string; readonly onRows: boolean }
);

/** One migration under reading. Nothing of it is executed: its expressions are worked out as far as they can be told. */
export interface Run {
  readonly modules: Modules;
  /** The migration's own file. */
  readonly main: CodeModule;
  readonly tool: CodeTool;
  readonly dialect: Dialect;
  /** The schema as this migration has made it so far; undefined where it is not at hand. */
  readonly schema: () => Schema | undefined;
  out: Emission[];
  /** What was sent before the part that is worked out without knowing whether it happens. */
  earlier: readonly Emission[];
  /** Values of what modules declare at their top, by the declaring name. */
  readonly globals: Map<Node, Value>;
  /** Calls of `main` that led into other files, the innermost last. */
  readonly sites: Node[];
  steps: number;
  depth: number;
  /** Names that are assigned to while it is not known whether that happens. */
  assigned?: Set<readonly [Frame, Node]>;
  /** Code before may have left the function: why, and what follows is not known to run. */
  doubt?: string;
  /** Inside a `try` whose `catch` passes over what fails. */
  swallowing: boolean;
  /** What the migration says of the transaction around it, while it runs. */
  transactional?: boolean;
}

/** Steps that the working out of one migration may take, and calls inside of each other. */
export const MOST_STEPS = 400_000;
export const DEEPEST = 60;

/** Sends SQL as the code writes it. */
export function emit({ run, module, node }: Site, sql: PlacedSql): void {
  push(run, placeIn(run, module, node), sql, false);
}

/** Sends SQL that a builder makes. */
export function emitBuilt(run: Run, place: Place, sql: PlacedSql): void {
  push(run, place, sql, true);
}

function push(run: Run, node: Emission['node'], sql: PlacedSql, built: boolean): void {
  if (run.doubt !== undefined) pushNotKnown(run, node, run.doubt, isOnRows(sql));
  else run.out.push({ kind: 'sql', sql, built, node, ...(run.swallowing ? { swallowed: true } : {}) });
}

/** Says that something may be done to the database that is not known. */
export function notKnown({ run, module, node }: Site, why: string, onRows = false): void {
  pushNotKnown(run, placeIn(run, module, node), why, onRows);
}

/** The same of something that stands at a place of the migration's file. */
export function notKnownAt(run: Run, place: Place, why: string): void {
  pushNotKnown(run, place, why, false);
}

function pushNotKnown(run: Run, node: Emission['node'], why: string, onRows: boolean): void {
  const last = run.out.at(-1);
  if (last?.kind === 'not known' && last.node.start <= node.start && node.end <= last.node.end) return;
  run.out.push({ kind: 'not known', why, onRows, node: { start: node.start, end: node.end } });
}

/** The node itself where it stands in the migration's file, else the call there that led to it. */
function placeIn(run: Run, module: CodeModule, node: Node): Node {
  return module === run.main ? node : (run.sites.at(-1) ?? run.main.program);
}

/** Works something out without knowing whether it happens: what it would do is said at `site`, with the reason. */
export function perhaps<T>(site: Site, why: string, work: readonly (() => T)[]): readonly T[] {
  const { run } = site;
  const { out, assigned, earlier } = run;
  run.earlier = [...earlier, ...out];
  const found: Emission[] = [];
  const changed = new Set<readonly [Frame, Node]>();
  const results: T[] = [];
  try {
    for (const one of work) {
      run.out = [];
      run.assigned = changed;
      results.push(one());
      found.push(...run.out);
    }
  } finally {
    run.out = out;
    run.earlier = earlier;
    run.assigned = assigned;
  }
  for (const [frame, name] of changed) {
    frame.values.set(name, { kind: 'unknown', why });
    assigned?.add([frame, name]);
  }
  if (found.length > 0) notKnown(site, why, found.every(isRowsOnly));
  return results;
}

function isRowsOnly(emission: Emission): boolean {
  return emission.kind === 'sql' ? isOnRows(emission.sql) : emission.onRows;
}

function isOnRows(sql: PlacedSql): boolean {
  return /^\s*(insert|update|delete|select|with|values|replace|merge)\b/i.test(
    sql
      .map(({ text }) => text)
      .join('')
      .slice(0, 200),
  );
}
