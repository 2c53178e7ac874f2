import { lineStarts, toSpan } from '../../../change/span.ts';
import type { Dialect, Schema } from '../../../schema/schema.ts';
import type { SqlSource, Statement } from '../../source.ts';
import { readText, withRebuilds } from '../../sql/read-sql.ts';
import { exportedNames } from '../exports.ts';
import type { CodeModule } from '../module.ts';
import type { Modules } from '../trail.ts';
import { callValue } from './call.ts';
import type { CodeTool } from './code-tool.ts';
import { create } from './create.ts';
import { settle } from './evaluate.ts';
import { memberOf } from './member.ts';
import { exportValue } from './name-value.ts';
import { plainText, spansOf } from './placed-sql.ts';
import type { Emission, Run } from './run.ts';
import { saying } from './said.ts';
import { isNothing, type Site, type Value } from './value.ts';

/** What is at hand for reading a migration. */
export interface CodeMigration {
  readonly module: CodeModule;
  readonly modules: Modules;
  readonly tool: CodeTool;
  readonly dialect: Dialect;
  /** The schema after the migrations before and these statements; undefined where it is not at hand. */
  readonly schemaAfter: (statements: readonly Statement[]) => Schema | undefined;
}

/**
 * Reads what a migration written in code sends to the database going up, as SQL whose every position stands in the code.
 * Nothing of it is executed; what cannot be told is a statement that is not modelled. Call `loadSqlReader` first.
 */
export function readCodeMigration({ module, modules, tool, dialect, schemaAfter }: CodeMigration): SqlSource {
  const run: Run = {
    ...{ modules, main: module, tool, dialect, out: [], earlier: [], globals: new Map(), sites: [] },
    ...{ steps: 0, depth: 0, swallowing: false },
    schema: () => schemaAfter([...run.earlier, ...run.out].flatMap((one) => statementsOf(run, one))),
  };
  const site: Site = { run, module, node: module.program };
  const owner = ownerOf(site);
  if (!owner) return { path: module.path, dialect, statements: [withoutUp(module)], notSql: [] };
  const settings = tool.settings?.(run, owner.settings) ?? {};
  saying(site, () => settle(callValue(owner.up, tool.given(run), site), site));
  const transactional = run.transactional ?? settings.transactional;
  return {
    ...{ path: module.path, dialect, notSql: [] },
    statements: withRebuilds(
      run.out.flatMap((one) => statementsOf(run, one)),
      dialect,
    ),
    ...(transactional === undefined ? {} : { transactional }),
  };
}

/** The migration's `up`, and what else it says under a name. */
interface Owner {
  readonly up: Value;
  settings(name: string): Value | undefined;
}

/** `up` as an export, in what is exported as default, in a class, or in the only export that has one: `export const users = { up }`. */
function ownerOf(site: Site): Owner | undefined {
  const { run, module } = site;
  const known = (value: Value) => (value.kind === 'unknown' || isNothing(value) ? undefined : value);
  const exported = (name: string) => known(exportValue(run, module, name));
  const up = exported('up');
  if (up) return { up, settings: exported };
  const found = module.classes.find((one) =>
    one.body.body.some(
      (member) => member.type === 'MethodDefinition' && 'name' in member.key && member.key.name === 'up',
    ),
  );
  const whole = found
    ? create({ kind: 'class', module, node: found, frame: { values: new Map() } }, [], site)
    : (exported('default') ?? onlyWithUp(exportedNames(module).flatMap((name) => exported(name) ?? [])));
  const own = (name: string) => (whole ? known(memberOf(whole, name, site)) : undefined);
  const method = own('up') ?? (whole?.kind === 'function' ? whole : undefined);
  return method ? { up: method, settings: own } : undefined;
}

function onlyWithUp(values: readonly Value[]): Value | undefined {
  const [only, ...more] = values.filter((value) => value.kind === 'object' && value.fields.has('up'));
  return more.length > 0 ? undefined : only;
}

function withoutUp({ path, text, program }: CodeModule): Statement {
  const span = toSpan(path, lineStarts(text), program.start, Math.min(program.end, text.length));
  return {
    ...{ span, text: '', operations: [], uses: [], calls: [] },
    ...{ notModelled: 'it has no `up` that could be told', notSql: 'code' },
  };
}

function statementsOf(run: Run, emission: Emission): readonly Statement[] {
  const { main, dialect } = run;
  const { node } = emission;
  if (emission.kind === 'not known') {
    const span = toSpan(main.path, lineStarts(main.text), node.start, node.end);
    const notModelled = emission.onRows
      ? `not SQL: code that works on rows (${emission.why})`
      : `not SQL: code (${emission.why})`;
    const text = main.text.slice(node.start, node.end);
    return [
      {
        span,
        text,
        operations: [],
        uses: [],
        calls: [],
        notModelled,
        notSql: emission.onRows ? 'rows' : 'code',
      },
    ];
  }
  const place = spansOf(emission.sql, main, node, emission.built);
  const text = plainText(emission.sql);
  const { statements } = readText(text, dialect, place);
  let from = 0;
  return statements.map((statement) => {
    const start = text.indexOf(statement.text, from);
    from = start + statement.text.length;
    const operations = emission.swallowed
      ? statement.operations.map((one) => ({ ...one, swallowed: true as const }))
      : statement.operations;
    return {
      ...statement,
      operations,
      place: (low: number, high: number) => place(start + low, start + high),
    };
  });
}
