import { type Operation, pullOf, repositoryOf, repositoryValue, userValue } from './answer.ts';
import { commitOf, type DiffFile, filesOf, git, mergeBaseOf } from './git.ts';
import { notFound } from './refusal.ts';
import { type Hosted, type Pull, type State, stamp } from './state.ts';

/** A pull request lists so many files and no more. */
const MOST_FILES = 3000;
/** Lines and bytes of one file's patch; a larger one is left out without a word. */
const PATCH = { lines: 20_000, bytes: 500_000 };
/** Lines of the patches of one page; what comes after shows no numbers either. */
const PAGE_LINES = 20_000;

/** A pull request in the form of answers and events. */
export function pullValue(state: State, repository: Hosted, pull: Pull) {
  const { id, number, title, author, draft } = pull;
  const side = (hosted: Hosted, ref: string, sha: string) => ({
    label: `${hosted.owner}:${ref}`,
    ref,
    sha,
    user: userValue({ login: hosted.owner, id: hosted.id + 500, type: 'Organization' }),
    repo: repositoryValue(state, hosted),
  });
  return {
    id,
    number,
    title,
    draft,
    state: pull.state,
    locked: false,
    body: null,
    user: userValue(author),
    url: `${state.url}/repos/${repository.owner}/${repository.name}/pulls/${number}`,
    html_url: `${state.url}/${repository.owner}/${repository.name}/pull/${number}`,
    head: side(pull.headRepo, pull.headRef, pull.headSha),
    base: side(repository, pull.baseRef, pull.baseSha),
    updated_at: stamp(pull.updatedAt),
    author_association: 'CONTRIBUTOR',
    maintainer_can_modify: false,
  };
}

/** Whether a file's page shows its lines. */
export function isShown({ patch }: DiffFile): boolean {
  return patch !== undefined && patch.split('\n').length <= PATCH.lines && patch.length <= PATCH.bytes;
}

function fileValue(file: DiffFile, room: { lines: number }) {
  const { path, oldPath, status, sha, additions, deletions, patch } = file;
  const lines = patch?.split('\n').length ?? 0;
  const shown = isShown(file);
  const counted = room.lines > 0;
  if (shown) room.lines -= lines;
  return {
    sha,
    filename: path,
    status,
    additions: counted ? additions : 0,
    deletions: counted ? deletions : 0,
    changes: counted ? additions + deletions : 0,
    ...(oldPath === undefined ? {} : { previous_filename: oldPath }),
    ...(shown && counted ? { patch } : {}),
  };
}

export const pulls: Readonly<Record<string, Operation>> = {
  'pulls/get': (question) => {
    const repository = repositoryOf(question);
    const pull = pullOf(question);
    const files = filesOf(repository, pull);
    const commits = git(
      repository.folder,
      'rev-list',
      '--count',
      `${mergeBaseOf(repository, pull)}..${pull.headSha}`,
    );
    return {
      status: 200,
      value: {
        ...pullValue(question.state, repository, pull),
        mergeable: true,
        mergeable_state: 'clean',
        merged: pull.merged,
        merge_commit_sha: pull.mergedAs ?? null,
        commits: Number(commits),
        comments: pull.comments.length,
        review_comments: pull.threads.length,
        additions: files.reduce((sum, one) => sum + one.additions, 0),
        deletions: files.reduce((sum, one) => sum + one.deletions, 0),
        changed_files: files.length,
      },
    };
  },
  'pulls/list': (question) => {
    const repository = repositoryOf(question);
    const wanted = question.query.get('state') ?? 'open';
    const all = repository.pulls
      .filter((pull) => wanted === 'all' || pull.state === wanted)
      .map((pull) => pullValue(question.state, repository, pull))
      .reverse();
    return { status: 200, all };
  },
  'pulls/list-files': (question) => {
    const files = filesOf(repositoryOf(question), pullOf(question)).slice(0, MOST_FILES);
    const size = Math.min(Number(question.query.get('per_page') ?? 30), 100);
    const page = Number(question.query.get('page') ?? 1);
    const room = { lines: PAGE_LINES };
    const from = (page - 1) * size;
    const all = files.map((file, at) =>
      fileValue(file, at >= from && at < from + size ? room : { lines: PAGE_LINES }),
    );
    return { status: 200, all };
  },
  'repos/list-pull-requests-associated-with-commit': (question) => {
    const repository = repositoryOf(question);
    const all = repository.pulls
      .filter(({ headSha, state }) => headSha === question.path.commit_sha && state === 'open')
      .map((pull) => pullValue(question.state, repository, pull));
    return { status: 200, all };
  },
  'repos/compare-commits': (question) => {
    const repository = repositoryOf(question);
    const { base = '', head = '' } = question.path;
    const [from, to] = [commitOf(repository, base), commitOf(repository, head)];
    if (!from || !to) throw notFound();
    const parted = git(repository.folder, 'merge-base', from, to);
    return { status: 200, value: { base_commit: { sha: from }, merge_base_commit: { sha: parted } } };
  },
};
