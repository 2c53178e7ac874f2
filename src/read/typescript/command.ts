import type { CodeModule } from './module.ts';

/** Packages of command lines. */
const PACKAGES =
  /^(nest-commander|commander|yargs(\/.+)?|cac|citty|meow|minimist|prompts|enquirer|inquirer|@inquirer\/.+|@clack\/.+|@oclif\/.+)$/;

/** Whether a file is of a command line: what stands in it is run by hand. */
export function isCommand({ sources }: CodeModule): boolean {
  return sources.some((one) => PACKAGES.test(one));
}
