/** An option as help and the parser know it; without `value` it is a switch. */
export interface Option {
  readonly value?: string;
  readonly short?: string;
  /** The words that it accepts; where there are none, anything. */
  readonly words?: readonly string[];
  readonly about: string;
}

/** A command as help and the parser know it. */
export interface Command {
  readonly usage: string;
  readonly about: string;
  readonly options: readonly OptionName[];
  /** How many words may follow it; a hook's arguments come from git and its managers. */
  readonly words: readonly [least: number, most: number];
  /** What `--format` takes here, the default first, where it is not what it takes elsewhere. */
  readonly formats?: readonly string[];
  /** Whether one run may write several formats. */
  readonly severalResults?: boolean;
}

/** How `check` and `prove` write a report. */
export const REPORT_FORMATS = ['pretty', 'json', 'sarif', 'github', 'markdown'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

const PROOFS = ['fast', 'full', 'off'];

/** Every option of every command; an option means the same wherever it is accepted. */
export const OPTIONS = {
  repo: { value: 'DIR', about: 'the repository; default: the one that the current folder lies in' },
  all: { about: 'everything that is there, not only what is new; takes one revision instead of a range' },
  from: { value: 'DIR', about: 'compare two folders instead of two revisions: the one before' },
  to: { value: 'DIR', about: 'compare two folders instead of two revisions: the one after' },
  prove: {
    value: PROOFS.join('|'),
    words: PROOFS,
    about: 'what a scratch database runs: what is new, every chain from empty, nothing; default: fast',
  },
  'fail-on': {
    value: 'error|warning|never',
    words: ['error', 'warning', 'never'],
    about: 'the least severity that makes the exit code 1; default: error',
  },
  engine: {
    value: 'duckdb|postgres|pglite|sqlite',
    words: ['duckdb', 'postgres', 'pglite', 'sqlite'],
    about: 'the engine that runs the migrations; default: all that fit',
  },
  format: {
    value: 'pretty|json',
    words: ['pretty', 'json'],
    about: 'how the result is written; default: pretty',
  },
  output: {
    value: 'FILE',
    short: 'o',
    about: 'write the result to a file; after each of several --format, write that one',
  },
  config: {
    value: 'FILE',
    about: 'the configuration; default: tablewarden.yml or .github/tablewarden.yml',
  },
  at: {
    value: 'REV|DATE',
    about: 'the revision, or what was current at a date (UTC); default: the working tree',
  },
  export: { value: 'DIR', about: 'write every table of facts as a Parquet file' },
  port: { value: 'PORT', about: 'the port to listen on; default: PORT, or 3000' },
  host: { value: 'HOST', about: 'the address to listen on; default: HOST, or 0.0.0.0' },
  data: {
    value: 'DIR',
    about:
      'where the queue and fetched repositories are kept; default: TABLEWARDEN_DATA, or tablewarden-data',
  },
  jobs: { value: 'N', about: 'how many pull requests are judged at a time; default: 2' },
  record: { about: 'keep the run and its findings in the store, for `tablewarden runs`' },
  quiet: { short: 'q', about: 'no progress, and on the terminal no report where nothing was found' },
  help: { short: 'h', about: 'this text' },
  version: { short: 'v', about: 'the version' },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

const CHANGE = ['repo', 'all', 'from', 'to', 'format', 'output', 'config', 'quiet'] as const;

/** Every command that exists. */
export const COMMANDS = {
  check: {
    usage: 'check [<base>..<head>]',
    about: 'judge a change: by default, from the default branch to the working tree',
    options: [...CHANGE, 'prove', 'fail-on', 'record'],
    words: [0, 1],
    formats: REPORT_FORMATS,
    severalResults: true,
  },
  prove: {
    usage: 'prove [<base>..<head>]',
    about: 'only run the migrations in a scratch database, from empty',
    options: [...CHANGE, 'engine'],
    words: [0, 1],
    formats: REPORT_FORMATS,
    severalResults: true,
  },
  facts: {
    usage: 'facts "<SQL>" | facts --export DIR',
    about: 'query everything that was read, as the rules do; add <base>..<head> to see a change',
    options: ['repo', 'from', 'to', 'format', 'output', 'config', 'export', 'prove', 'quiet'],
    words: [0, 2],
  },
  schema: {
    usage: 'schema [<chain>]',
    about: 'write the schema that the migrations leave, at any revision',
    options: ['at', 'repo', 'format', 'output', 'config'],
    words: [0, 1],
    formats: ['sql', 'json', 'mermaid', 'markdown'],
  },
  history: {
    usage: 'history <table>[.<column>]',
    about: 'every change of a table, a column, an index, a constraint, a view or a type, with its commit',
    options: ['at', 'repo', 'config', 'format', 'output', 'quiet'],
    words: [1, 1],
  },
  blame: {
    usage: 'blame <table>',
    about: 'each column, constraint and index of a table with the commit and migration that last touched it',
    options: ['at', 'repo', 'config', 'format', 'output', 'quiet'],
    words: [1, 1],
  },
  diff: {
    usage: 'diff <revision|date> [<revision|date>]',
    about: 'what parts the schemas of two revisions; of one and the working tree',
    options: ['repo', 'config', 'format', 'output'],
    words: [1, 2],
  },
  runs: {
    usage: 'runs',
    about: 'the checks that `check --record` kept, and what became of their findings',
    options: ['repo', 'format', 'output'],
    words: [0, 0],
  },
  replay: {
    usage: 'replay <run>',
    about: 'make a kept check again: the same findings, or which of its inputs is another',
    options: ['repo'],
    words: [1, 1],
  },
  conflicts: {
    usage: 'conflicts [<branch>…]',
    about:
      'where migrations and code of HEAD collide with those of other branches; default: every remote one',
    options: ['repo', 'config', 'format', 'output', 'quiet'],
    words: [0, 999],
  },
  'store update': {
    usage: 'store update',
    about: "read what came to HEAD's branch into the store, a DuckDB file beside the cache",
    options: ['repo', 'format', 'output'],
    words: [0, 0],
  },
  'store rebuild': {
    usage: 'store rebuild',
    about: 'the same from nothing: git has all that it needs',
    options: ['repo', 'format', 'output'],
    words: [0, 0],
  },
  'store at': {
    usage: 'store at <date> [<path>]',
    about: 'what HEAD pointed to then, and which commit of its branch and of a path was current',
    options: ['repo', 'format', 'output'],
    words: [1, 2],
  },
  legacy: {
    usage: 'legacy [<revision>]',
    about: 'count the uses of legacy tables in code, now and over the history',
    options: ['repo', 'config', 'format', 'output', 'quiet'],
    words: [0, 1],
  },
  rules: {
    usage: 'rules',
    about: 'list the rules',
    options: ['repo', 'config', 'format', 'output'],
    words: [0, 0],
  },
  explain: {
    usage: 'explain <rule>',
    about: 'show the page of a rule, with its examples',
    options: ['repo', 'config', 'output'],
    words: [1, 1],
  },
  init: {
    usage: 'init',
    about:
      'show what is found here: migrations, databases, ORMs; write tablewarden.yml if something was guessed',
    options: ['repo'],
    words: [0, 0],
  },
  'hook install': {
    usage: 'hook install',
    about: 'judge what is pushed, before it is pushed',
    options: ['repo'],
    words: [0, 0],
  },
  'hook run': {
    usage: 'hook run <remote> <url>',
    about: "what the hook runs: git's pre-push protocol on standard input",
    options: ['repo', 'prove', 'fail-on', 'quiet'],
    words: [0, 99],
  },
  serve: {
    usage: 'serve',
    about: 'run the GitHub App; APP_ID, PRIVATE_KEY_PATH and WEBHOOK_SECRET are read from the environment',
    options: ['port', 'host', 'data', 'jobs'],
    words: [0, 0],
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

/** Options that every command accepts. */
export const EVERYWHERE: readonly OptionName[] = ['help', 'version'];
