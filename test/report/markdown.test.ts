import { describe, expect, test } from 'vitest';
import { uriPath } from '../../src/report/escape.ts';
import type { MarkdownOptions } from '../../src/report/markdown.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { HOSTILE } from './hostile.ts';
import { openTags, render, shownOf, textOutsideCode } from './rendered.ts';
import { findingOf, reportOf } from './report-of.ts';

const LINKS: MarkdownOptions = {
  sourceLink: (path, line) => `https://github.example/blob/${uriPath(path)}#L${line}`,
  ruleLink: (rule) => `https://github.example/rules/${rule}.md`,
};

describe('a report as Markdown', () => {
  test('says the conclusion first, then findings by rule, the safe way, and what stands behind it', () => {
    const finding = findingOf({
      instead: { language: 'sql', text: 'CREATE INDEX orders_customer_id_idx ON orders (customer_id);' },
    });
    expect(toMarkdown(reportOf({ findings: [finding] }), LINKS)).toBe(
      `## Tablewarden: success (1 warning)

| | rule | where | what happens |
| --- | --- | --- | --- |
| warning | [\`foreign-key-without-index\`](https://github.example/rules/foreign-key-without-index.md) | [\`migrations/2_orders.sql:3\`](https://github.example/blob/migrations/2_orders.sql#L3) | Deleting a row of customers reads all of orders: no index of orders starts with customer_id.<br><sub>Read: concluded from the migrations</sub> |

<details><summary>The safe way</summary>

\`foreign-key-without-index\` at [\`migrations/2_orders.sql:3\`](https://github.example/blob/migrations/2_orders.sql#L3)

\`\`\`sql
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
\`\`\`

</details>

- **Migrations**: migrations: 2, 1 new; numbered, postgres (guessed: migrations/1_customers.sql: bigserial)
- **Proof**: nothing was run: no migration of this change is proved
- **Coverage**: 2 of 2 statements in 1 file analysed

<sub>tablewarden 0.1.0, \`aaaaaaaaaaaa\` to \`bbbbbbbbbbbb\`</sub>
`,
    );
  });

  test('without findings is its conclusion and its summary', () => {
    const text = toMarkdown(reportOf(), { notes: ['It came from a fork.'] });
    expect(text).toMatch(
      /^## Tablewarden: success \(no findings\)\n\n> It came from a fork\.\n\n- \*\*Migrations/,
    );
    expect(text).not.toContain('| rule |');
  });

  test('names a rule once, the worst first, and the places of those beyond five', () => {
    const findings = [
      findingOf({ rule: 'second', severity: 'note' }),
      ...Array.from({ length: 20 }, (_, at) => findingOf({ rule: 'first', severity: 'error', line: at + 1 })),
    ];
    const rows = toMarkdown(reportOf({ findings }))
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
    expect(rows.map((row) => row.split(' | ').slice(0, 2).join(' '))).toEqual([
      '| rule',
      '| error `first`',
      ...Array.from({ length: 4 }, () => '|  '),
      expect.stringMatching(/^\|/),
      '| note `second`',
    ]);
    expect(rows[6]).toContain('15 more of this rule: `migrations/2_orders.sql:6`');
    expect(rows[6]).toMatch(/sql:15`, … \|$/);
  });

  test('one safe way of several findings stands once', () => {
    const instead = { language: 'sql', text: 'CREATE INDEX a ON b (c);' };
    const text = toMarkdown(
      reportOf({ findings: [findingOf({ instead }), findingOf({ instead, line: 9 })] }),
    );
    expect(text.match(/CREATE INDEX a/g)).toHaveLength(1);
    expect(text).toContain('at `migrations/2_orders.sql:3`, `migrations/2_orders.sql:9`');
  });

  test.each([2_000, 65_000])(
    'fits into %i bytes whatever was found, and counts what does not fit',
    (limit) => {
      const findings = Array.from({ length: 3_000 }, (_, at) =>
        findingOf({
          rule: `rule-${at % 100}`,
          message: `${'<&`$'.repeat(60)} ${at}`,
          line: at + 1,
          instead: { language: 'sql', text: `-- ${at}\n`.repeat(20) },
        }),
      );
      const notAnalysed = findings.slice(0, 50).map((one) => ({ ...one, reason: '<'.repeat(5_000) }));
      const report = reportOf({
        findings,
        coverage: { files: 1, statements: 9, analysed: 1, notAnalysed },
        waived: findings.slice(0, 50).map((one) => ({ ...one, because: '&'.repeat(5_000) })),
      });
      const text = toMarkdown(report, { limit });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      expect(text).toMatch(/^## Tablewarden: success \(3000 warnings\)/);
      expect(text).toMatch(/more rows for which there is no room here/);
      expect(text).toMatch(/tablewarden 0\.1\.0, `a+` to `b+`<\/sub>\n$/);
      expect(openTags(render(text))).toEqual([]);
    },
  );

  test.each(HOSTILE)('%j does nothing but stand there', (name) => {
    const said = {
      message: `Deleting a row of ${name} reads all of ${name}.`,
      path: `migrations/${name}.sql`,
      instead: { language: name, text: `CREATE INDEX "${name}" ON x;` },
      evidence: { kind: 'proved', engine: name, text: name } as const,
    };
    const span = { path: name, line: 1, column: 1, endLine: 1, endColumn: 2 };
    const report = reportOf({
      base: name,
      head: name,
      findings: [
        findingOf(said),
        findingOf({ ...said, message: name, path: name, was: span, inSummary: true }),
      ],
      coverage: { files: 1, statements: 1, analysed: 0, notAnalysed: [{ ...span, reason: name }] },
      waived: [{ ...findingOf(said), because: name, until: name }],
      notJudged: [{ rule: 'own', reason: name }],
    });
    const text = toMarkdown(report, { ...LINKS, notes: [name] });
    expect(text).not.toMatch(/<!--|-->/);
    const html = render(text);
    const tags = new Set([...html.matchAll(/<([a-z0-9]+)/gi)].map(([, tag]) => tag?.toLowerCase()));
    for (const tag of tags)
      expect(
        'h2 blockquote p table thead tbody tr th td a code br sub details summary pre ul li strong span',
      ).toContain(tag);
    for (const [, target] of html.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(target).toMatch(/^https:\/\/github\.example\//);
    expect(html.match(/<h\d/g)).toEqual(['<h2']);
    expect(openTags(html)).toEqual([]);
    for (const [, row = ''] of html.matchAll(/<tr>([\s\S]*?)<\/tr>/g))
      expect(row.match(/<t[hd]/g)).toHaveLength(4);
    const read = textOutsideCode(html);
    expect(read).not.toMatch(/@[a-z0-9]|#\d|gh-\d|:\/\/|www\.|:[\w+-]+:/i);
    expect(read.replaceAll('\u200b', '')).toContain(shownOf(`Deleting a row of ${name} reads`));
  });
});
