import { describe, expect, test } from 'vitest';
import { toGithub } from '../../src/report/github.ts';
import type { Severity } from '../../src/rule/rule.ts';
import { HOSTILE } from './hostile.ts';
import { findingOf, reportOf } from './report-of.ts';

const TOKEN = 'f3b5c6d0';

describe('the log of GitHub Actions', () => {
  test('holds the text for people, in which nothing is obeyed, and an annotation for each finding', () => {
    const finding = findingOf({
      instead: { language: 'sql', text: 'CREATE INDEX i\n  ON orders (customer_id);' },
    });
    expect(toGithub(reportOf({ findings: [finding] }), { token: TOKEN, log: 'the report\n' })).toBe(
      [
        '::stop-commands::f3b5c6d0',
        'the report',
        '::f3b5c6d0::',
        '::warning file=migrations/2_orders.sql,line=3,endLine=3,col=31,endColumn=56,title=foreign-key-without-index::' +
          'Deleting a row of customers reads all of orders: no index of orders starts with customer_id.' +
          '%0A%0ASafe way (sql):%0ACREATE INDEX i%0A  ON orders (customer_id);' +
          '%0A%0ARead: concluded from the migrations',
        '',
      ].join('\n'),
    );
  });

  test('names columns only within one line, and no line for what no line carries', () => {
    const findings = [
      findingOf({ line: 3, endLine: 5 }),
      findingOf({ severity: 'error', inSummary: true, path: 'migrations/1, a:b.sql', line: 7 }),
    ];
    const [error, warning] = annotations(toGithub(reportOf({ findings }), { token: TOKEN, log: '' }));
    expect(error).toMatch(/^::error title=foreign-key-without-index%3A migrations\/1%2C a%3Ab\.sql%3A7::/);
    expect(warning).toMatch(/^::warning file=migrations\/2_orders\.sql,line=3,endLine=5,title=/);
  });

  test('shows ten of a kind, every rule before any rule twice, and counts the others', () => {
    const many = (severity: Severity, rule: string, times: number) =>
      Array.from({ length: times }, (_, at) => findingOf({ severity, rule, line: at + 1, endLine: at + 1 }));
    const findings = [...many('error', 'often', 30), ...many('error', 'once', 1), ...many('note', 'few', 3)];
    const text = toGithub(reportOf({ findings, conclusion: 'failure' }), { token: TOKEN, log: '' });
    const shown = annotations(text);
    expect(shown.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(shown.filter((line) => line.includes('title=once'))).toHaveLength(1);
    expect(shown.filter((line) => line.startsWith('::notice '))).toHaveLength(3);
    expect(text).toContain('\n21 more findings above: GitHub shows 10 annotations of a kind.\n');
  });

  test('warns where the check is neutral: it is no approval', () => {
    const findings = Array.from({ length: 12 }, () => findingOf());
    const shown = annotations(
      toGithub(reportOf({ conclusion: 'neutral', findings }), { token: TOKEN, log: '' }),
    );
    expect(shown).toHaveLength(10);
    expect(shown[0]).toMatch(/^::warning title=Tablewarden::neutral: something was not read or not proved/);
  });

  test.each(HOSTILE)('%j issues no command', (name) => {
    const findings = [
      findingOf({
        path: `migrations/${name}.sql`,
        message: name,
        instead: { language: name, text: name },
        evidence: { kind: 'proved', engine: name, text: name },
      }),
      findingOf({ severity: 'error', path: name, message: name, inSummary: true }),
    ];
    const text = toGithub(reportOf({ findings }), { token: TOKEN, log: name });
    expect(obeyed(text).map(({ command }) => command)).toEqual(['stop-commands', TOKEN, 'error', 'warning']);
    const [, , error, warning] = obeyed(text);
    expect(warning?.properties).toMatchObject({
      file: `migrations/${name}.sql`,
      line: '3',
      title: 'foreign-key-without-index',
    });
    expect(Object.keys(error?.properties ?? {})).toEqual(['title']);
  });
});

function annotations(text: string): readonly string[] {
  return text.split('\n').filter((line) => /^::(error|warning|notice) /.test(line));
}

interface Obeyed {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * What the runner obeys, line by line, as its own code reads it: `::command properties::data` at the start of a line, or
 * `##[command properties]data` anywhere in it; between `stop-commands` and its token nothing but the token.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
function obeyed(text: string): readonly Obeyed[] {
  const known = new Set([
    'stop-commands',
    'error',
    'warning',
    'notice',
    'debug',
    'group',
    'add-mask',
    'set-output',
  ]);
  const found: Obeyed[] = [];
  let stopped: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const match =
      /^\s*::([^ :]*)(?: ((?:(?!::).)*))?::(.*)$/s.exec(line) ??
      /##\[([^ \]]*)(?: ([^\]]*))?\](.*)$/s.exec(line);
    const [, command = '', properties = '', data = ''] = match ?? [];
    if (stopped !== undefined ? command !== stopped : !known.has(command)) continue;
    stopped = command === 'stop-commands' ? data : undefined;
    found.push({ command, properties: propertiesOf(properties) });
  }
  return found;
}

function propertiesOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const [key = '', ...rest] = pair.split('=');
    return rest.length > 0 ? [[key, unescaped(rest.join('='))] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function unescaped(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}
