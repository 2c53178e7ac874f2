import { type Operation, pullOf, type Question, repositoryOf, userValue } from './answer.ts';
import { commitOf, type DiffFile, filesOf, git, mergeBaseOf } from './git.ts';
import { isShown } from './pulls.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { type Hosted, newId, type Pull, type Review, type ReviewComment, type State } from './state.ts';

/** GitHub refuses longer bodies. */
export const LONGEST_BODY = 65_536;
/** More comments than these in one review are taken for spam. */
const MOST_COMMENTS = 32;

/** Where a comment wants to stand. */
interface Anchor {
  readonly path?: string;
  readonly body?: string;
  readonly line?: number;
  readonly side?: 'LEFT' | 'RIGHT';
  readonly start_line?: number;
  readonly start_side?: string;
  readonly position?: number;
  readonly subject_type?: string;
}

/** What is wrong with an anchor, in GitHub's words. */
function anchorTroubles(files: readonly DiffFile[], anchor: Anchor): readonly string[] {
  const file = files.find(({ path }) => path === anchor.path);
  if (!file) return ['Path could not be resolved'];
  const { line, start_line: start, side = 'RIGHT' } = anchor;
  const at = side === 'LEFT' ? 'left' : 'right';
  const inside = (number: number | undefined) =>
    number === undefined
      ? undefined
      : (isShown(file) ? file.hunks : []).find((hunk) => number >= hunk[at][0] && number <= hunk[at][1]);
  const hunk = inside(line);
  if (start !== undefined && line !== undefined && start >= line)
    return ['Pull request review thread start line must precede the end line.'];
  const startTrouble =
    start !== undefined && (!hunk || inside(start) !== hunk)
      ? ['Pull request review thread start line must be part of the same hunk as the line.']
      : [];
  if (hunk) return startTrouble;
  return [
    'Pull request review thread line must be part of the diff',
    ...startTrouble,
    "Pull request review thread diff hunk can't be blank",
  ];
}

function sentence(parts: readonly string[]): string {
  if (parts.length < 3) return parts.join(' and ');
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
}

function hunkOf(repository: Hosted, pull: Pull, comment: ReviewComment): string {
  const file = filesOf(repository, pull).find(({ path }) => path === comment.path);
  const at = comment.side === 'LEFT' ? 'left' : 'right';
  const line = comment.line ?? 0;
  return file?.hunks.find((hunk) => line >= hunk[at][0] && line <= hunk[at][1])?.text ?? '';
}

/** A review comment in the form of answers and events. */
export function reviewCommentValue(state: State, repository: Hosted, pull: Pull, comment: ReviewComment) {
  const at = `${state.url}/repos/${repository.owner}/${repository.name}/pulls`;
  const self = `${at}/comments/${comment.id}`;
  const ranged = comment.originalStartLine !== undefined;
  return {
    id: comment.id,
    node_id: comment.nodeId,
    pull_request_review_id: comment.reviewId,
    body: comment.body,
    path: comment.path,
    user: userValue(comment.author),
    commit_id: comment.commitId,
    original_commit_id: comment.originalCommitId,
    diff_hunk: hunkOf(repository, pull, comment),
    side: comment.side,
    subject_type: comment.subject,
    line: comment.line ?? null,
    original_line: comment.originalLine ?? null,
    start_line: comment.startLine ?? null,
    original_start_line: comment.originalStartLine ?? null,
    start_side: ranged ? comment.side : null,
    ...(comment.inReplyTo === undefined ? {} : { in_reply_to_id: comment.inReplyTo }),
    url: self,
    html_url: `${state.url}/${repository.owner}/${repository.name}/pull/${pull.number}#discussion_r${comment.id}`,
    pull_request_url: `${at}/${pull.number}`,
    created_at: '2026-01-05T12:00:00Z',
    updated_at: '2026-01-05T12:00:00Z',
    author_association: 'NONE',
    _links: {
      self: { href: self },
      html: { href: self },
      pull_request: { href: `${at}/${pull.number}` },
    },
  };
}

