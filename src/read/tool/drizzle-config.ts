import { dialectOf } from './dialect.ts';
import { folderOf, joined, type Layout } from './layout.ts';
import type { Draft, Texts } from './tool.ts';

/** How the names of Drizzle kit's configurations end. */
export const CONFIG_FILES: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (extension) => `drizzle.config.${extension}`,
);

/** What a `drizzle.config.*` says of its folder of migrations. It is code: only literals are read, nothing is run. */
export interface DrizzleConfig {
  readonly dialect?: Draft['dialect'];
  /** The ledger's table and schema, where they are not the usual ones. */
  readonly table?: string;
  readonly schema?: string;
}

/** The configuration whose `out` is this folder (`drizzle` beside it where it says none). */
export function configOf(layout: Layout, folder: string, texts: Texts): DrizzleConfig {
  for (const path of layout.marks.get('drizzle.config') ?? []) {
    const text = texts.get(path);
    if (text === undefined) continue;
    const out = literal(text, 'out') ?? './drizzle';
    if (resolved(folderOf(path), out) !== folder) continue;
    const said = literal(text, 'dialect') ?? literal(text, 'driver');
    const word = said === undefined ? undefined : dialectOf(said);
    const migrations = /\bmigrations\s*:\s*\{([^{}]*)\}/.exec(text)?.[1] ?? '';
    return {
      ...(word ? { dialect: { word, reason: `${path}: dialect: '${said}'` } } : {}),
      ...optional('table', literal(migrations, 'table')),
      ...optional('schema', literal(migrations, 'schema')),
    };
  }
  return {};
}

/** Whether a configuration names columns in snake case, and the files, folders or patterns where it finds its models. */
export function casingIn(
  path: string,
  text: string,
): { readonly isSnake: boolean; readonly schemas: readonly string[] } {
  const [, written = ''] = /["']?\bschema["']?\s*:\s*(\[[^\]]*\]|["'`][^"'`]*["'`])/.exec(text) ?? [];
  const schemas = [...written.matchAll(/["'`]([^"'`]*)["'`]/g)].map(([, schema = '']) => schema);
  return {
    isSnake: literal(text, 'casing') === 'snake_case',
    schemas: schemas.map((schema) => resolved(folderOf(path), schema)),
  };
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [_ in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [_ in K]: string }); // a computed key loses its type
}

function literal(text: string, key: string): string | undefined {
  return new RegExp(`(?:^|[\\s{,])["']?${key}["']?\\s*:\\s*(["'\`])([^"'\`\\n$]*)\\1`).exec(text)?.[2];
}

/** A relative path followed from a folder, without leaving the tree; `..` above the root stays at the root. */
function resolved(from: string, path: string): string {
  const parts = from === '.' ? [] : from.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.length === 0 ? '.' : joined('.', parts.join('/'));
}
