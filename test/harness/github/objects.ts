import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { bareEnvironment, temporaryFolder } from '../../hook/repository.ts';
import { type Operation, pullOf, type Question, repositoryOf } from './answer.ts';
import { pullEvent } from './events.ts';
import { commitOf, tipOf } from './git.ts';
import { pullValue } from './pulls.ts';
import { afterPush, openPull } from './push.ts';
import { invalid, Refusal } from './refusal.ts';
import type { Hosted } from './state.ts';
import { tellApp } from './webhooks.ts';

/** Git that is told something, with variables of its own. */
function run(folder: string, args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): string {
  const options = { cwd: folder, env: { ...bareEnvironment(), ...env }, input, encoding: 'utf8' } as const;
  return execFileSync('git', [...args], options).trim();
}

interface Entry {
  readonly path?: string;
  readonly mode?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

/** A tree of entries over another one; an entry without content and with null for its id goes. */
function writeTree({ folder }: Hosted, entries: readonly Entry[], base: string | undefined): string {
  const env = { GIT_INDEX_FILE: join(temporaryFolder(), 'index') };
  run(folder, base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], '', env);
  const lines = entries.map(({ path = '', mode = '100644', sha, content }) => {
    if (sha === null) return `0 ${'0'.repeat(40)}\t${path}\n`;
    return `${mode} ${sha ?? run(folder, ['hash-object', '-w', '--stdin'], content)}\t${path}\n`;
  });
  run(folder, ['update-index', '--index-info'], lines.join(''), env);
  return run(folder, ['write-tree'], '', env);
}

/** `heads/feature` and `refs/heads/feature` name the same branch. */
function branchOf(ref: string | undefined): string {
  const [, branch] = /^(?:refs\/)?heads\/(.+)$/.exec(ref ?? '') ?? [];
  if (branch === undefined) throw new Refusal(422, 'The double keeps branches only');
  return branch;
}

const none = /^0+$/;

async function point(question: Question, branch: string, sha: string, isForced: boolean) {
  const { state } = question;
  const repository = repositoryOf(question);
  const before = tipOf(repository, branch);
  if (commitOf(repository, sha) !== sha) throw new Refusal(422, 'Object does not exist');
  if (!isForced && !none.test(before) && !follows(repository, before, sha))
    throw new Refusal(422, 'Update is not a fast forward');
  run(repository.folder, ['update-ref', `refs/heads/${branch}`, sha]);
  await afterPush(state, repository, branch, before);
  return { ref: `refs/heads/${branch}`, object: { type: 'commit', sha, url: state.url }, url: state.url };
}

function follows({ folder }: Hosted, before: string, after: string): boolean {
  return run(folder, ['merge-base', before, after]) === before;
}

/** What writes into a repository without git: its objects and branches, and pull requests over them. */
export const objects: Readonly<Record<string, Operation>> = {
  'git/create-blob': (question) => {
    const { content, encoding } = question.body as { readonly content: string; readonly encoding?: string };
    const { folder } = repositoryOf(question);
    const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
    const options = { cwd: folder, env: bareEnvironment(), input: bytes, encoding: 'utf8' } as const;
    const sha = execFileSync('git', ['hash-object', '-w', '--stdin'], options).trim();
    return { status: 201, value: { sha, url: question.state.url } };
  },
  'git/create-tree': (question) => {
    const { tree, base_tree: base } = question.body as {
      readonly tree: readonly Entry[];
      readonly base_tree?: string;
    };
    const sha = writeTree(repositoryOf(question), tree, base);
    return { status: 201, value: { sha, tree: [], truncated: false } };
  },
  'git/create-commit': (question) => {
    const {
      message,
      tree,
      parents = [],
    } = question.body as {
      readonly message: string;
      readonly tree: string;
      readonly parents?: readonly string[];
    };
    const { folder } = repositoryOf(question);
    const sha = run(folder, ['commit-tree', tree, ...parents.flatMap((one) => ['-p', one])], message);
    return { status: 201, value: { sha, message, tree: { sha: tree }, parents: [] } };
  },
  'git/create-ref': async (question) => {
    const { ref, sha } = question.body as { readonly ref: string; readonly sha: string };
    const branch = branchOf(ref);
    if (!none.test(tipOf(repositoryOf(question), branch))) throw new Refusal(422, 'Reference already exists');
    return { status: 201, value: await point(question, branch, sha, false) };
  },
  'git/update-ref': async (question) => {
    const { sha, force = false } = question.body as { readonly sha: string; readonly force?: boolean };
    const branch = branchOf(question.path.ref);
    if (none.test(tipOf(repositoryOf(question), branch))) throw new Refusal(422, 'Reference does not exist');
    return { status: 200, value: await point(question, branch, sha, force) };
  },
  'git/delete-ref': (question) => {
    const repository = repositoryOf(question);
    const branch = branchOf(question.path.ref);
    if (none.test(tipOf(repository, branch))) throw new Refusal(422, 'Reference does not exist');
    run(repository.folder, ['update-ref', '-d', `refs/heads/${branch}`]);
    return { status: 204, value: undefined };
  },
  'pulls/create': async (question) => {
    const { state, token } = question;
    const repository = repositoryOf(question);
    const asked = question.body as {
      readonly title?: string;
      readonly head: string;
      readonly base: string;
      readonly draft?: boolean;
    };
    const { title = asked.head, head: headRef, base, draft = false } = asked;
    for (const [field, branch] of Object.entries({ head: headRef, base }))
      if (none.test(tipOf(repository, branch))) throw invalid('PullRequest', field, 'invalid');
    if (
      repository.pulls.some((one) => one.state === 'open' && one.headRef === headRef && one.baseRef === base)
    )
      throw invalid(
        'PullRequest',
        'head',
        'custom',
        `A pull request already exists for ${repository.owner}:${headRef}.`,
      );
    const given = { title, author: token.actor, base, headRepo: repository, headRef, draft };
    const pull = await openPull(state, repository, given);
    return { status: 201, value: pullValue(state, repository, pull) };
  },
  'pulls/update': async (question) => {
    const { state } = question;
    const [repository, pull] = [repositoryOf(question), pullOf(question)];
    const said = question.body as { readonly state?: 'open' | 'closed'; readonly title?: string };
    if (said.title !== undefined) pull.title = said.title;
    if (said.state !== undefined && said.state !== pull.state) {
      pull.state = said.state;
      const action = said.state === 'closed' ? 'closed' : 'reopened';
      await tellApp(state, pullEvent(state, repository, pull, action));
    }
    return { status: 200, value: pullValue(state, repository, pull) };
  },
};
