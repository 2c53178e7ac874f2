import type { Node } from 'yaml';
import type { Tree } from './change/change-set.ts';
import { readerOf, shown, type YamlReader } from './cli/yaml-reader.ts';
import { UserError } from './errors.ts';
import type { Policy } from './facts/facts.ts';
import type { Fixed } from './github/plan.ts';
import { nearest } from './nearest.ts';
import { CHAIN_TOOLS, type NamedChain } from './read/chain.ts';
import type { ProfileFile } from './read/profile/profile.ts';
import type { Wrapper } from './read/wrapper.ts';
import { PRESETS, type Preset } from './rule/preset.ts';
import type { Dialect } from './schema/schema.ts';

/** `tablewarden.yml`, validated, with defaults filled in: plain values for every room. */
export interface Config extends Policy {
  /** Where it was read; undefined where there is none. */
  readonly path?: string;
  /** `pglite`: migrations run in PGlite, also where there is a server. */
  readonly postgres: { readonly version?: number; readonly pglite?: boolean };
  readonly migrations: readonly NamedChain[];
  readonly rules: Readonly<Record<string, 'error' | 'warning' | 'note' | 'off'>>;
  /** How much is said where `rules` does not name a rule; `recommended` when undefined. */
  readonly preset?: Preset;
  /** The team's own functions that run SQL or are given a table. */
  readonly wrappers: readonly Wrapper[];
  readonly waivers: { readonly never: readonly string[] };
  /** What is done on pull requests. */
  readonly review: { readonly fixed: Fixed };
  /** With how many of the remote's branches the hook compares a change of a schema, of those that moved in so many days before. */
  readonly hook: { readonly branches: number; readonly days: number };
  /** Files that the documents rule compares with the schema. */
  readonly documents: readonly string[];
  /** Files of this repository that tell what was measured in its databases. */
  readonly profile: readonly ProfileFile[];
  /** `line:column` of each rule's name in the file, for errors about it. */
  readonly ruleAt?: ReadonlyMap<string, string>;
}

/** What holds where nothing is configured. */
export const defaultConfig: Config = {
  postgres: {},
  migrations: [],
  legacy: [],
  hotTables: [],
  owners: {},
  rules: {},
  wrappers: [],
  waivers: { never: [] },
  review: { fixed: 'delete' },
  hook: { branches: 20, days: 30 },
  documents: [],
  profile: [],
};

/** Where a configuration is looked for. */
export const CONFIG_PATHS: readonly string[] = ['tablewarden.yml', '.github/tablewarden.yml'];
export const MISNAMED: readonly string[] = [
  'tablewarden.yaml',
  '.github/tablewarden.yaml',
  '.tablewarden.yml',
  '.tablewarden.yaml',
];

/** The configuration of a tree; {@link defaultConfig} where it has none. */
export async function findConfig(tree: Tree): Promise<Config> {
  const entries = await tree.entries();
  const [path, second] = CONFIG_PATHS.filter((candidate) => entries.has(candidate));
  const misnamed = MISNAMED.find((candidate) => entries.has(candidate));
  if (misnamed) throw new UserError(`${misnamed} is not read.`, `Rename it to ${path ?? CONFIG_PATHS[0]}.`);
  if (path === undefined) return defaultConfig;
  if (second !== undefined)
    throw new UserError(`There are two configurations: ${path} and ${second}.`, 'Keep one of them.');
  const content = (await tree.read([path])).get(path);
  if (content?.text === undefined)
    throw new UserError(
      `${path} cannot be read: it is ${reasonOf(content?.reason)}.`,
      'Write it as plain text.',
    );
  return parseConfig(path, content.text);
}

/** Refuses rules that the configuration names and that do not exist. */
export function checkRuleIds(config: Config, known: Iterable<string>): void {
  const ids = new Set(known);
  for (const id of [...Object.keys(config.rules), ...config.waivers.never]) {
    if (ids.has(id)) continue;
    const at = config.ruleAt?.get(id);
    const guess = nearest(id, ids);
    throw new UserError(
      `${config.path ?? CONFIG_PATHS[0]}${at ? `:${at}` : ''}: there is no rule named ${shown(id)}.`,
      guess ? `Did you mean ${guess}?` : 'Run `tablewarden rules` for their names.',
    );
  }
}

/** Reads a configuration. The first thing that is wrong is thrown as a {@link UserError} with its line and column. */
export async function parseConfig(path: string, text: string): Promise<Config> {
  if (text.length > LARGEST)
    throw new UserError(`${path} is too large: ${text.length} characters.`, `Keep it below ${LARGEST}.`);
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new UserError(
      `${path}:${line}:${col}: this is not YAML: ${shown(broken.message)}`,
      'Correct that line.',
    );
  }
  return toConfig(path, readerOf(yaml, document, path, lines), document.contents);
}

