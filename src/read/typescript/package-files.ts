import { posix } from 'node:path';
import type { Tree, TreeEntry } from '../../change/change-set.ts';

/** What matters here of one `package.json`. */
export interface PackageFile {
  /** Its folder; `.` for the root. */
  readonly folder: string;
  readonly name?: string;
  /** Names of every kind of dependency. */
  readonly dependencies: readonly string[];
}

/** The tree's JSON files that imports depend on, parsed, by path; a file that is not JSON is left out. */
export type JsonFiles = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** As many rounds of `extends` are followed. */
const ROUNDS = 8;

/** Reads every package.json and tsconfig of a tree, and whatever the latter extend, each round in one batch. */
export async function readJsonFiles(tree: Tree, entries: ReadonlyMap<string, TreeEntry>): Promise<JsonFiles> {
  const json = new Map<string, Readonly<Record<string, unknown>>>();
  const tried = new Set<string>();
  let wanted = [...entries.keys()].filter((path) =>
    /(^|\/)(package|[tj]sconfig(\.[\w.-]+)?)\.json$/.test(path),
  );
  for (let round = 0; round < ROUNDS && wanted.length > 0; round++) {
    for (const path of wanted) tried.add(path);
    const found: string[] = [];
    for (const [path, { text }] of await tree.read(wanted)) {
      const parsed = text === undefined ? undefined : parseJson(text);
      if (!parsed) continue;
      json.set(path, parsed);
      found.push(path);
    }
    const names = packageFolders(json);
    wanted = [
      ...new Set(found.flatMap((path) => extendedBy(path, json.get(path) ?? {}, names).flat())),
    ].filter((path) => entries.has(path) && !tried.has(path));
  }
  return json;
}

function packageFolders(json: JsonFiles): ReadonlyMap<string, string> {
  const found = [...json].flatMap(([path, { name }]) =>
    posix.basename(path) === 'package.json' && typeof name === 'string'
      ? [[name, posix.dirname(path)] as const]
      : [],
  );
  return new Map(found.reverse());
}

/** Paths that the `extends` and `references` of a tsconfig may mean, in the order in which they are tried. */
export function extendedBy(
  path: string,
  config: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  if (posix.basename(path) === 'package.json') return [];
  const extended = [config.extends].flat().filter((one): one is string => typeof one === 'string');
  return extended.map((specifier) => {
    if (specifier.startsWith('.')) return variants(posix.join(posix.dirname(path), specifier));
    const parts = specifier.split('/');
    const length = specifier.startsWith('@') ? 2 : 1;
    const folder = names.get(parts.slice(0, length).join('/'));
    return folder === undefined ? [] : variants(posix.join(folder, ...parts.slice(length)));
  });
}

function variants(path: string): readonly string[] {
  return [path, `${path}.json`, posix.join(path, 'tsconfig.json')];
}

/** The packages of a tree by folder. */
export function packagesOf(json: JsonFiles): ReadonlyMap<string, PackageFile> {
  const packages = new Map<string, PackageFile>();
  for (const [path, content] of json) {
    if (posix.basename(path) !== 'package.json') continue;
    const folder = posix.dirname(path);
    const name = typeof content.name === 'string' && content.name !== '' ? content.name : undefined;
    const dependencies = [
      'dependencies',
      'devDependencies',
      'peerDependencies',
      'optionalDependencies',
    ].flatMap((kind) => (isRecord(content[kind]) ? Object.keys(content[kind]) : []));
    packages.set(folder, { folder, name, dependencies });
  }
  return packages;
}

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON as tsconfig files are written: with comments and trailing commas. */
function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  const plain = text
    .replace(/^\uFEFF/, '')
    .replace(
      /("(?:\\.|[^"\\])*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g,
      (_, quoted: string | undefined) => quoted ?? ' ',
    )
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? '');
  try {
    const parsed: unknown = JSON.parse(plain);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
