import { type CodeModule, nodesBelow } from './module.ts';

/** Packages of command lines. */
const PACKAGES =
  /^(nest-commander|commander|yargs(\/.+)?|cac|citty|meow|minimist|prompts|enquirer|inquirer|@inquirer\/.+|@clack\/.+|@oclif\/.+)$/;

/** What scripts are called that somebody runs to see or mend something, `check-members.mjs`; and what stands beside Prisma's schema. */
const SCRIPT =
  /(^|\/)prisma\/[\w.-]+\.[cm]?[jt]s$|(^|\/)(check|sync|test|verify|debug|fix|diagnose|inspect|explore|investigate|find|list|show|dump|analy[sz]e|clean(up)?)-[\w-]+\.[cm]?[jt]s$/;

/** Whether a file is of a command line, or is a script by its name that hands nothing out: what stands in it is run by hand. */
export function isCommand(module: CodeModule): boolean {
  return module.sources.some((one) => PACKAGES.test(one)) || (SCRIPT.test(module.path) && !handsOut(module));
}

function handsOut({ program }: CodeModule): boolean {
  for (const node of nodesBelow(program))
    if (node.type.startsWith('Export') || (node.type === 'Identifier' && node.name === 'exports'))
      return true;
  return false;
}
