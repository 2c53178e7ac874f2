import { execFileSync } from 'node:child_process';
import { bareEnvironment } from '../../hook/repository.ts';
import { type Operation, repositoryOf, repositoryValue } from './answer.ts';
import { commitOf, git } from './git.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Hosted } from './state.ts';

const MEGABYTE = 1 << 20;

function blob({ folder }: Hosted, id: string): Buffer {
  try {
    return execFileSync('git', ['cat-file', 'blob', id], {
      cwd: folder,
      env: bareEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    });
  } catch {
    throw notFound();
  }
}

export const contents: Readonly<Record<string, Operation>> = {
  'repos/get': (question) => ({
    status: 200,
    value: repositoryValue(question.state, repositoryOf(question)),
  }),
  'repos/get-content': (question) => {
    const repository = repositoryOf(question);
    const commit = commitOf(repository, question.query.get('ref') ?? repository.defaultBranch);
    if (commit === undefined) throw notFound();
    const path = question.path.path ?? '';
    const line = git(repository.folder, 'ls-tree', '-l', commit, '--', path);
    const [, , type, sha = '', size = '0'] = /^(\d+) (\w+) ([0-9a-f]+)\s+(\d+|-)\t/.exec(line) ?? [];
    if (type === undefined) throw notFound();
    if (type !== 'blob') throw new Refusal(422, 'The double serves files only');
    const bytes = blob(repository, sha);
    if (bytes.length > 100 * MEGABYTE)
      throw new Refusal(403, 'This API returns blobs up to 100 MB in size.', {
        errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }],
      });
    if (/raw/.test(question.accept))
      return { status: 200, raw: bytes, type: 'application/vnd.github.raw+json' };
    const inline = bytes.length <= MEGABYTE;
    return {
      status: 200,
      value: {
        type: 'file',
        encoding: inline ? 'base64' : 'none',
        content: inline ? bytes.toString('base64') : '',
        size: Number(size),
        name: path.split('/').at(-1),
        path,
        sha,
        _links: {},
      },
    };
  },
  'git/get-blob': (question) => {
    const repository = repositoryOf(question);
    const sha = question.path.file_sha ?? '';
    const bytes = blob(repository, sha);
    if (/raw/.test(question.accept))
      return { status: 200, raw: bytes, type: 'application/vnd.github.raw+json' };
    return {
      status: 200,
      value: { sha, size: bytes.length, encoding: 'base64', content: bytes.toString('base64') },
    };
  },
  'git/get-tree': (question) => {
    const repository = repositoryOf(question);
    const commit = commitOf(repository, question.path.tree_sha ?? '');
    if (commit === undefined) throw notFound();
    const recursive = question.query.has('recursive') ? ['-r', '-t'] : [];
    const lines = git(repository.folder, 'ls-tree', '-l', '-z', ...recursive, commit)
      .split('\0')
      .filter(Boolean);
    const tree = lines.slice(0, question.state.mostEntries).map((line) => {
      const [, mode = '', type = '', sha = '', size = '', path = ''] =
        /^(\d+) (\w+) ([0-9a-f]+)\s+(\S+)\t([\s\S]*)$/.exec(line) ?? [];
      return { path, mode, type, sha, ...(type === 'blob' ? { size: Number(size) } : {}) };
    });
    return {
      status: 200,
      value: { sha: commit, tree, truncated: lines.length > question.state.mostEntries },
    };
  },
  'repos/get-collaborator-permission-level': (question) => {
    const { username = '' } = question.path;
    const repository = repositoryOf(question);
    const permission = repository.people.get(username) ?? (repository.isPrivate ? 'none' : 'read');
    return {
      status: 200,
      value: {
        permission,
        role_name: permission,
        user: { login: username, id: 1, type: 'User', permissions: undefined },
      },
    };
  },
};
