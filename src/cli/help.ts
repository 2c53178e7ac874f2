import { optionOf } from './arguments.ts';
import { COMMANDS, type CommandName, EVERYWHERE, type OptionName } from './commands.ts';

const OPENING = `tablewarden: guards a database schema the way a good data architect does in review.

  tablewarden check                 judge what this branch changes
  tablewarden check main..feature   judge a range
  tablewarden hook install          judge every push before it leaves
`;

const EXIT_CODES = `Exit codes: 0 nothing at or above the fail level, 1 findings, 2 something in the set-up, 3 a bug of ours.`;

/** What `--help` prints: of one command, or of all. */
export function helpText(command: CommandName | undefined): string {
  if (command)
    return `${describe(command)}\n\n${optionList([...COMMANDS[command].options, 'help'], command)}\n`;
  const commands = Object.values(COMMANDS).map(({ usage, about }) => [usage, about] as const);
  const options: OptionName[] = ['repo', 'config', 'format', 'output', 'quiet', ...EVERYWHERE];
  return [
    OPENING,
    'Commands (`tablewarden <command> --help` lists the options of one):',
    columns(commands),
    '',
    optionList(options),
    '',
    EXIT_CODES,
    '',
  ].join('\n');
}

function describe(command: CommandName): string {
  const { usage, about } = COMMANDS[command];
  return `tablewarden ${usage}\n  ${about}`;
}

function optionList(names: readonly OptionName[], command?: CommandName): string {
  const rows = names.map((name) => {
    const { value, short, about } = optionOf(name, command);
    return [`--${name}${short ? `, -${short}` : ''}${value ? ` ${value}` : ''}`, about] as const;
  });
  return `Options:\n${columns(rows)}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
