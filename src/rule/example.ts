import type { Part } from './markdown.ts';
import { pageError } from './page-error.ts';
import type { Example, ExampleFile } from './rule.ts';

type Block = Part & { readonly kind: 'block' };
type Expected = ExampleFile['expected'][number];

const CARET =
  /^\s*(?:--|\/\/|#|<!--|\/\*)[ \t]*(\^+)[ \t]*([\w-]+)(?:[ \t]+"((?:[^"\\]|\\.)*)")?[ \t]*(?:-->|\*\/)?[ \t]*$/;

const IN_SUMMARY = /^In the summary: `?([a-z][\w-]*)`?(?:\s+"((?:[^"\\]|\\.)*)")?$/;

/**
 * Reads the examples under `## Flagged` or `## Accepted`: each `###` is one pull request, each block one file,
 * `<language> [base|head|deleted|other] <path> [renamed from <path>]`. No word: the change adds the file. `base`: it was
 * there and stays, unless a `head` block gives its new text. `deleted`: it was there and the change deletes it. `other`:
 * another open pull request, #12, has it so. `renamed from`: the head block's path before the change. A block `yaml tablewarden.yml` is the configuration. A comment line with
 * `^ rule-id "message"` is taken out and expects a finding on the line above it (in a `deleted` block: in the summary, about
 * that line); a line of prose `In the summary: rule-id "message"` expects one that no line of the change carries.
 */
export function readExamples(path: string, parts: readonly Part[]): readonly Example[] {
  const examples: { title: string; line: number; parts: Part[] }[] = [];
  for (const part of parts) {
    if (part.kind === 'heading') examples.push({ title: part.text, line: part.line, parts: [] });
    else if (examples.length > 0) examples.at(-1)?.parts.push(part);
    else if (part.kind === 'block')
      throw pageError(
        path,
        part.line,
        'the block belongs to no example',
        'Put a heading `### What it shows` above it.',
      );
  }
  return examples.map(({ title, line, parts: own }) => readExample(path, title, line, own));
}

interface Draft {
  readonly path: string;
  renamedFrom?: string;
  base?: string;
  head?: string;
  other?: string;
  deleted?: boolean;
  readonly expected: Expected[];
}

function readExample(path: string, title: string, line: number, parts: readonly Part[]): Example {
  const files = new Map<string, Draft>();
  const renames = new Map<string, { readonly to: string; readonly line: number }>();
  let config: string | undefined;
  for (const part of parts) {
    if (part.kind !== 'block') continue;
    const { side, file, from } = readInfo(path, part);
    const { text, expected } = withoutCarets(path, part);
    if (file === 'tablewarden.yml' && side === undefined) {
      config = text;
      continue;
    }
    const draft: Draft = files.get(file) ?? { path: file, expected: [] };
    files.set(file, draft);
    draft.expected.push(...expected);
    if (from !== undefined) renames.set(from, { to: file, line: part.line });
    if (from !== undefined) draft.renamedFrom = from;
    const wrong = place(draft, side, text);
    if (wrong)
      throw pageError(path, part.line, wrong, 'Give a file once, or once as `base` and once as `head`.');
  }
  for (const [from, { to, line: at }] of renames) {
    const before = files.get(from);
    const after = files.get(to);
    if (before?.base === undefined || !after)
      throw pageError(
        path,
        at,
        `\`${from}\` is not in the example`,
        'Give its text before in a `base` block.',
      );
    after.base = before.base;
    files.delete(from);
  }
  if (files.size === 0)
    throw pageError(
      path,
      line,
      'the example has no files',
      'Add a block with a path, as `sql migrations/1.sql`.',
    );
  const summary = parts.flatMap((part) => {
    const [, rule, message] = (part.kind === 'prose' && IN_SUMMARY.exec(part.text.trim())) || [];
    return rule === undefined ? [] : [{ rule, message: unescaped(message) }];
  });
  return { title, files: [...files.values()].map(finished), config, summary };
}

function place(draft: Draft, side: string | undefined, text: string): string | undefined {
  if (side === 'other') {
    if (draft.other !== undefined) return `\`${draft.path}\` has two texts in the other pull request`;
    draft.other = text;
    return undefined;
  }
  if (side === 'base' || side === 'deleted') {
    if (draft.base !== undefined) return `\`${draft.path}\` has two texts before the change`;
    draft.base = text;
    draft.deleted = side === 'deleted';
    return undefined;
  }
  if (draft.head !== undefined) return `\`${draft.path}\` has two texts after the change`;
  draft.head = text;
  return undefined;
}

function finished({ path, renamedFrom, base, head, other, deleted, expected }: Draft): ExampleFile {
  return { path, renamedFrom, base, head: head ?? (deleted ? undefined : base), other, expected };
}

function readInfo(path: string, { info, line }: Block) {
  const [language, ...words] = info;
  const side = /^(base|head|deleted|other)$/.test(words[0] ?? '') ? words.shift() : undefined;
  const file = words.shift();
  const from = words[0] === 'renamed' && words[1] === 'from' ? words[2] : undefined;
  if (!language || !file || (words.length > 0 && (from === undefined || words.length > 3)))
    throw pageError(
      path,
      line,
      `\`${info.join(' ')}\` names no file of an example`,
      'Write a language and a path, as `sql base migrations/1.sql` or `ts src/new.ts renamed from src/old.ts`.',
    );
  return { side, file, from };
}

/** The text without the comments that point at findings, and what they expect of the line above them. */
function withoutCarets(
  path: string,
  block: Block,
): { readonly text: string; readonly expected: readonly Expected[] } {
  const kept: string[] = [];
  const expected: Expected[] = [];
  block.lines.forEach((line, index) => {
    const [, , rule, message] = CARET.exec(line) ?? [];
    if (rule === undefined) {
      kept.push(line);
      return;
    }
    if (kept.length === 0)
      throw pageError(
        path,
        block.line + index + 1,
        'the caret points at no line',
        'Put it below the line that it is about.',
      );
    expected.push({ rule, line: kept.length, column: line.indexOf('^') + 1, message: unescaped(message) });
  });
  return { text: kept.map((line) => `${line}\n`).join(''), expected };
}

function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/g, '$1');
}
