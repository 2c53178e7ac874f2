import { UserError } from '../errors.ts';
import type { Given } from './arguments.ts';
import { COMMANDS, type Command, type CommandName } from './commands.ts';

/** One result that a run writes: undefined format: the command's default; undefined output: the terminal. */
export interface Result {
  readonly format?: string;
  readonly output?: string;
}

/**
 * What is asked for: each `--output` takes the `--format` before it. With one format the order does not matter, so that
 * `-o report.json --format json` means what it says.
 */
export function resultsOf(given: readonly Given[]): readonly Result[] {
  const asked = given.filter(({ name }) => name === 'format' || name === 'output');
  const formats = asked.filter(({ name }) => name === 'format');
  const outputs = asked.filter(({ name }) => name === 'output');
  if (formats.length <= 1 && outputs.length <= 1)
    return [{ format: formats[0]?.value, output: outputs[0]?.value }];
  const results: { format?: string; output?: string }[] = [];
  for (const { name, value } of asked) {
    const last = results.at(-1);
    if (name === 'format') results.push({ format: value });
    else if (last && last.output === undefined) last.output = value;
    else
      throw new UserError(
        `--output ${value} has no format of its own.`,
        'Put each --output after its --format: `--format sarif --output report.sarif --format markdown --output report.md`.',
      );
  }
  return results;
}

/** Refuses what would be written into one place. */
export function checkResults(results: readonly Result[], command: CommandName): void {
  const { severalResults }: Command = COMMANDS[command];
  if (results.length > 1 && !severalResults)
    throw new UserError(`${command} writes one format.`, 'Name --format once, and run it again for another.');
  const places = results.map(({ output }) => output);
  const twice = places.find((place, at) => places.indexOf(place) < at);
  if (new Set(places).size === places.length) return;
  throw new UserError(
    twice === undefined
      ? `Two results would share the terminal: ${results
          .filter(({ output }) => output === undefined)
          .map(({ format }) => format)
          .join(' and ')}.`
      : `Two results would be written to ${twice}.`,
    'Give each its own file: `--format sarif --output report.sarif --format markdown --output report.md`.',
  );
}
