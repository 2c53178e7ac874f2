import type { Program } from 'oxc-parser';
import { scriptOf } from './script-blocks.ts';

/** A file of code as a tree with UTF-16 offsets of the file, or why there is none. */
export type ParsedCode =
  | { readonly program: Program }
  | { readonly program: undefined; readonly reason: string; readonly offset: number };

/** Files of code by name. */
export const CODE_FILE = /\.([cm]?[jt]s|[jt]sx|vue|svelte)$/i;

/** A schema of Prisma, which is read with code. */
export const SCHEMA_FILE = /\.prisma$/;

/** Whether a file is read with code. */
export function isReadAsCode(path: string): boolean {
  return (CODE_FILE.test(path) || SCHEMA_FILE.test(path)) && !isPassedOver(path);
}

/** Whether a path is that of something installed, built or generated, or of types without code. */
export function isPassedOver(path: string): boolean {
  return NOT_READ.test(path);
}

const NOT_READ = /(^|\/)(node_modules|\.next|\.nuxt|\.output|\.yarn)\/|\.d\.[cm]?ts$|\.min\.js$/;

/** Longer files are generated; their tree would take a hundred times their size in memory. */
const LONGEST = 2_000_000;

let parser: typeof import('oxc-parser') | undefined;

/** Loads the parser of code, once. */
export async function loadCodeParser(): Promise<void> {
  parser ??= await import('oxc-parser');
}

/** The names of a node's fields that hold nodes, by the node's type. Call {@link loadCodeParser} first. */
export function childKeys(): Readonly<Record<string, readonly string[]>> {
  return loaded().visitorKeys;
}

/** Parses one file of code. Call {@link loadCodeParser} first. There is no tree for a file with a syntax error. */
export function parseCode(path: string, text: string): ParsedCode {
  if (text.length > LONGEST) return refused(`it is ${(text.length / 1e6).toFixed(1)} MB long`);
  const script = scriptOf(path, text);
  if (script.open !== undefined) return refused('a script opens here that never ends', script.open);
  if (nestsTooDeep(script.text)) return refused('it nests too deep');
  const first = attempt(path, script.text, script.language, script.sourceType);
  if (first.program || script.language !== 'jsx') return first;
  const second = attempt(path, script.text, 'tsx', 'module');
  return second.program ? second : first;
}

function attempt(
  path: string,
  text: string,
  lang: 'ts' | 'tsx' | 'jsx',
  sourceType: 'module' | 'unambiguous',
): ParsedCode {
  const result = loaded().parseSync(path, text, { lang, sourceType, preserveParens: false });
  const [error] = result.errors;
  const { program } = result;
  if (!error || program.body.length > 0) return { program };
  return refused(`it does not parse: ${error.message}`, error.labels[0]?.start ?? 0);
}

function refused(reason: string, offset = 0): ParsedCode {
  return { program: undefined, reason, offset };
}

function loaded(): typeof import('oxc-parser') {
  if (!parser) throw new Error('loadCodeParser() comes first');
  return parser;
}

const DEEPEST = 2000;
const LONGEST_RUN = 8000;

/**
 * The parser recurses and ends the process where its stack ends, at some 10,000 levels. Brackets make levels, and so do
 * operators that follow each other without a comma, semicolon or bracket between them.
 */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let run = 0;
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isWord =
      (unit > 96 && unit < 123) || (unit > 47 && unit < 58) || (unit > 64 && unit < 91) || unit > 127;
    if (isWord) {
      if (!inWord) run++;
      inWord = true;
    } else {
      inWord = false;
      if (unit === 40 || unit === 91 || unit === 123) {
        depth++;
        run = 0;
      } else if (unit === 41 || unit === 93 || unit === 125) {
        depth--;
        run = 0;
      } else if (unit === 44 || unit === 59) run = 0;
      else if (unit > 32 && unit !== 42 && unit !== 47) run++;
    }
    if (depth > DEEPEST || run > LONGEST_RUN) return true;
  }
  return false;
}
