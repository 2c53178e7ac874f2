import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeOfWhole } from '../change/from-git.ts';
import { findConfig } from '../config.ts';
import { openRepository } from '../git/repository.ts';
import { surveyChains } from '../read/find-chains.ts';
import { findOrms } from '../read/find-orms.ts';
import { surveyText } from '../report/survey-text.ts';
import type { Request } from './arguments.ts';
import { firstConfig } from './first-config.ts';
import { write } from './output.ts';

/** Shows what a repository holds; writes a first configuration where something needs saying, and never over another. */
export async function initCommand(request: Request): Promise<number> {
  const repository = await openRepository(request.options.repo ?? '.');
  const { head } = await changeOfWhole(repository);
  const config = await findConfig(head);
  const survey = await surveyChains(head, config.migrations);
  const text = firstConfig(survey, (await head.entries()).has('package.json'));
  const done =
    config.path === undefined && text !== undefined && repository.top !== undefined
      ? await written(join(repository.top, 'tablewarden.yml'), text)
      : undefined;
  return write(
    `${surveyText(survey, await findOrms(head))}\n${outcome(survey.chains.length > 0, config.path, text, done)}\n${NEXT}`,
  );
}

const NEXT = `Next
  tablewarden check         judge what this branch changes
  tablewarden hook install  judge every push before it leaves
`;

function outcome(
  isFound: boolean,
  path: string | undefined,
  text: string | undefined,
  done: boolean | undefined,
): string {
  if (path !== undefined) return `Configuration\n  ${path} is there, and was left as it is\n`;
  if (text === undefined)
    return `Configuration\n  none is needed: ${isFound ? 'nothing was guessed' : 'no migrations of a known tool were found'}\n`;
  if (done) return 'Configuration\n  tablewarden.yml was written: look at what is marked as a guess\n';
  if (done === false) return 'Configuration\n  tablewarden.yml is there, and was left as it is\n';
  return `Configuration\n  a bare repository has no place for tablewarden.yml; it would be:\n\n${text}`;
}

/** Whether the file was made; one that is there stays. */
async function written(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