function reviewValue(state: State, repository: Hosted, pull: Pull, review: Review) {
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: userValue(review.author),
    body: review.body,
    state: review.state,
    commit_id: review.commitId,
    html_url: `${state.url}/${repository.owner}/${repository.name}/pull/${pull.number}#pullrequestreview-${review.id}`,
    pull_request_url: `${state.url}/repos/${repository.owner}/${repository.name}/pulls/${pull.number}`,
    author_association: 'NONE',
    _links: { html: { href: state.url }, pull_request: { href: state.url } },
  };
}

/** Files as they were at the commit that a comment names: a comment on an older one is outdated from the start. */
function commitIn(repository: Hosted, pull: Pull, asked: string | undefined): string {
  const commit = asked === undefined ? pull.headSha : commitOf(repository, asked);
  const base = mergeBaseOf(repository, pull);
  const commits = git(repository.folder, 'rev-list', `${base}..${pull.headSha}`).split('\n');
  if (commit === undefined || !commits.includes(commit))
    throw new Refusal(422, 'Unprocessable Entity', {
      errors: ['commit_id is not part of the pull request'],
    });
  return commit;
}

function place(
  question: Question,
  pull: Pull,
  anchor: Anchor,
  reviewId: number,
  commit: string,
): ReviewComment {
  const { state, token } = question;
  const id = newId(state);
  const isFile = anchor.subject_type === 'file';
  const lines = isFile
    ? {}
    : {
        line: anchor.line!,
        originalLine: anchor.line!,
        ...(anchor.start_line === undefined
          ? {}
          : { startLine: anchor.start_line, originalStartLine: anchor.start_line }),
      };
  const comment: ReviewComment = {
    id,
    nodeId: `PRRC_${id}`,
    author: token.actor,
    body: anchor.body ?? '',
    edits: 0,
    path: anchor.path ?? '',
    reviewId,
    subject: isFile ? 'file' : 'line',
    side: anchor.side ?? 'RIGHT',
    ...lines,
    originalCommitId: commit,
    commitId: commit,
  };
  pull.threads.push(comment);
  return comment;
}

function checkBody(resource: string, body: string | undefined): void {
  if (!body?.trim()) throw invalid(resource, 'body', 'missing_field');
  if (body.length > LONGEST_BODY)
    throw invalid(resource, 'body', 'custom', `body is too long (maximum is ${LONGEST_BODY} characters)`);
}

function commentOf(question: Question): { readonly pull: Pull; readonly comment: ReviewComment } {
  const id = Number(question.path.comment_id);
  for (const pull of repositoryOf(question).pulls) {
    const comment = pull.threads.find((one) => one.id === id);
    if (comment) return { pull, comment };
  }
  throw notFound();
}

/** An app edits and deletes what it wrote itself; people who may write delete anything. */
function needOwn(question: Question, comment: ReviewComment): void {
  const { actor, kind } = question.token;
  if (comment.author.login === actor.login) return;
  if (kind === 'personal' && repositoryOf(question).people.get(actor.login) !== 'read') return;
  throw new Refusal(403, 'Resource not accessible by integration');
}

