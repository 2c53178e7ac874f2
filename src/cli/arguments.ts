import { parseArgs } from 'node:util';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import {
  COMMANDS,
  type Command,
  type CommandName,
  EVERYWHERE,
  OPTIONS,
  type Option,
  type OptionName,
} from './commands.ts';
import { checkResults, type Result, resultsOf } from './results.ts';

/** A command line that makes sense: a known command, its words, and options that belong to it. */
export interface Request {
  /** Undefined: no command was given, only `--help` or `--version`. */
  readonly command: CommandName | undefined;
  readonly words: readonly string[];
  readonly options: { readonly [name in OptionName]?: string };
  readonly switches: ReadonlySet<OptionName>;
  /** What `--format` and `--output` ask for, at least one. */
  readonly results: readonly Result[];
}

/** An option as it was written. */
export interface Given {
  readonly name: string;
  readonly raw: string;
  readonly value: string | undefined;
}

/** Reads a command line, without the program's name. Throws a UserError that says what was meant, as far as it can be told. */
export function parseArguments(argv: readonly string[]): Request {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries<Option>(OPTIONS).map(([name, { value, short }]) => [
        name,
        { type: value ? 'string' : 'boolean', ...(short && { short }) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const given: Given[] = tokens.flatMap((token) =>
    token.kind === 'option' ? [{ name: token.name, raw: token.rawName, value: token.value }] : [],
  );
  const asked = given.some(({ name }) => name === 'help' || name === 'version');
  const command = asked ? findCommand(positionals) : (findCommand(positionals) ?? refuse(positionals));
  const options: { [name in OptionName]?: string } = {};
  const switches = new Set<OptionName>();
  for (const option of given) {
    const name = checkOption(option, command);
    if (isSwitch(name)) switches.add(name);
    else options[name] = option.value;
  }
  const results = resultsOf(given);
  const words = positionals.slice(command?.split(' ').length ?? 0);
  if (command && !asked) {
    checkWords(command, words);
    checkResults(results, command);
  }
  return { command, words, options, switches, results };
}

function isSwitch(name: OptionName): boolean {
  const option: Option = OPTIONS[name];
  return option.value === undefined;
}

function findCommand(positionals: readonly string[]): CommandName | undefined {
  const names = [positionals.slice(0, 2).join(' '), positionals[0] ?? ''];
  return names.find((name): name is CommandName => Object.hasOwn(COMMANDS, name));
}

function refuse(positionals: readonly string[]): never {
  const known = Object.keys(COMMANDS);
  const list = `Commands: ${known.join(', ')}. \`tablewarden --help\` explains them.`;
  const [first, second] = positionals;
  if (first === undefined) throw new UserError('No command was given.', list);
  if (first === 'hook')
    throw new UserError(
      second ? `There is no command hook ${second}.` : 'hook needs one more word.',
      'Use `tablewarden hook install` to add the hook, or `tablewarden hook run` to run it.',
    );
  if (first === 'install') throw meant(first, 'hook install', list);
  if (first.includes('..')) throw meant(first, `check ${first}`, list);
  const near = nearest(first, known);
  if (near) throw meant(first, near, list);
  throw new UserError(`There is no command ${first}.`, list);
}

function meant(word: string, better: string, list: string): UserError {
  return new UserError(`There is no command ${word}.`, `Did you mean \`tablewarden ${better}\`? ${list}`);
}

function checkOption({ name, raw, value }: Given, command: CommandName | undefined): OptionName {
  if (!isOptionName(name)) throw unknownOption(raw, command);
  const option = optionOf(name, command);
  const accepted: readonly OptionName[] = command ? COMMANDS[command].options : [];
  if (!EVERYWHERE.includes(name) && !accepted.includes(name)) throw misplaced(name, command);
  if (option.value === undefined && value !== undefined)
    throw new UserError(`--${name} takes no value.`, `Write \`--${name}\` alone.`);
  if (option.value !== undefined && (value === undefined || value === '' || /^--?[a-z]/.test(value)))
    throw new UserError(`--${name} needs a value.`, `Write \`--${name} ${option.value}\`.`);
  if (option.words && !option.words.includes(value!)) throw wrongWord(name, option, value!);
  return name;
}

/** An option as one command knows it. */
export function optionOf(name: OptionName, command: CommandName | undefined): Option {
  const option: Option = OPTIONS[name];
  const formats = command && formatsOf(COMMANDS[command]);
  if (name !== 'format' || !formats) return option;
  const about = `how the result is written; default: ${formats[0]}`;
  return { ...option, value: formats.join('|'), words: formats, about };
}

function formatsOf(command: Command): Command['formats'] {
  return command.formats;
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

function unknownOption(raw: string, command: CommandName | undefined): UserError {
  const accepted: readonly OptionName[] = [...(command ? COMMANDS[command].options : []), ...EVERYWHERE];
  const near = nearest(raw.replace(/^-+/, ''), Object.keys(OPTIONS));
  const list = `Options${command ? ` of ${command}` : ''}: ${accepted.map((name) => `--${name}`).join(', ')}.`;
  return new UserError(`There is no option ${raw}.`, near ? `Did you mean \`--${near}\`? ${list}` : list);
}

function misplaced(name: OptionName, command: CommandName | undefined): UserError {
  const owners = Object.entries<{ readonly options: readonly OptionName[] }>(COMMANDS)
    .filter(([, { options }]) => options.includes(name))
    .map(([owner]) => owner);
  const where = owners.map((owner) => `\`tablewarden ${owner} --${name}\``).join(', ');
  return new UserError(
    command ? `${command} has no option --${name}.` : `--${name} needs a command.`,
    `It belongs to ${where}.`,
  );
}

function wrongWord(name: OptionName, option: Option, value: string): UserError {
  const near = nearest(value, option.words!);
  return new UserError(
    `--${name} does not know ${value}.`,
    `${near ? `Did you mean \`--${name} ${near}\`? ` : ''}It takes ${option.words!.join(', ')}.`,
  );
}

function checkWords(command: CommandName, words: readonly string[]): void {
  const { words: bounds, usage } = COMMANDS[command];
  if (words.length > bounds[1])
    throw new UserError(
      bounds[1] === 0
        ? `${command} takes no more words, but ${words[0]} follows it.`
        : `${command} does not know what to do with ${words[bounds[1]]}.`,
      `Write \`tablewarden ${usage}\`.`,
    );
  if (words.length < bounds[0])
    throw new UserError(`${command} needs one more word.`, `Write \`tablewarden ${usage}\`.`);
}
