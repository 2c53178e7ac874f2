import { nearest } from '../nearest.ts';
import { tokensOf } from '../read/sql/lex.ts';
import { split } from '../read/sql/split.ts';
import { readExamples } from './example.ts';
import { readFrontMatter } from './front-matter.ts';
import { type Part, paragraphs, partsOf } from './markdown.ts';
import { placeholdersOf } from './message.ts';
import { pageError } from './page-error.ts';
import type { Rule } from './rule.ts';
import { tablesNamed, tablesRead, unqualifiedTables } from './tables-read.ts';

type Block = Part & { readonly kind: 'block' };

const SECTIONS = ['Message', 'Query', 'Flagged', 'Accepted'];
const SIZE = 200_000;

/**
 * Reads a page of `rules/` or of the user's own; throws a `UserError` that names file, line and remedy. What only an
 * engine can tell about the query is said by `checkQueries`.
 */
export function parsePage(path: string, text: string, own: boolean): Rule {
  if (text.length > SIZE)
    throw pageError(path, 1, 'the page is too large', `Keep it under ${SIZE} characters.`);
  const id = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    throw pageError(
      path,
      1,
      `\`${id}\` is no rule id`,
      'Name the file after the mistake, as `table-without-owner.md`.',
    );
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const { matter, end } = readFrontMatter(path, lines);
  const parts = partsOf(path, lines, end);
  const { title, prose, sections } = divide(path, parts, lines.length);
  const message = readMessage(path, sections.get('Message'), lines.length);
  const [summary] = paragraphs(prose);
  if (summary === undefined)
    throw pageError(
      path,
      lines.length,
      'the page does not say what happens',
      'Write a paragraph under the title: the consequence first.',
    );
  return {
    id,
    path,
    own,
    ...matter,
    title,
    summary,
    message,
    ...readQuery(path, sections.get('Query'), matter, lines.length),
    instead: blocksOf(prose).flatMap((block) => readInstead(block)),
    flagged: readExamples(path, sections.get('Flagged') ?? []),
    accepted: readExamples(path, sections.get('Accepted') ?? []),
  };
}

/** Title, prose before the first known section, and the sections without their headings. */
function divide(path: string, parts: readonly Part[], lastLine: number) {
  const sections = new Map<string, Part[]>();
  const prose: Part[] = [];
  let title: string | undefined;
  let current = prose;
  for (const part of parts) {
    if (part.kind === 'heading' && part.level === 1 && title === undefined) title = part.text;
    else if (part.kind === 'heading' && part.level === 2) {
      const known = SECTIONS.includes(part.text);
      const near = known ? undefined : nearest(part.text, SECTIONS);
      if (near)
        throw pageError(
          path,
          part.line,
          `the section \`${part.text}\` is not known`,
          `Did you mean \`## ${near}\`?`,
        );
      if (sections.has(part.text))
        throw pageError(path, part.line, `the section \`${part.text}\` is there twice`, 'Join the two.');
      current = [];
      if (known) sections.set(part.text, current);
    } else current.push(part);
  }
  if (title === undefined)
    throw pageError(
      path,
      lastLine,
      'the page has no title',
      'Name the mistake in a line `# …` under the front matter.',
    );
  return { title, prose, sections };
}

function readMessage(path: string, parts: readonly Part[] | undefined, lastLine: number): string {
  const message = paragraphs(parts ?? []).join(' ');
  if (message === '')
    throw pageError(
      path,
      lastLine,
      'the page has no message',
      'Add a section `## Message` with one sentence.',
    );
  const line = parts?.[0]?.line ?? lastLine;
  for (const { name, form } of placeholdersOf(message))
    if (form !== undefined && form !== 'list')
      throw pageError(
        path,
        line,
        `\`{${name}:${form}}\` is not known`,
        `Write \`{${name}}\` or \`{${name}:list}\`.`,
      );
  return message;
}

