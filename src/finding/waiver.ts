import { lineStarts, type Span, toSpan } from '../change/span.ts';
import { commentTest, statementTarget } from './waiver-in-sql.ts';

/** A comment that allows findings: `tablewarden: allow <rule>[, <rule>] because <reason> [until 2027-03-01]`. */
export interface Waiver {
  /** From `tablewarden:` to the end of what it says. */
  readonly span: Span;
  readonly rules: readonly string[];
  readonly reason?: string;
  /** The last day on which it holds, as written. */
  readonly until?: string;
  /** Lines whose findings it covers, both included. */
  readonly target: { readonly from: number; readonly to: number };
  /** Why it allows nothing; `unknown form`: it wants to allow something, and says it in words that are not read. */
  readonly problem?: 'no reason' | 'bad date' | 'unknown form';
}

/** A waiver's text and the place of its comment, by UTF-16 offsets. */
export interface WaiverComment {
  /** Where the comment opens. */
  readonly open: number;
  /** Where `tablewarden:` starts. */
  readonly start: number;
  readonly end: number;
}

/** Opening signs of a comment, each with what ends it; a line's end where nothing is named. */
const OPENERS = /(\/\/+!?|#+|--+|\/\*+|<!--|(?<=^[ \t]*)\*)[ \t]*$/;
const MARK = /tablewarden:/gi;

/**
 * The waivers of a text, whatever its language. A waiver must begin its comment. It covers its own line if code stands
 * before it there, else the next line with code; in SQL, between statements, the whole statement that follows. Nothing
 * covers a whole file. In SQL a waiver within a string or a dollar-quoted body does not count; in Markdown and HTML only
 * `<!-- -->` is a comment, as all else is text that readers see. Continuation lines of `--` and `//` are not read.
 */
export function findWaivers(path: string, text: string): readonly Waiver[] {
  if (!/tablewarden:/i.test(text)) return [];
  const starts = lineStarts(text);
  const isSql = /\.sql$/i.test(path);
  const isComment = isSql ? commentTest(text) : () => true;
  const comments = commentsOf(path, text, starts).filter((comment) => isComment(comment.open));
  if (comments.length === 0) return [];
  const targetOf = isSql ? statementTarget(text, starts) : lineTarget(text, starts);
  return comments.flatMap((comment) => {
    const said = text.slice(comment.start, comment.end);
    const read = parseWaiver(said);
    if (!read) return [];
    const span = toSpan(path, starts, comment.start, comment.start + said.trimEnd().length);
    return [{ span, ...read, target: targetOf(comment, span.line) }];
  });
}

function commentsOf(path: string, text: string, starts: readonly number[]): readonly WaiverComment[] {
  const isMarkup = /\.(md|mdx|markdown|html?|xml|svg)$/i.test(path);
  return [...text.matchAll(MARK)].flatMap(({ index: start }) => {
    const { column } = toSpan(path, starts, start, start);
    const before = text.slice(start - Math.min(column - 1, 500), start);
    const opener = OPENERS.exec(before);
    if (!opener) return [];
    const sign = opener[1] ?? '';
    if (isMarkup && sign !== '<!--') return [];
    return [{ open: start - before.length + opener.index, start, end: endOf(text, start, sign) }];
  });
}

/** Characters of a comment that are read. */
const LONGEST = 2000;

function endOf(text: string, start: number, sign: string): number {
  const rest = text.slice(start, start + LONGEST);
  const close = sign === '<!--' ? '-->' : sign.startsWith('/*') || sign === '*' ? '*/' : undefined;
  const end = close === undefined ? -1 : rest.indexOf(close);
  if (end >= 0) return start + end;
  const newline = rest.search(/[\r\n]/);
  return start + (newline < 0 ? rest.length : newline);
}

const VERB = /^tablewarden:[ \t]*(\S+)\s*/i;
const MEANT = /^(al+ow\w*|ignore\w*|disable\w*|skip\w*|suppress\w*|waive\w*|accept\w*|permit\w*|except\w*)$/i;
const RULES = /^[a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*/i;

type ReadWaiver = Pick<Waiver, 'rules' | 'reason' | 'until' | 'problem'>;

/** What a comment that begins with `tablewarden:` says; undefined where it does not mean to allow anything. */
function parseWaiver(said: string): ReadWaiver | undefined {
  const text = said.replace(/\s*[\r\n]+[ \t]*(\*(?!\/)|--|\/\/|#)?[ \t]*/g, ' ').trim();
  const verb = VERB.exec(text);
  const word = verb?.[1] ?? '';
  if (!verb || !MEANT.test(word)) return undefined;
  const rest = text.slice(verb[0].length);
  const list = RULES.exec(rest)?.[0] ?? '';
  const rules = list === '' ? [] : [...new Set(list.split(/\s*,\s*/).map((rule) => rule.toLowerCase()))];
  if (word.toLowerCase() !== 'allow' || rules.length === 0 || rules[0] === 'because')
    return { rules: [], problem: 'unknown form' };
  const after = /^\s+because\b\s*(.*)$/i.exec(rest.slice(list.length))?.[1];
  const until = /(?:^|\s)until\s+(\d[\w./-]*?)[.;]?$/i.exec(after ?? rest);
  const reason = (until ? after?.slice(0, until.index) : after)?.replace(/[\s,;]+$/, '');
  const dated = until?.[1] === undefined ? {} : { until: until[1] };
  if (reason === undefined || !/[\p{L}\p{N}]/u.test(reason)) return { rules, ...dated, problem: 'no reason' };
  if (until?.[1] !== undefined && !isDay(until[1])) return { rules, reason, ...dated, problem: 'bad date' };
  return { rules, reason, ...dated };
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const ONLY_COMMENT = /^[ \t]*(\/\/|#(?!\w*\()|--|\/\*|\*|<!--|\{\/\*|\*\/|-->)/;

/** Covers the line of a comment behind code, else the next line that holds more than a comment. */
function lineTarget(text: string, starts: readonly number[]) {
  const lineOf = (index: number): string => text.slice(starts[index], starts[index + 1] ?? text.length);
  let next: number | undefined;
  const nextCode: number[] = [];
  for (let index = starts.length - 1; index >= 0; index--) {
    nextCode[index] = next ?? index;
    const line = lineOf(index);
    if (line.trim() !== '' && !ONLY_COMMENT.test(line)) next = index;
  }
  return (comment: WaiverComment, line: number): Waiver['target'] => {
    const before = text.slice(starts[line - 1], comment.open).replace(/\{$/, '');
    const behindCode = before.trim() !== '';
    const covered = behindCode ? line : (nextCode[line - 1] ?? line - 1) + 1;
    return { from: covered, to: covered };
  };
}
