import { nearest } from '../nearest.ts';
import type { Dialect } from '../schema/schema.ts';
import { pageError } from './page-error.ts';
import type { Rule } from './rule.ts';

/** What the front matter of a page says, with defaults filled in. */
export type FrontMatter = Pick<
  Rule,
  'severity' | 'reads' | 'code' | 'dialects' | 'trial' | 'asks' | 'once' | 'judges'
>;

type Expectation = NonNullable<Rule['trial']>['expect'];

const SEVERITIES = ['error', 'warning', 'note', 'off'] as const;
const READS = ['state', 'change', 'run'] as const;
const CODE = ['none', 'touched', 'all'] as const;
const EXPECT = ['fails', 'succeeds', 'scans', 'rewrites', 'index'] as const satisfies readonly Expectation[];
const DIALECTS = ['postgres', 'duckdb', 'mysql', 'sqlite'] as const satisfies readonly Dialect[];
const ASKS = ['index', 'foreign key', 'unique'] as const;
const ONCE = ['file', 'notes'] as const;
const JUDGES = ['execution'] as const;
const KEYS = ['severity', 'reads', 'code', 'dialects', 'expect', 'asks', 'once', 'judges'];

/** Reads `key: value` lines between two `---`; returns what they say and the index of the first line after them. */
export function readFrontMatter(
  path: string,
  lines: readonly string[],
): { readonly matter: FrontMatter; readonly end: number } {
  if (lines[0]?.trim() !== '---')
    throw pageError(
      path,
      1,
      'the page has no front matter',
      'Start it with a line `---`, then `severity: warning`, then `---`.',
    );
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === '---');
  if (end < 0) throw pageError(path, 1, 'the front matter has no end', 'Close it with a line `---`.');
  const values = new Map<string, { readonly text: string; readonly line: number }>();
  for (let index = 1; index < end; index++) {
    const line = (lines[index] ?? '').replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const [, key, text] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || text === undefined)
      throw pageError(
        path,
        index + 1,
        `\`${line}\` is no \`key: value\``,
        `The keys are ${KEYS.join(', ')}.`,
      );
    if (!KEYS.includes(key)) throw unknown(path, index + 1, `the key \`${key}\``, key, KEYS);
    if (values.has(key)) throw pageError(path, index + 1, `\`${key}\` is there twice`, 'Keep one of them.');
    values.set(key, { text: unquote(text), line: index + 1 });
  }
  const one = <T extends string>(key: string, known: readonly T[], otherwise: T): T => {
    const value = values.get(key);
    return value ? oneOf(path, value.line, key, value.text, known) : otherwise;
  };
  const dialects = values.get('dialects');
  const matter: FrontMatter = {
    severity: one('severity', SEVERITIES, 'warning'),
    reads: one('reads', READS, 'state'),
    code: one('code', CODE, 'none'),
    dialects: dialects
      ? listOf(dialects.text).map((text) => oneOf(path, dialects.line, 'dialects', text, DIALECTS))
      : [],
    ...(values.has('asks') && { asks: one('asks', ASKS, 'index') }),
    ...(values.has('once') && { once: one('once', ONCE, 'file') }),
    ...(values.has('judges') && { judges: one('judges', JUDGES, 'execution') }),
    ...(values.has('expect') && { trial: { expect: one('expect', EXPECT, 'fails') } }),
  };
  return { matter, end: end + 1 };
}

function oneOf<T extends string>(
  path: string,
  line: number,
  key: string,
  text: string,
  known: readonly T[],
): T {
  const found = known.find((word) => word === text);
  if (found === undefined) throw unknown(path, line, `the ${key} \`${text}\``, text, known);
  return found;
}

function unknown(path: string, line: number, what: string, word: string, known: readonly string[]): Error {
  const near = nearest(word, known);
  return pageError(
    path,
    line,
    `${what} is not known`,
    near ? `Did you mean \`${near}\`?` : `Write one of ${known.join(', ')}.`,
  );
}

function listOf(text: string): readonly string[] {
  return text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((part) => unquote(part.trim()))
    .filter((part) => part !== '');
}

function unquote(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2');
}