function readQuery(
  path: string,
  parts: readonly Part[] | undefined,
  { reads, trial }: Pick<Rule, 'reads' | 'trial'>,
  lastLine: number,
) {
  const expects = trial !== undefined;
  const [block, second] = blocksOf(parts ?? []);
  if (reads === 'run') {
    if (block)
      throw pageError(
        path,
        block.line,
        'a page that reads `run` has no query',
        'Remove it, or write `reads: state`.',
      );
    return {};
  }
  if (!block || block.lines.join('').trim() === '')
    throw pageError(
      path,
      block?.line ?? lastLine,
      'the page has no query',
      'Add a section `## Query` with one `sql` block.',
    );
  if (second)
    throw pageError(path, second.line, 'the page has two queries', 'A page has one; write a second page.');
  const query = block.lines.join('\n').trim().replace(/;$/, '');
  const queryLine = block.line + 1 + block.lines.findIndex((line) => line.trim() !== '');
  needOneStatement(path, query, queryLine);
  needTable(path, query, queryLine);
  if (reads === 'state') needNoSide(path, query, queryLine);
  needTrial(path, query, queryLine, expects);
  return { query, queryLine };
}

function needOneStatement(path: string, query: string, line: number): void {
  const statements = split(query, 'duckdb').filter((piece) => piece.notSql === undefined);
  if (statements.length > 1)
    throw pageError(
      path,
      line,
      `the query has ${statements.length} statements`,
      'A rule has one SELECT; write a second page.',
    );
}

/** What a trial is to show stands in the front matter, the trial itself in the query. */
function needTrial(path: string, query: string, line: number, expects: boolean): void {
  const words = tokensOf(query, 'duckdb').map(({ start, end }) => query.slice(start, end).toLowerCase());
  const columns = words.filter((word, at) => words[at - 1] === 'as' && /^"?trial(_on)?"?$/.test(word));
  const literals = columns.flatMap((word) => (word.includes('_on') ? [] : literalBefore(query)));
  if (expects && columns.length === 0)
    throw pageError(
      path,
      line,
      'the page says what its trial shows, and its query returns none',
      'Return a statement `AS trial`, or remove `expect` from the front matter.',
    );
  if (!expects && columns.length > 0)
    throw pageError(
      path,
      line,
      'the query returns a trial, and the page does not say what it is to show',
      'Add `expect: fails`, `succeeds`, `scans`, `rewrites` or `index` to the front matter.',
    );
  for (const statement of literals) {
    const { length } = split(statement, 'postgres').filter((piece) => piece.notSql === undefined);
    if (length !== 1)
      throw pageError(path, line, `the trial has ${length} statements`, 'A trial is one statement.');
  }
}

/** The text of a trial that is the same for every row. */
function literalBefore(query: string): readonly string[] {
  const [, text] = /(?:,|\bselect)\s*'((?:[^']|'')*)'\s+as\s+"?trial\b/i.exec(query) ?? [];
  return text === undefined ? [] : [text.replaceAll("''", "'")];
}

/** A rule is run when something that it reads has changed: one that reads nothing would never be. */
function needTable(path: string, query: string, line: number): void {
  const { qualified, unqualified } = tablesRead(query);
  if (qualified.size + unqualified.size > 0) return;
  const remedy = `Its tables are ${[...unqualifiedTables().keys()].join(', ')}, and those of \`change\`, \`proof\` and \`coverage\`.`;
  throw pageError(path, line, 'the query reads no table of the vocabulary', remedy);
}

/** A state rule that names a side would say the same of both; one that names the change would never be run. */
function needNoSide(path: string, query: string, line: number): void {
  for (const { name, offset } of tablesNamed(query)) {
    const [schema, table = ''] = name.split('.');
    if (schema === 'policy') continue;
    throw pageError(
      path,
      line + query.slice(0, offset).split('\n').length - 1,
      `a rule that reads \`state\` names \`${name}\``,
      `It is run on each side by itself: write \`${unqualifiedTables().has(table) ? table : 'tables'}\`, or \`reads: change\`.`,
    );
  }
}

function readInstead({ info, lines }: Block): Rule['instead'] {
  const [language, word, ...words] = info;
  if (language === undefined || word !== 'instead') return [];
  const follows = words[0] === 'after';
  return [
    {
      language,
      for: follows ? words.slice(1) : words,
      text: lines.join('\n'),
      ...(follows ? { follows } : {}),
    },
  ];
}

function blocksOf(parts: readonly Part[]): readonly Block[] {
  return parts.filter((part) => part.kind === 'block');
}
