import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/arguments.ts';
import { UserError } from '../../src/errors.ts';

describe('a command line', () => {
  test('is a command, its words and its options, in any order', () => {
    expect(
      parseArguments(['--all', 'check', 'main..x', '--prove=off', '-q', '--fail-on', 'warning']),
    ).toEqual({
      command: 'check',
      words: ['main..x'],
      options: { prove: 'off', 'fail-on': 'warning' },
      switches: new Set(['all', 'quiet']),
      results: [{}],
    });
    expect(parseArguments(['hook', 'run', 'origin', 'git@example.org:x.git']).words).toEqual([
      'origin',
      'git@example.org:x.git',
    ]);
    expect(parseArguments(['facts', 'SELECT 1 -- one', '-o', 'x.txt'])).toMatchObject({
      words: ['SELECT 1 -- one'],
      options: { output: 'x.txt' },
    });
  });

  test('may ask for several results, each output after its format', () => {
    const several = [
      '--format',
      'github',
      '--format',
      'sarif',
      '-o',
      'x.sarif',
      '--format',
      'markdown',
      '-o',
      'x.md',
    ];
    expect(parseArguments(['check', ...several]).results).toEqual([
      { format: 'github' },
      { format: 'sarif', output: 'x.sarif' },
      { format: 'markdown', output: 'x.md' },
    ]);
    expect(parseArguments(['check', '-o', 'x.json', '--format', 'json']).results).toEqual([
      { format: 'json', output: 'x.json' },
    ]);
  });

  test('asks for help or the version with or without a command', () => {
    expect(parseArguments(['--version'])).toMatchObject({
      command: undefined,
      switches: new Set(['version']),
    });
    expect(parseArguments(['explain', '-h'])).toMatchObject({
      command: 'explain',
      switches: new Set(['help']),
    });
  });

  test.each([
    [[], 'No command was given.', 'Commands: check, prove,'],
    [['chekc'], 'There is no command chekc.', 'Did you mean `tablewarden check`?'],
    [['main..x'], 'There is no command main..x.', 'Did you mean `tablewarden check main..x`?'],
    [['install'], 'There is no command install.', 'Did you mean `tablewarden hook install`?'],
    [['hook'], 'hook needs one more word.', '`tablewarden hook install`'],
    [['hook', 'remove'], 'There is no command hook remove.', '`tablewarden hook install`'],
    [['migrate'], 'There is no command migrate.', 'Commands: check, prove,'],
    [['__proto__'], 'There is no command __proto__.', 'Commands:'],
    [['check', 'a', 'b'], 'check does not know what to do with b.', 'check [<base>..<head>]'],
    [['rules', 'x'], 'rules takes no more words, but x follows it.', '`tablewarden rules`'],
    [['explain'], 'explain needs one more word.', '`tablewarden explain <rule>`'],
    [['check', '--porve', 'off'], 'There is no option --porve.', 'Did you mean `--prove`?'],
    [['check', '-x'], 'There is no option -x.', 'Options of check:'],
    [['check', '--constructor'], 'There is no option --constructor.', 'Options of check:'],
    [
      ['explain', 'x', '--all'],
      'explain has no option --all.',
      '`tablewarden check --all`, `tablewarden prove --all`',
    ],
    [['--all'], 'No command was given.', 'Commands:'],
    [['check', '--prove'], '--prove needs a value.', '`--prove fast|full|off`'],
    [['check', '--prove', '--all'], '--prove needs a value.', '`--prove fast|full|off`'],
    [['check', '--all=yes'], '--all takes no value.', '`--all` alone'],
    [['check', '--fail-on', 'warn'], '--fail-on does not know warn.', 'Did you mean `--fail-on warning`?'],
    [['check', '--format', 'sarf'], '--format does not know sarf.', 'Did you mean `--format sarif`?'],
    [['facts', 'SELECT 1', '--format', 'sarif'], '--format does not know sarif.', 'It takes pretty, json.'],
    [
      ['check', '--format', 'sarif', '--format', 'json'],
      'Two results would share the terminal: sarif and json.',
      'Give each its own file',
    ],
    [
      ['check', '--format', 'sarif', '-o', 'x', '--format', 'json', '-o', 'x'],
      'Two results would be written to x.',
      'Give each its own file',
    ],
    [['check', '-o', 'x', '-o', 'y'], '--output x has no format of its own.', 'after its --format'],
    [
      ['rules', '--format', 'json', '-o', 'x', '--format', 'pretty'],
      'rules writes one format.',
      'Name --format once',
    ],
    [
      ['prove', '--engine', 'oracle'],
      '--engine does not know oracle.',
      'It takes duckdb, postgres, pglite, sqlite.',
    ],
  ])('%j is refused', (argv, message, remedy) => {
    const refused = catchError(() => parseArguments(argv));
    expect(refused).toBeInstanceOf(UserError);
    expect(refused.message).toBe(message);
    expect(refused.remedy).toContain(remedy);
  });
});

function catchError(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('it was accepted');
}
