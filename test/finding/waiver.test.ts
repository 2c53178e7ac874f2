import { describe, expect, test } from 'vitest';
import { findWaivers } from '../../src/finding/waiver.ts';

const ALLOW = 'tablewarden: allow table-dropped because nobody reads it';

/** What the waivers of a text cover: `rules lines`, with what is wrong. */
function said(path: string, text: string): readonly string[] {
  return findWaivers(path, text).map(({ rules, target: { from, to }, problem }) =>
    [rules.join(','), from === to ? from : `${from}-${to}`, problem]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
  );
}

const only = (text: string) => findWaivers('a.ts', `// ${text}\ncode();\n`)[0];

describe('a waiver in every comment form', () => {
  test.each([
    ['a.sql', `-- ${ALLOW}\nDROP TABLE a;\n`, 2],
    ['a.sql', `/* ${ALLOW} */\nDROP TABLE a;\n`, 2],
    ['a.sql', `DROP TABLE a; -- ${ALLOW}\n`, 1],
    ['a.ts', `// ${ALLOW}\ndrop();\n`, 2],
    ['a.ts', `drop(); // ${ALLOW}\n`, 1],
    ['a.ts', `/* ${ALLOW} */\ndrop();\n`, 2],
    ['a.ts', `/**\n * ${ALLOW}\n */\ndrop();\n`, 4],
    ['a.tsx', `return (\n  {/* ${ALLOW} */}\n  <Table />\n);\n`, 3],
    ['a.yml', `# ${ALLOW}\ndrop: true\n`, 2],
    ['a.yml', `drop: true # ${ALLOW}\n`, 1],
    ['a.py', `# ${ALLOW}\n\n# and why\ndrop()\n`, 4],
    ['schema.prisma', `/// ${ALLOW}\nmodel A {\n}\n`, 2],
    ['a.md', `<!-- ${ALLOW} -->\nDrop it.\n`, 2],
    ['a.html', `<!-- ${ALLOW}\n-->\n<p>\n`, 3],
  ])('%s: %s', (path, text, line) => {
    expect(said(path, text)).toEqual([`table-dropped ${line}`]);
  });

  test.each([
    ['a string of code', 'a.ts', `const text = '${ALLOW}';\n`],
    ['a string of SQL', 'a.sql', `SELECT '-- ${ALLOW}';\n`],
    ['a body of SQL', 'a.sql', `DO $$ BEGIN\n-- ${ALLOW}\nEND $$;\n`],
    ['the middle of a comment', 'a.ts', `// we wrote ${ALLOW}\n`],
    ['a code block of Markdown', 'a.md', `-- ${ALLOW}\n`],
    ['text of Markdown', 'a.md', `Write \`# ${ALLOW}\`.\n`],
  ])('is none in %s', (_, path, text) => {
    expect(said(path, text)).toEqual([]);
  });
});

describe('what it says', () => {
  test('names rules, a reason and a last day', () => {
    expect(
      only('tablewarden: allow table-dropped, column-dropped because moved to docs until 2027-03-01'),
    ).toMatchObject({
      rules: ['table-dropped', 'column-dropped'],
      reason: 'moved to docs',
      until: '2027-03-01',
    });
    expect(only(ALLOW)).not.toHaveProperty('problem');
  });

  test('is read in any case, and over the lines of a block comment', () => {
    expect(only('Tablewarden: Allow Table-Dropped Because of the move')).toMatchObject({
      rules: ['table-dropped'],
      reason: 'of the move',
    });
    const text =
      '/*\n * tablewarden: allow table-dropped\n *   because it is\n *   moved until 2027-03-01\n */\ndrop();\n';
    expect(findWaivers('a.ts', text)).toMatchObject([
      { reason: 'it is moved', until: '2027-03-01', target: { from: 6, to: 6 } },
    ]);
  });

  test('spans from its mark to the end of what it says', () => {
    const [waiver] = findWaivers('a.sql', `/* ${ALLOW}   */ DROP TABLE a;\n`);
    expect(waiver?.span).toEqual({
      path: 'a.sql',
      line: 1,
      column: 4,
      endLine: 1,
      endColumn: 4 + ALLOW.length,
    });
  });

  test.each([
    ['tablewarden: allow table-dropped', 'no reason'],
    ['tablewarden: allow table-dropped because', 'no reason'],
    ['tablewarden: allow table-dropped because ...', 'no reason'],
    ['tablewarden: allow table-dropped until 2027-03-01', 'no reason'],
    ['tablewarden: allow table-dropped because moved until 2027-02-30', 'bad date'],
    ['tablewarden: allow table-dropped because moved until 1.3.2027', 'bad date'],
    ['tablewarden: ignore table-dropped because moved', 'unknown form'],
    ['tablewarden: allow because moved', 'unknown form'],
    ['tablewarden: alow table-dropped because moved', 'unknown form'],
  ])('allows nothing: %s (%s)', (text, problem) => {
    expect(only(text)?.problem).toBe(problem);
  });

  test('may speak to Tablewarden without wanting to allow anything', () => {
    expect(only('tablewarden: see the README')).toBeUndefined();
  });

  test('ends with "until" only before a day', () => {
    const waiver = only('tablewarden: allow table-dropped because it stays until the move');
    expect(waiver?.reason).toBe('it stays until the move');
    expect(waiver).not.toHaveProperty('until');
  });
});

describe('what it covers in SQL', () => {
  test.each([
    [
      'between statements, the whole next one',
      `DROP TABLE a;\n-- ${ALLOW}\n\nDROP TABLE\n  b,\n  c;\nDROP TABLE d;\n`,
      '4-6',
    ],
    ['above the first one, all of it', `-- ${ALLOW}\nCREATE TABLE a (\n  id int\n);\n`, '2-4'],
    [
      'behind the end of a statement, all of it',
      `CREATE TABLE a (\n  id int\n); -- ${ALLOW}\nDROP TABLE a;\n`,
      '1-3',
    ],
    [
      'behind code within a statement, that line',
      `CREATE TABLE a (\n  id int, -- ${ALLOW}\n  b int\n);\n`,
      '2',
    ],
    [
      'within a statement, its next line with code',
      `CREATE TABLE a (\n  -- ${ALLOW}\n\n  -- why\n  id int,\n  b int\n);\n`,
      '5',
    ],
    ['at the end, nothing but itself', `DROP TABLE a;\n\n-- ${ALLOW}\n`, '3'],
  ])('%s', (_, text, lines) => {
    expect(said('a.sql', text)).toEqual([`table-dropped ${lines}`]);
  });
});
