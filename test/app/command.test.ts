import { expect, test } from 'vitest';
import { commandOf, parseCommand } from '../../src/app/command.ts';
import { waiverLine } from '../../src/app/waiver-line.ts';

test.each([
  ['/tablewarden recheck', '/tablewarden recheck'],
  ['Thanks.\r\n\r\n  /tablewarden explain x \r\nBye', '/tablewarden explain x'],
  ['> /tablewarden recheck', undefined],
  ['```\n/tablewarden recheck\n```', undefined],
  ['~~~~\n~~~\n/tablewarden recheck\n~~~~\n/Tablewarden recheck', '/Tablewarden recheck'],
  ['see /tablewarden recheck', undefined],
  ['/tablewardens recheck', undefined],
])('%j speaks to the App: %j', (body, line) => {
  expect(commandOf(body)).toBe(line);
});

test.each([
  ['/tablewarden ReCheck', { name: 'recheck' }],
  ['/tablewarden explain `column-dropped`', { name: 'explain', rule: 'column-dropped' }],
  [
    '/tablewarden allow 3FA9c01b because  nobody reads it',
    { name: 'allow', fingerprint: '3fa9c01b', because: 'nobody reads it' },
  ],
  ['/tablewarden allow 3fa9c01b', { name: 'unknown', trouble: expect.stringContaining('without a reason') }],
  ['/tablewarden explain ../etc', { name: 'unknown', trouble: expect.stringContaining('explain <rule>') }],
  ['/tablewarden', { name: 'unknown', trouble: expect.stringContaining('recheck') }],
])('%s', (line, command) => {
  expect(parseCommand(line)).toEqual(command);
});

const SQL = 'CREATE TABLE a (\n  b_id int REFERENCES b (id)\n);\n';

test.each([
  ['1.sql', SQL, 1, 'it is small', '-- tablewarden: allow rule-x because it is small'],
  ['1.sql', SQL, 2, 'it is small', '  -- tablewarden: allow rule-x because it is small'],
  ['a.ts', 'run();\n\tdrop();\n', 2, 'asked for', '\t// tablewarden: allow rule-x because asked for'],
  ['a.yml', 'a: 1\n', 1, 'asked for', '# tablewarden: allow rule-x because asked for'],
  ['a.md', 'text\n', 1, 'so --> <b>', '<!-- tablewarden: allow rule-x because so <b> -->'],
])('in %s a finding of %j on line %i is allowed because %s', (path, text, line, because, waiver) => {
  expect(waiverLine(path, text, { rule: 'rule-x', line }, because)).toBe(waiver);
});

test.each([
  ['within a template string', 'a.ts', 'run(`\nDROP TABLE a\n`);\n', 2, 'x'],
  ['within a quoted body', '1.sql', 'SELECT $$\nx\n$$;\n', 2, 'x'],
  ['in a file of unknown comments', 'a.bin', 'x\n', 1, 'x'],
  ['without a word', '1.sql', SQL, 1, '-- */'],
])('nothing is put %s', (_, path, text, line, because) => {
  expect(waiverLine(path, text, { rule: 'rule-x', line }, because)).toBeUndefined();
});
