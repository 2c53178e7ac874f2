import { execFileSync, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { bareEnvironment } from '../../hook/repository.ts';
import type { Hosted, Pull } from './state.ts';

/** One file of a pull request as its page shows it. */
export interface DiffFile {
  readonly path: string;
  readonly oldPath?: string;
  readonly status: 'added' | 'modified' | 'removed' | 'renamed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Undefined: binary. */
  readonly patch?: string;
  readonly hunks: readonly DiffHunk[];
}

/** Lines that a hunk shows: 1-based, both ends included; context too. */
interface DiffHunk {
  readonly left: readonly [number, number];
  readonly right: readonly [number, number];
  readonly text: string;
}

/** Git in a bare repository; throws with git's own words. */
export function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', [...args], {
    cwd: folder,
    env: bareEnvironment(),
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 1 << 28,
  }).trimEnd();
}

/** A file's text as it is. */
export function textAt(folder: string, commit: string, path: string): string {
  return execFileSync('git', ['cat-file', 'blob', `${commit}:${path}`], {
    cwd: folder,
    env: bareEnvironment(),
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** The id of a commit, or undefined where the repository has none of that name. */
export function commitOf({ folder }: Hosted, name: string): string | undefined {
  try {
    return git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  } catch {
    return undefined;
  }
}

/** A branch's newest commit; zeros where there is no such branch. */
export function tipOf(repository: Hosted, branch: string): string {
  return commitOf(repository, `refs/heads/${branch}`) ?? '0'.repeat(40);
}

export function isAncestor({ folder }: Hosted, before: string, after: string): boolean {
  try {
    git(folder, 'merge-base', '--is-ancestor', before, after);
    return true;
  } catch {
    return false;
  }
}

/** A commit that merges a branch into another, made where nobody works. */
export function mergeCommit({ folder }: Hosted, base: string, head: string): string {
  const [tree = ''] = git(folder, 'merge-tree', '--write-tree', base, head).split('\n');
  return git(folder, 'commit-tree', tree, '-p', base, '-p', head, '-m', 'merge');
}

/** Where a pull request's head left its base: GitHub shows the difference from there. */
export function mergeBaseOf(repository: Hosted, pull: Pull): string {
  return git(repository.folder, 'merge-base', pull.baseSha, pull.headSha);
}

const diffs = new Map<string, readonly DiffFile[]>();

/** The files of a pull request. */
export function filesOf(repository: Hosted, pull: Pull): readonly DiffFile[] {
  const key = `${repository.folder} ${pull.baseSha} ${pull.headSha}`;
  const known = diffs.get(key);
  if (known) return known;
  const base = mergeBaseOf(repository, pull);
  const text = git(
    repository.folder,
    ...['-c', 'core.quotePath=false', 'diff-tree', '-r', '-p', '-M', '--full-index', '--no-color'],
    ...['--no-ext-diff', '--no-textconv', '-U3', base, pull.headSha],
  );
  const files = text === '' ? [] : text.split(/^(?=diff --git )/m).map(parseFile);
  diffs.set(key, files);
  return files;
}

function parseFile(text: string): DiffFile {
  const end = text.search(/^@@ /m);
  const head = end < 0 ? text : text.slice(0, end);
  const line = (pattern: RegExp) => pattern.exec(head)?.[1];
  const renamed = line(/^rename from (.*)$/m);
  const [, left = '', right = ''] = /^diff --git a\/(.*) b\/(.*)$/m.exec(head) ?? [];
  const status = /^new file/m.test(head)
    ? 'added'
    : /^deleted file/m.test(head)
      ? 'removed'
      : renamed !== undefined
        ? 'renamed'
        : 'modified';
  const patch = end < 0 ? undefined : text.slice(end).replace(/\n$/, '');
  const lines = patch?.split('\n') ?? [];
  return {
    path: status === 'removed' ? left : (line(/^rename to (.*)$/m) ?? right),
    ...(renamed === undefined ? {} : { oldPath: renamed }),
    status,
    sha: line(/^index [0-9a-f]+\.\.([0-9a-f]+)/m) ?? '',
    additions: lines.filter((one) => one.startsWith('+')).length,
    deletions: lines.filter((one) => one.startsWith('-')).length,
    ...(patch === undefined ? {} : { patch }),
    hunks: hunksOf(patch ?? ''),
  };
}

function hunksOf(patch: string): readonly DiffHunk[] {
  return patch.split(/^(?=@@ )/m).flatMap((text) => {
    const found = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (!found) return [];
    const [from, count, to, added] = [1, 2, 3, 4].map((at) => Number(found[at] ?? 1));
    return [
      {
        left: [from!, from! + count! - 1] as const,
        right: [to!, to! + added! - 1] as const,
        text: text.replace(/\n$/, ''),
      },
    ];
  });
}

/** Where a line of one commit is in another, or undefined where it is gone or altered. */
export function followLine(
  folder: string,
  path: string,
  line: number,
  from: string,
  to: string,
): number | undefined {
  if (from === to) return line;
  const text = git(
    folder,
    'diff-tree',
    '-r',
    '-p',
    '-U0',
    '--no-color',
    '--no-ext-diff',
    from,
    to,
    '--',
    path,
  );
  if (/^deleted file/m.test(text)) return undefined;
  let shift = 0;
  for (const { left, right } of hunksOf(text.slice(Math.max(0, text.search(/^@@ /m))))) {
    const [start, end] = left;
    const count = end - start + 1;
    if (count > 0 && line >= start && line <= end) return undefined;
    if (count > 0 ? line > end : line > start) shift += right[1] - right[0] + 1 - count;
  }
  return line + shift;
}

/** Git's smart HTTP for one repository. */
export function serveGit(
  folder: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const backend = spawn(
    `${execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim()}/git-http-backend`,
    {
      env: {
        ...bareEnvironment(),
        GIT_PROJECT_ROOT: dirname(folder),
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: path,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    },
  );
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => {});
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    for (const line of answer.subarray(0, end).toString('latin1').split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else if (name) response.setHeader(name, value);
    }
    response.end(answer.subarray(end + 4));
  });
}
