import { describe, expect, test } from 'vitest';
import { commentText, digestOf, isSuggestible } from '../../src/github/comment-text.ts';
import { memoryOf } from '../../src/github/marker.ts';
import { bodyOf } from '../../src/github/plan.ts';
import { HOSTILE } from '../report/hostile.ts';
import { openTags, render, textOutsideCode } from '../report/rendered.ts';
import { findingOf } from '../report/report-of.ts';

const link = (rule: string) => `https://github.example/rules/${rule}.md`;
const HEAD = 'b'.repeat(40);

function sent(text: string): string {
  const { fingerprint, rule, path, line } = findingOf();
  return bodyOf({ fingerprint, rule, path, line, body: text, digest: digestOf(text) }, HEAD);
}

describe('a comment', () => {
  test('says the consequence, the safe way and what stands behind it, and remembers itself unseen', () => {
    const finding = findingOf({
      instead: { language: 'sql', text: 'CREATE INDEX ON orders (customer_id);' },
    });
    const body = sent(commentText(finding, false, link));
    const [text, memory] = body.split(/\n\n(?=<!-- )/);
    expect(
      text,
    ).toBe(`**warning** [\`foreign-key-without-index\`](https://github.example/rules/foreign-key-without-index.md)

Deleting a row of customers reads all of orders: no index of orders starts with customer_id.

The safe way:

\`\`\`sql
CREATE INDEX ON orders (customer_id);
\`\`\`

<sub>Read: concluded from the migrations</sub>`);
    expect(memory).toMatch(/^<!-- tablewarden:1 [\w-]+ -->$/);
    expect(memoryOf(body)).toMatchObject({ kind: 'finding', fingerprint: finding.fingerprint, head: HEAD });
  });

  test('with a suggestion holds it as it is, in a fence that it cannot leave', () => {
    const text = "COMMENT ON TABLE x IS '```';\r\nSELECT 1;";
    const finding = findingOf({ edit: { line: 1, endLine: 2, text } });
    expect(commentText(finding, true, link)).toContain(`\n\n\`\`\`\`suggestion\n${text}\n\`\`\`\`\n\n`);
    for (const hidden of ['<!-- x', 'x -->', 'a\u202eb', 'a\u200bb', 'a\u0000b'])
      expect(isSuggestible(hidden)).toBe(false);
  });

  test.each(HOSTILE)('%j mentions nobody, ends no comment of ours and forges no memory', (name) => {
    const finding = findingOf({
      message: `Deleting a row of ${name} reads all of ${name}.`,
      instead: { language: name, text: name },
      evidence: { kind: 'proved', engine: name, text: name },
    });
    const body = sent(commentText(finding, false, link));
    expect(body.match(/<!--|-->/g)).toEqual(['<!--', '-->']);
    expect(memoryOf(body)).toMatchObject({ fingerprint: finding.fingerprint });
    const html = render(body.replace(/<!--.*-->$/, ''));
    expect(openTags(html)).toEqual([]);
    for (const [, target] of html.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(target).toMatch(/^https:\/\/github\.example\//);
    expect(textOutsideCode(html)).not.toMatch(/@[a-z0-9]|#\d|gh-\d|:\/\/|www\.|:[\w+-]+:/i);
  });
});
