import { codeSpan } from '../../schema/document/code-span.ts';
import { plain, plainLines } from '../escape.ts';

/** Breaks a word that GitHub would act on, without being seen. */
const BREAK = '&#8203;';

/**
 * Text of a repository or an engine as Markdown of GitHub's that shows it and does nothing: it formats nothing, mentions
 * nobody, refers to no issue, links nowhere, opens no tag or comment, and stays in its table cell. For use within a line.
 * GitHub looks for mentions and references in the rendered text, so that a backslash does not stop them.
 */
export function inline(text: string): string {
  return plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*[\]~|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replaceAll('$', '<span>$</span>')
    .replace(/[@#]|\bgh-(?=\d)|\bwww(?=\.)|:(?=\/\/|[\w+-]+:)/gi, `$&${BREAK}`);
}

/** A name or a path as code, also within a table. */
export function code(text: string): string {
  return codeSpan(plain(text), /[`<>&|\\]/);
}

/** Lines of code as they are. Where a fence would leave `<!--` or `-->` in the text, as HTML, so that no comment begins or ends. */
export function codeBlock(text: string, language: string): string {
  const lines = plainLines(text).trimEnd();
  const name = language.replace(/[^\w+-]/g, '');
  if (/<!--|-->/.test(lines)) {
    const inert = lines.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return `<pre lang="${name}"><code>${inert}\n</code></pre>`;
  }
  const longest = Math.max(2, ...[...lines.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${name}\n${lines}\n${fence}`;
}