export const reviews: Readonly<Record<string, Operation>> = {
  'pulls/list-reviews': (question) => {
    const [repository, pull] = [repositoryOf(question), pullOf(question)];
    const all = pull.reviews.map((review) => reviewValue(question.state, repository, pull, review));
    return { status: 200, all };
  },
  'pulls/list-review-comments': (question) => {
    const [repository, pull] = [repositoryOf(question), pullOf(question)];
    const all = pull.threads.map((comment) => reviewCommentValue(question.state, repository, pull, comment));
    return { status: 200, all };
  },
  'pulls/create-review': (question) => {
    const [repository, pull] = [repositoryOf(question), pullOf(question)];
    const body = question.body as {
      readonly body?: string;
      readonly event?: string;
      readonly commit_id?: string;
      readonly comments?: readonly Anchor[];
    };
    const { event, comments = [] } = body;
    if (event !== 'APPROVE' && event !== undefined) checkBody('PullRequestReview', body.body);
    const commit = commitIn(repository, pull, body.commit_id);
    const files = filesOf(repository, pull);
    for (const comment of comments) {
      checkBody('PullRequestReviewComment', comment.body);
      if (comment.line === undefined && comment.position === undefined)
        throw new Refusal(422, 'Unprocessable Entity', {
          errors: ['Pull request review thread position is invalid'],
        });
      const wrong = anchorTroubles(files, comment);
      if (wrong.length > 0) throw new Refusal(422, 'Unprocessable Entity', { errors: [sentence(wrong)] });
    }
    if (comments.length > MOST_COMMENTS)
      throw new Refusal(403, 'was submitted too quickly', {
        headers: { 'retry-after': String(question.state.retryAfter) },
      });
    const review: Review = {
      id: newId(question.state),
      author: question.token.actor,
      body: body.body ?? '',
      state:
        event === 'COMMENT'
          ? 'COMMENTED'
          : event === 'APPROVE'
            ? 'APPROVED'
            : event
              ? 'CHANGES_REQUESTED'
              : 'PENDING',
      commitId: commit,
    };
    pull.reviews.push(review);
    for (const comment of comments) place(question, pull, comment, review.id, commit);
    return { status: 200, value: reviewValue(question.state, repository, pull, review) };
  },
  'pulls/create-review-comment': (question) => {
    const [repository, pull] = [repositoryOf(question), pullOf(question)];
    const anchor = question.body as Anchor & { readonly commit_id: string };
    checkBody('PullRequestReviewComment', anchor.body);
    const commit = commitIn(repository, pull, anchor.commit_id);
    const files = filesOf(repository, pull);
    const resource = 'PullRequestReviewComment';
    const isFile = anchor.subject_type === 'file';
    if (!files.some(({ path }) => path === anchor.path))
      throw invalid(resource, 'pull_request_review_thread.path', 'invalid');
    const wrong = isFile ? [] : anchorTroubles(files, anchor);
    if (wrong.length > 0)
      throw new Refusal(422, 'Validation Failed', {
        errors: [
          {
            resource,
            code: 'custom',
            field: 'pull_request_review_thread.line',
            message: 'pull_request_review_thread.line must be part of the diff',
          },
          { resource, code: 'missing_field', field: 'pull_request_review_thread.diff_hunk' },
        ],
      });
    const review: Review = {
      id: newId(question.state),
      author: question.token.actor,
      body: '',
      state: 'COMMENTED',
      commitId: commit,
    };
    pull.reviews.push(review);
    const comment = place(question, pull, anchor, review.id, commit);
    return { status: 201, value: reviewCommentValue(question.state, repository, pull, comment) };
  },
  'pulls/create-reply-for-review-comment': (question) => {
    const { pull, comment } = commentOf(question);
    const { body } = question.body as { readonly body: string };
    checkBody('PullRequestReviewComment', body);
    const id = newId(question.state);
    const reply: ReviewComment = {
      ...comment,
      id,
      nodeId: `PRRC_${id}`,
      author: question.token.actor,
      body,
      edits: 0,
      inReplyTo: comment.inReplyTo ?? comment.id,
    };
    pull.threads.push(reply);
    return {
      status: 201,
      value: reviewCommentValue(question.state, repositoryOf(question), pull, reply),
    };
  },
  'pulls/update-review-comment': (question) => {
    const { pull, comment } = commentOf(question);
    needOwn(question, comment);
    const { body } = question.body as { readonly body: string };
    checkBody('PullRequestReviewComment', body);
    comment.body = body;
    comment.edits += 1;
    return {
      status: 200,
      value: reviewCommentValue(question.state, repositoryOf(question), pull, comment),
    };
  },
  'pulls/delete-review-comment': (question) => {
    const { pull, comment } = commentOf(question);
    needOwn(question, comment);
    pull.threads.splice(pull.threads.indexOf(comment), 1);
    return { status: 204, value: undefined };
  },
};