const LARGEST = 1_000_000;
const DIALECTS: readonly Dialect[] = ['postgres', 'duckdb', 'mysql', 'sqlite'];
const USES = ['read', 'insert', 'update', 'delete'] as const;
const SEVERITIES = ['error', 'warning', 'note', 'off'] as const;

function toConfig(path: string, read: YamlReader, root: Node | null): Config {
  const keys = [
    'postgres',
    'migrations',
    'legacy',
    'owners',
    'hot_tables',
    'preset',
    'rules',
    'wrappers',
    'waivers',
    'review',
    'hook',
    'documents',
    'profile',
  ];
  const top = root === null ? {} : read.record(root, 'the file', keys);
  const ruleAt = new Map<string, string>();
  const never = top.waivers ? read.record(top.waivers, 'waivers', ['never']).never : undefined;
  return {
    path,
    ruleAt,
    postgres: top.postgres ? toPostgres(read, top.postgres) : {},
    migrations: top.migrations ? read.list(top.migrations, 'migrations', (one) => toChain(read, one)) : [],
    legacy: top.legacy ? toLegacy(read, top.legacy) : [],
    ...(top.owners ? toOwners(read, top.owners) : { owners: {} }),
    hotTables: top.hot_tables ? read.texts(top.hot_tables, 'hot_tables') : [],
    ...(top.preset ? { preset: read.word(top.preset, 'preset', PRESETS) } : {}),
    rules: top.rules ? toRules(read, top.rules, ruleAt) : {},
    wrappers: top.wrappers ? read.list(top.wrappers, 'wrappers', (one) => toWrapper(read, one)) : [],
    waivers: { never: never ? read.list(never, 'waivers.never', (one) => read.rule(one, ruleAt)) : [] },
    review: top.review ? toReview(read, top.review) : defaultConfig.review,
    hook: { ...defaultConfig.hook, ...(top.hook ? toHook(read, top.hook) : {}) },
    documents: top.documents ? read.texts(top.documents, 'documents') : [],
    profile: top.profile ? read.list(top.profile, 'profile', (one) => toProfile(read, one)) : [],
  };
}

function toPostgres(read: YamlReader, node: Node): Config['postgres'] {
  const { version, engine } = read.record(node, 'postgres', ['version', 'engine']);
  const pglite = engine && read.word(engine, 'postgres.engine', ['server', 'pglite']) === 'pglite';
  const chosen = pglite ? { pglite } : {};
  if (!version) return chosen;
  return {
    version: read.whole(version, 'postgres.version', [9, 99], 'a whole number such as 16'),
    ...chosen,
  };
}

function toReview(read: YamlReader, node: Node): Config['review'] {
  const { fixed } = read.record(node, 'review', ['fixed']);
  return fixed ? { fixed: read.word(fixed, 'review.fixed', ['delete', 'resolve']) } : defaultConfig.review;
}

function toHook(read: YamlReader, node: Node): Partial<Config['hook']> {
  const given = read.record(node, 'hook', ['branches', 'days']);
  const whole = (key: 'branches' | 'days') => {
    const must = `a whole number such as ${defaultConfig.hook[key]}`;
    return given[key] ? { [key]: read.whole(given[key], `hook.${key}`, [0, 10_000], must) } : {};
  };
  return { ...whole('branches'), ...whole('days') };
}

function toChain(read: YamlReader, node: Node): NamedChain {
  const { path, tool, dialect } = read.record(node, 'an entry of migrations', ['path', 'tool', 'dialect']);
  if (!path) throw read.wrong(node, 'an entry of migrations needs a path');
  const folder = read.text(path, 'path');
  if (OUTSIDE.test(folder))
    throw read.wrong(path, 'a path of migrations is a folder of this repository, such as db/migrations');
  return {
    path: folder,
    ...(tool ? { tool: read.word(tool, 'tool', CHAIN_TOOLS) } : {}),
    ...(dialect ? { dialect: read.word(dialect, 'dialect', DIALECTS) } : {}),
  };
}

/** A path that leads out of the repository. */
const OUTSIDE = /^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i;

