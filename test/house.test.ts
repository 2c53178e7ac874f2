import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

/** The rooms from left to right: a file may import from its own room and from rooms further left, never to the right. */
const LINE: readonly (readonly string[])[] = [
  ['git', 'cache', 'queue'],
  ['change'],
  ['schema'],
  ['read'],
  ['prove'],
  ['facts'],
  ['rule'],
  ['finding'],
  ['report'],
  ['github', 'store'],
  ['doors'],
];

/** Folders of a door's own and files that stand in no room. */
const DOORS = [
  ...['action', 'app', 'cli', 'hook'],
  ...['action.ts', 'app.ts', 'check.ts', 'cli.ts', 'hook.ts', 'config.ts'],
];
const EVERYBODYS = ['errors.ts', 'nearest.ts'];

/** Who may touch the world, and why nobody else. */
const WORLD: readonly { readonly module: RegExp; readonly rooms: readonly string[]; readonly why: string }[] =
  [
    {
      module: /^(node:)?child_process$/,
      rooms: ['git', 'prove'],
      why: 'git runs only in git/, engines only in prove/: everything that starts a process is seen in two places.',
    },
    {
      module: /^@duckdb\//,
      rooms: ['prove', 'store'],
      why: "what runs hostile SQL lives in the engine child; the store's own file is opened where its commands run.",
    },
    {
      module: /^sql\.js$/,
      rooms: ['prove'],
      why: 'SQLite runs what strangers wrote: in the engine child, like every engine.',
    },
    {
      module: /^@electric-sql\/pglite/,
      rooms: ['prove'],
      why: 'PGlite runs what strangers wrote: in a process of its own.',
    },
    {
      module: /^libpg-query$/,
      rooms: ['read', 'rule', 'facts'],
      why: 'SQL is parsed where it is read; every other room gets operations.',
    },
    {
      module: /^(oxc-parser|enhanced-resolve)$/,
      rooms: ['read'],
      why: 'code is parsed where it is read; every other room gets queries and models.',
    },
    {
      module: /^@octokit\//,
      rooms: ['github'],
      why: 'GitHub is talked to in one room.',
    },
    {
      module: /^probot$/,
      rooms: ['doors'],
      why: 'Probot is who the App is; it is an optional peer, loaded where the App starts.',
    },
    {
      module: /^yaml$/,
      rooms: ['doors', 'rule'],
      why: 'configuration and rule pages are the only YAML.',
    },
    {
      module: /^(node:)?(http|https|http2|tls|dgram|dns)(\/.*)?$/,
      rooms: [],
      why: 'nothing here talks to a network, but for what EXCEPTIONS names.',
    },
    {
      module: /^(node:)?net$/,
      rooms: ['prove'],
      why: 'a socket is only the pipe between the engine child and its parent.',
    },
  ];

/** Single files that may do what their room may not, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/app/judge.ts imports node:child_process':
    'the App judges in a process of its own program, which holds no secret and can be stopped.',
  'src/app/front.ts imports node:http': 'the App listens for events; this is the only door to the outside.',
};

/** Files above 300 lines, each with the reason why it is better whole. */
const LONG: Readonly<Record<string, string>> = {
  'src/schema/operation.ts':
    'one discriminated union, which is read whole: everything that a statement can do.',
};

const VAGUE = /^(utils?|helpers?|common|types|lib|core|misc|shared)(\.|$)/;

interface Import {
  readonly file: string;
  readonly line: number;
  readonly module: string;
}

const sources = filesBelow('src').filter((file) => file.endsWith('.ts'));
const imports = sources.flatMap(importsOf);

describe('the house', () => {
  test('imports point one way', () => {
    const wrong = imports.flatMap(({ file, line, module }) => {
      if (!module.startsWith('.')) return [];
      const target = posix.join(posix.dirname(file), module);
      if (!target.startsWith('src/')) return [];
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from === to || to === 'everybody') return [];
      const allowed = from !== 'everybody' && rank(to) < rank(from);
      const why = `${from} stands left of ${to} or beside it, and knows nothing of it; ${LINE.flat().join(' → ')}`;
      return allowed ? [] : [`${file}:${line} imports ${target}: ${why}`];
    });
    expect(wrong).toEqual([]);
  });

  test('every file stands in a room', () => {
    expect(sources.filter((file) => rank(roomOf(file)) < 0 && roomOf(file) !== 'everybody')).toEqual([]);
  });

  test.each(WORLD)('only $rooms may import $module', ({ module: forbidden, rooms, why }) => {
    const wrong = imports
      .filter(({ file, module }) => forbidden.test(module) && !rooms.includes(roomOf(file)))
      .filter(({ file, module }) => !Object.hasOwn(EXCEPTIONS, `${file} imports ${module}`))
      .map(({ file, line, module }) => `${file}:${line} imports ${module}: ${why}`);
    expect(wrong).toEqual([]);
  });

  test('only the doors of GitHub fetch', () => {
    const wrong = imports.filter(
      ({ file, module }) => /(^|\/)git\/fetch\.ts$/.test(module) && !/^src\/(action|app|github)\//.test(file),
    );
    expect(wrong, 'the command line and the hook never use the network').toEqual([]);
  });

  test('no file or folder has a name that says nothing', () => {
    const names = [...filesBelow('src'), ...filesBelow('test')].filter((file) =>
      file.split('/').some((part) => VAGUE.test(part)),
    );
    expect(names, 'what helps a noun lives in the room of that noun').toEqual([]);
  });

  test('no file is above 300 lines without a reason', () => {
    const long = sources.filter((file) => read(file).split('\n').length > 301);
    expect(long, 'split by noun or verb, or list it in LONG with the reason').toEqual(
      Object.keys(LONG).sort(),
    );
  });

  test('names are kebab-case', () => {
    expect(
      sources.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*\.(test\.)?ts$/.test(posix.basename(file))),
    ).toEqual([]);
  });

  test('every exported name is exported under its own name', () => {
    expect(sources.filter((file) => /^export (default|\*)/m.test(read(file)))).toEqual([]);
  });
});

function rank(room: string): number {
  return LINE.findIndex((rooms) => rooms.includes(room));
}

function roomOf(file: string): string {
  const first = file.split('/')[1] ?? '';
  if (EVERYBODYS.includes(first)) return 'everybody';
  return DOORS.includes(first) ? 'doors' : first;
}

/** Static imports and re-exports, type imports included, and `import()` of a literal. */
function importsOf(file: string): readonly Import[] {
  const text = read(file);
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]!.message}`);
  const found = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) => (entry.moduleRequest ? [entry.moduleRequest] : [])),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
      const literal = /^(['"`])(.*)\1$/.exec(text.slice(start, end));
      return literal ? [{ value: literal[2]!, start }] : [];
    }),
  ];
  return found.map(({ value, start }) => ({
    file,
    line: text.slice(0, start).split('\n').length,
    module: value,
  }));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name))
    .sort();
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
