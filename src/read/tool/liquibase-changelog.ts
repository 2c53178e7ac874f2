import { folderOf, joined, type Layout, upwards } from './layout.ts';
import { byText, type Texts } from './tool.ts';

/** What a changelog runs, in order: SQL files, and what is not SQL. */
export interface ChangelogRun {
  readonly sql: readonly string[];
  /** Changelogs with changesets of their own in XML, YAML or JSON. */
  readonly notSql: readonly string[];
  /** What is included and is not there. */
  readonly missing: readonly string[];
}

interface Entry {
  readonly kind: 'include' | 'includeAll' | 'sqlFile' | 'changeSet';
  readonly path?: string;
  readonly relative: boolean;
}

/** Follows a changelog through what it includes. https://docs.liquibase.com/change-types/includeall.html */
export function followChangelog(layout: Layout, root: string, texts: Texts): ChangelogRun {
  const sql: string[] = [];
  const notSql = new Set<string>();
  const missing: string[] = [];
  const seen = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    if (/\.sql$/i.test(path)) {
      sql.push(path);
      return;
    }
    for (const entry of entriesIn(path, texts.get(path) ?? '')) {
      if (entry.kind === 'changeSet') notSql.add(path);
      if (entry.path === undefined) continue;
      const found = entry.kind === 'includeAll' ? filesIn(layout, path, entry) : fileAt(layout, path, entry);
      if (found.length === 0) missing.push(entry.path);
      for (const one of found) follow(one);
    }
  };
  follow(root);
  return { sql, notSql: [...notSql], missing };
}

/** Files that a changelog names, whether by `include` or all of a folder. */
export function included(layout: Layout, path: string, text: string): readonly string[] {
  return entriesIn(path, text).flatMap((entry) =>
    entry.kind === 'includeAll' ? filesIn(layout, path, entry) : fileAt(layout, path, entry),
  );
}

function entriesIn(path: string, text: string): readonly Entry[] {
  if (/\.xml$/i.test(path)) return [...text.matchAll(XML)].map(([tag, kind = '']) => entryOf(kind, tag));
  const parts = /\.json$/i.test(path)
    ? text.split(/(?="(?:include|includeAll|sqlFile|changeSet)"\s*:)/)
    : text.split(/^(?=[ \t]*-[ \t]+\w+[ \t]*:)/m);
  return parts.flatMap((part) => {
    const kind = /^[\s"-]*(include|includeAll|sqlFile|changeSet)"?\s*:/.exec(part)?.[1];
    return kind === undefined ? [] : [entryOf(kind, part)];
  });
}

const XML = /<(include|includeAll|sqlFile|changeSet)\b[^>]*>/g;

function entryOf(kind: string, text: string): Entry {
  const path = /\b(?:file|path)"?\s*[:=]\s*["']?([^"'\s,#>}]+)/.exec(text)?.[1];
  return {
    kind: kind as Entry['kind'], // the patterns take no other word
    ...(path === undefined || kind === 'changeSet'
      ? {}
      : { path: path.replace(/^classpath\*?:\/?/, '').replace(/^\.?\//, '') }),
    relative: /\brelativeToChangelogFile"?\s*[:=]\s*["']?true/i.test(text),
  };
}

/** Relative to the changelog, or found from the folders above it, as on a search path. */
function fileAt(layout: Layout, from: string, { path = '', relative }: Entry): readonly string[] {
  const candidates = relative
    ? [resolved(folderOf(from), path)]
    : upwards(folderOf(from)).map((above) => joined(above, path));
  const found = candidates.find((candidate) => layout.entries.has(candidate));
  return found === undefined ? [] : [found];
}

function filesIn(layout: Layout, from: string, { path = '', relative }: Entry): readonly string[] {
  const folder = path.replace(/\/+$/, '');
  const candidates = relative
    ? [resolved(folderOf(from), folder)]
    : upwards(folderOf(from)).map((above) => joined(above, folder));
  for (const candidate of candidates) {
    const below = [...layout.entries.keys()].filter(
      (one) => one.startsWith(`${candidate}/`) && /\.(sql|xml|ya?ml|json)$/i.test(one) && one !== from,
    );
    if (below.length > 0) return below.sort(byText);
  }
  return [];
}

function resolved(folder: string, path: string): string {
  const parts = folder === '.' ? [] : folder.split('/');
  for (const part of path.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  return parts.join('/');
}
