import { posix } from 'node:path';
import type { Node } from 'oxc-parser';
import { unwrapped } from '../typescript/call-chain.ts';
import { propertiesOf } from '../typescript/contents.ts';
import { knownTexts } from '../typescript/known-texts.ts';
import { type CodeModule, toModule } from '../typescript/module.ts';
import { parseCode } from '../typescript/parse.ts';
import { traceExport } from '../typescript/trace.ts';
import { type Modules, startTrail } from '../typescript/trail.ts';
import { folderOf, upwards } from './layout.ts';

/** How the names of Drizzle kit's configurations end. */
export const CONFIG_FILES: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (extension) => `drizzle.config.${extension}`,
);

/**
 * What a `drizzle.config.*` says. It is code that is parsed and never run: what the file alone does not tell is undefined.
 * `tablesFilter` and `schemaFilter` are left out, since `generate` does not ask for them.
 * https://github.com/drizzle-team/drizzle-orm/blob/0.45.1/drizzle-kit/src/migrationPreparator.ts
 */
export interface DrizzleConfig {
  readonly path: string;
  /** The folder of the migrations, as it is written: relative to where the kit is run, or from `/`, the top of the tree. */
  readonly out: string | undefined;
  /** Files, folders and patterns of models, likewise. */
  readonly schema: readonly string[] | undefined;
  readonly dialect: string | undefined;
  readonly isSnakeCased: boolean;
  /** The ledger's table and schema, where they are not the usual ones. */
  readonly table: string | undefined;
  readonly ledgerSchema: string | undefined;
}

/** Reads a configuration of the kit. `loadCodeParser()` comes first. */
export function readDrizzleConfig(path: string, text: string): DrizzleConfig {
  const settings = settingsOf(path, text);
  const ledger = settings.at('migrations');
  return {
    path,
    out: settings.lacks('out') ? './drizzle' : settings.at('out').text(),
    schema: settings.at('schema').texts()?.flatMap(alternatives),
    dialect: settings.at('dialect').text() ?? settings.at('driver').text(),
    isSnakeCased: settings.at('casing').text() === 'snake_case',
    table: ledger.at('table').text(),
    ledgerSchema: ledger.at('schema').text(),
  };
}

/** `src/{a,b}.ts` as `src/a.ts` and `src/b.ts`. */
function alternatives(pattern: string): readonly string[] {
  const [whole, before = '', choices = '', after = ''] = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return choices.split(',').flatMap((one) => alternatives(`${before}${one}${after}`));
}

/** A configuration that has a folder for its migrations, and the folder where the kit is then run. */
export interface PlacedConfig {
  readonly config: DrizzleConfig;
  readonly folder: string;
}

/** The configurations whose migrations are in a folder, the nearest first: the kit is run beside them, or further up. */
export function configsOf(configs: readonly DrizzleConfig[], folder: string): readonly PlacedConfig[] {
  const placed = configs.flatMap((config) => {
    const { out } = config;
    const from = upwards(folderOf(config.path));
    const steps = out === undefined ? -1 : from.findIndex((one) => resolved(one, out) === folder);
    const found = from[steps];
    return found === undefined ? [] : [{ config, folder: found, steps }];
  });
  return placed.sort((a, b) => a.steps - b.steps);
}

/** A path of a configuration, followed from where the kit is run; `..` above the root stays at the root. */
export function resolved(from: string, path: string): string {
  const whole = posix.join('/', path.startsWith('/') ? '' : from, path).replace(/^\/|\/$/g, '');
  return whole === '' ? '.' : whole;
}

/** A configuration has only itself: what it imports is not followed. */
const ALONE: Modules = {
  load: () => undefined,
  resolve: () => ({ kind: 'missing' }),
  implementers: () => [],
  texts: () => [],
  once: (_, make) => make(),
};

/** An object of settings, as far as its file tells: what a key holds, and whether there are no other keys. */
interface Settings {
  at(key: string): Settings;
  /** Undefined where it is not known. */
  texts(): readonly string[] | undefined;
  text(): string | undefined;
  /** Whether there certainly is no such key. */
  lacks(key: string): boolean;
}

function settingsOf(path: string, text: string): Settings {
  const isJson = path.endsWith('.json');
  const code = isJson ? `export default ${text}` : text;
  const { program } = parseCode(isJson ? `${path}.ts` : path, code);
  if (!program) return UNKNOWN;
  const module = toModule(path, code, program);
  const exported = traceExport(module, 'default', startTrail(ALONE));
  return exported.kind === 'node' ? settingsIn(module, exported.node) : UNKNOWN;
}

const UNKNOWN: Settings = {
  at: () => UNKNOWN,
  texts: () => undefined,
  text: () => undefined,
  lacks: () => false,
};

function settingsIn(module: CodeModule, node: Node): Settings {
  const inner = unwrapped(node);
  const [given] = inner.type === 'CallExpression' ? inner.arguments : []; // defineConfig({ … })
  const { properties, complete } = propertiesOf({ module, node: given ?? inner }, ALONE);
  return {
    at: (key) => {
      const value = properties.findLast((one) => one.key === key)?.value;
      return value ? settingsIn(module, value) : UNKNOWN;
    },
    texts: () => knownTexts(module, node),
    text: () => {
      const found = knownTexts(module, node);
      return found?.length === 1 ? found[0] : undefined;
    },
    lacks: (key) => complete && !properties.some((one) => one.key === key),
  };
}