function toProfile(read: YamlReader, node: Node): ProfileFile {
  const found = read.record(node, 'an entry of profile', ['path', 'days', 'migrations']);
  if (!found.path) throw read.wrong(node, 'an entry of profile needs a path');
  const path = read.text(found.path, 'path');
  if (OUTSIDE.test(path))
    throw read.wrong(found.path, 'a profile is a file of this repository, such as ops/statements.csv');
  const days = found.days ? Number(read.text(found.days, 'days')) : undefined;
  if (found.days && !(Number(days) > 0)) throw read.wrong(found.days, 'days is a number above 0, such as 7');
  return {
    path: path.replace(/^\.\//, ''),
    ...(days === undefined ? {} : { days }),
    ...(found.migrations ? { chain: read.text(found.migrations, 'migrations') } : {}),
  };
}

function toLegacy(read: YamlReader, node: Node): Config['legacy'] {
  const seen = new Map<string, string>();
  return read.list(node, 'legacy', (one) => {
    const keys = ['table', 'columns', 'column', 'use', 'because', 'since', 'date', 'owner'];
    const found = read.record(one, 'an entry of legacy', keys);
    if (!found.table) throw read.wrong(one, 'an entry of legacy needs a table');
    if (found.column && found.columns)
      throw read.wrong(found.column, 'use either column or columns, not both');
    if (found.date && found.since) throw read.wrong(found.date, 'use either since or date, not both');
    const table = read.text(found.table, 'table');
    const columns = found.columns
      ? read.texts(found.columns, 'columns')
      : found.column
        ? [read.text(found.column, 'column')]
        : undefined;
    if (columns?.length === 0) throw read.wrong(one, 'columns needs at least one name');
    for (const part of columns ?? ['']) {
      const first = seen.get(JSON.stringify([table, part])) ?? seen.get(JSON.stringify([table, '']));
      if (first)
        throw read.wrong(one, `${shown(part || table)} is called legacy twice, first on line ${first}`);
      seen.set(JSON.stringify([table, part]), read.at(one).split(':')[0] ?? '');
    }
    const since = found.since ?? found.date;
    return {
      table,
      ...(columns ? { columns } : {}),
      ...(found.use ? { use: read.text(found.use, 'use') } : {}),
      ...(found.because ? { because: read.text(found.because, 'because') } : {}),
      ...(since ? { since: read.date(since, 'since') } : {}),
      ...(found.owner ? { owner: read.text(found.owner, 'owner') } : {}),
    };
  });
}

function toOwners(read: YamlReader, node: Node): Pick<Config, 'owners' | 'tableOwners'> {
  const { tables, ...found } = read.record(node, 'owners', ['connections', 'ddl', 'tables']);
  const owners = Object.entries(found).flatMap(([key, value]) =>
    value ? [[key, read.texts(value, `owners.${key}`)]] : [],
  );
  const ofTables = (tables ? read.pairs(tables, 'owners.tables') : []).map(({ key, value }) => {
    if (!value) throw read.wrong(node, `owners.tables.${shown(key)} needs the files that may use it`);
    return [key, read.texts(value, `owners.tables.${shown(key)}`)];
  });
  return {
    owners: Object.fromEntries(owners),
    ...(tables ? { tableOwners: Object.fromEntries(ofTables) } : {}),
  };
}

function toWrapper(read: YamlReader, node: Node): Wrapper {
  const found = read.record(node, 'an entry of wrappers', ['function', 'from', 'table', 'sql', 'op']);
  if (!found.function) throw read.wrong(node, 'an entry of wrappers needs a function');
  const name = read.text(found.function, 'function');
  if (!/^[A-Za-z_$][\w$]*$/.test(name))
    throw read.wrong(found.function, 'function is one name, such as runQuery: of a method its last');
  if (Boolean(found.table) === Boolean(found.sql))
    throw read.wrong(
      node,
      'an entry of wrappers says which argument is the table or the SQL: one of the two',
    );
  const at = (value: Node, what: string): number =>
    read.whole(value, what, [0, 20], 'the place of an argument, from 0');
  return {
    function: name,
    ...(found.from ? { from: read.text(found.from, 'from') } : {}),
    ...(found.table ? { table: at(found.table, 'table') } : {}),
    ...(found.sql ? { sql: at(found.sql, 'sql') } : {}),
    ...(found.op ? { op: read.word(found.op, 'op', USES) } : {}),
  };
}

function toRules(read: YamlReader, node: Node, ruleAt: Map<string, string>): Config['rules'] {
  const found = read.pairs(node, 'rules').map(({ key, at, value }) => {
    ruleAt.set(key, at);
    if (!value) throw read.wrong(node, `rules.${shown(key)} needs one of ${SEVERITIES.join(', ')}`);
    return [key, read.word(value, `rules.${key}`, SEVERITIES)] as const;
  });
  return Object.fromEntries(found);
}

function reasonOf(reason: string | undefined): string {
  if (reason === 'symlink') return 'a symbolic link, which is not followed';
  return reason === 'too large' ? 'too large' : 'binary';
}
