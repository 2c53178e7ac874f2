import { UserError } from '../errors.ts';
import { parseMoment } from '../git/moment.ts';
import { headRef } from '../git/reflog.ts';
import { openRepository } from '../git/repository.ts';
import { count } from '../report/count.ts';
import { plain } from '../report/escape.ts';
import { type CommitThen, headThen, pathThen, tipThen } from '../store/git/ask.ts';
import { evict, usedBytes } from '../store/git/evict.ts';
import { forget, updateGitHistory } from '../store/git/update.ts';
import type { Request } from './arguments.ts';
import { writeResult } from './output.ts';
import { storeOf } from './store-of.ts';

/** Brings the store up to date with git; `store rebuild` reads everything again. */
export async function updateStore(request: Request): Promise<number> {
  const repository = await openRepository(request.options.repo ?? '.');
  const storage = storeOf(repository);
  if (request.command === 'store rebuild') await forget(storage);
  const update = await updateGitHistory(storage, repository);
  const evicted = await evict(storage);
  const bytes = await usedBytes(storage);
  const document = { ...update, evicted, bytes };
  const gone = update.gone > 0 ? `, ${update.gone} that it no longer has` : '';
  const read = `${count(update.added, 'commit')} more${gone}, ${count(update.paths, 'changed path')}`;
  const freed =
    evicted.paths > 0 ? `; the paths of ${count(evicted.paths, 'commit')} were taken out to save room` : '';
  const text = `${update.ref}: ${read}; ${(bytes / 1e6).toFixed(1)} MB in use${freed}\n`;
  await writeResult(request.options, asked(request, document) ?? text);
  return 0;
}

/** Tells what was current at a moment: HEAD, the branch, and a path where one is named. */
export async function storeAt(request: Request): Promise<number> {
  const [word = '', path] = request.words;
  const time = parseMoment(word);
  if (time === undefined)
    throw new UserError(`${word} is no date.`, 'Write it as `2025-03-01` or `2025-03-01T12:00+02:00`.');
  const repository = await openRepository(request.options.repo ?? '.');
  const storage = storeOf(repository);
  const ref = await headRef(repository);
  const head = await headThen(storage, time);
  const branch = await tipThen(storage, ref, time);
  const file = path === undefined ? undefined : await pathThen(storage, repository, ref, path, time);
  const document = {
    at: new Date(time * 1000).toISOString(),
    ref,
    head,
    branch,
    ...(path ? { path, file } : {}),
  };
  const lines = [
    `HEAD of this clone    ${head ? described(head) : 'not known: its reflog and the store begin later'}`,
    `${ref}  ${branch ? described(branch) : 'no commit yet'}`,
    ...(path === undefined
      ? []
      : [
          `${plain(path)}  ${file ? described(file) : 'was not there yet'}${file && file.content === undefined ? ' (it was deleted)' : ''}`,
        ]),
  ];
  await writeResult(request.options, asked(request, document) ?? `${lines.join('\n')}\n`);
  return 0;
}

function described({ commit, since, subject = '', pullRequest }: CommitThen): string {
  return `${commit.slice(0, 10)}  since ${since}${pullRequest === undefined ? '' : `  #${pullRequest}`}  ${plain(subject)}`;
}

/** The document as JSON, where that is asked for. */
function asked({ options }: Request, document: object): string | undefined {
  return options.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : undefined;
}
