import type { Dialect } from '../../../schema/schema.ts';
import type { ChainTool, LeftOut, MigrationFile } from '../../chain.ts';
import { dialectOf } from '../dialect.ts';
import { joined, type Layout, nameOf } from '../layout.ts';
import { byText, type Draft, type Texts, type Tool } from '../tool.ts';
import { codeFolders, configsAbove, scriptsOf } from './scripts.ts';

/** How a tool whose migrations are code finds and orders them. */
export interface CodeRule {
  readonly name: ChainTool;
  /** Stands in the text of its migrations and in those of no other tool. */
  readonly sign: RegExp;
  /** Its own ledger tables. */
  readonly ledger: (dialect: Dialect) => string;
  readonly transactional: (dialect: Dialect) => boolean;
  /** What orders a migration, by its path and text; by default its name. Undefined: it is not run, for the reason of `otherwise`. */
  readonly order?: (path: string, text: string) => string | undefined;
  readonly otherwise?: string;
  readonly compare?: (a: MigrationFile, b: MigrationFile) => number;
  /** Names of its configuration, in which `client: 'pg'` or the like tells the database. */
  readonly configs?: readonly string[];
  readonly dialect?: { readonly dialect: Dialect; readonly reason: string };
  /** The SQL that a migration does nothing but run, by its text: the names of its files, from the folder of the migrations. */
  readonly runs?: (text: string) => { readonly up: string; readonly down: string } | undefined;
  /** The folder of such files. */
  readonly runsIn?: string;
  /** What a file beside the migrations registers: path by name; undefined where none does. */
  readonly registered?: (
    layout: Layout,
    folder: string,
    texts: Texts,
  ) => ReadonlyMap<string, string> | undefined;
}

/** The tool of a rule: every file of code in a folder that has an `up` is a migration, in the rule's order. */
export function codeTool(rule: CodeRule): Tool {
  return {
    name: rule.name,
    isCode: true,
    folders: codeFolders,
    markers: (layout, folder) => [
      ...scriptsOf(layout, folder),
      ...configsAbove(layout, folder, rule.configs ?? []),
    ],
    draft: (layout, folder, texts, named) => draftOf(rule, layout, folder, texts, named),
  };
}

/** The chain of a folder's code by a rule; undefined where the rule's sign does not stand in its first files. */
function draftOf(
  rule: CodeRule,
  layout: Layout,
  folder: string,
  texts: Texts,
  named: boolean,
): Draft | undefined {
  const scripts = scriptsOf(layout, folder);
  const steps = scripts.filter((path) => hasUp(texts.get(path) ?? ''));
  const some = [...steps.slice(0, 5), ...steps.slice(-5)];
  const signed = some.filter((path) => rule.sign.test(texts.get(path) ?? ''));
  if (steps.length === 0 || (!named && signed.length * 2 < some.length)) return undefined;
  const { migrations, leftOut } = ordered(rule, layout, folder, steps, texts);
  const told = rule.dialect ?? configuredDialect(rule, layout, folder, texts);
  return {
    migrations,
    leftOut,
    ...(told ? { dialect: { word: { dialect: told.dialect }, reason: told.reason } } : {}),
    prelude: rule.ledger,
    transactional: rule.transactional,
  };
}

/** Whether a file of code has an `up` that a tool may run, by its text alone. */
function hasUp(text: string): boolean {
  return /\bup\b\s*[(=:,}]|\bas\s+up\b/.test(text);
}

function ordered(
  rule: CodeRule,
  layout: Layout,
  folder: string,
  steps: readonly string[],
  texts: Texts,
): Pick<Draft, 'migrations' | 'leftOut'> {
  const registered = rule.registered?.(layout, folder, texts);
  const migrations: MigrationFile[] = [];
  const leftOut: LeftOut[] = [];
  const put = (path: string, name: string) => {
    const order = rule.order ? rule.order(path, texts.get(path) ?? '') : name;
    if (order === undefined) leftOut.push({ path, reason: rule.otherwise ?? 'not run' });
    else migrations.push({ name, ...fileOf(rule, layout, folder, path, texts), order });
  };
  if (registered) {
    const paths = new Set(registered.values());
    for (const [name, path] of registered) put(path, name);
    for (const path of steps)
      if (!paths.has(path))
        leftOut.push({ path, reason: 'not run: the list of migrations beside it does not name it' });
  } else for (const path of steps) put(path, nameOf(path).replace(/\.[cm]?[jt]s$/, ''));
  const run = new Set(migrations.flatMap(({ path, downPath = path }) => [path, downPath]));
  for (const inner of rule.runsIn === undefined ? [] : [joined(folder, rule.runsIn)])
    for (const name of layout.sql.get(inner) ?? [])
      if (!run.has(joined(inner, name)))
        leftOut.push({ path: joined(inner, name), reason: `not run: no migration in ${folder} runs it` });
  return { migrations: migrations.sort(rule.compare ?? ((a, b) => byText(a.order, b.order))), leftOut };
}

/** Where a migration's statements stand: in the SQL file that it runs, or in itself. */
function fileOf(
  rule: CodeRule,
  layout: Layout,
  folder: string,
  path: string,
  texts: Texts,
): Pick<MigrationFile, 'path' | 'id' | 'downPath'> {
  const runs = rule.runs?.(texts.get(path) ?? '');
  const up = runs && layout.entries.get(joined(folder, runs.up));
  const down = runs && layout.entries.get(joined(folder, runs.down));
  if (up) return { path: up.path, id: up.id, ...(down ? { downPath: down.path } : {}) };
  return { path, id: layout.entries.get(path)?.id ?? '' };
}

/** The only database that the nearest configuration names. */
function configuredDialect(rule: CodeRule, layout: Layout, folder: string, texts: Texts) {
  for (const path of configsAbove(layout, folder, rule.configs ?? [])) {
    const found = [
      ...(texts.get(path) ?? '').matchAll(/\b(?:client|dialect|type)['"]?\s*:\s*['"]([\w-]+)['"]/g),
    ];
    const dialects = new Set(found.flatMap(([, word = '']) => dialectOf(word)?.dialect ?? []));
    const [only, second] = dialects;
    if (only && !second) return { dialect: only, reason: `${path}: ${only}` };
  }
  return undefined;
}
