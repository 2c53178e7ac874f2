import { type Operation, pullOf, type Question, repositoryOf, userValue } from './answer.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { LONGEST_BODY } from './reviews.ts';
import { type Actor, type Hosted, type IssueComment, newId, type Pull, type State } from './state.ts';

/** A comment in the form of answers and events. */
export function commentValue(state: State, repository: Hosted, pull: Pull, comment: IssueComment) {
  const at = `${state.url}/repos/${repository.owner}/${repository.name}/issues`;
  return {
    id: comment.id,
    body: comment.body,
    user: userValue(comment.author),
    url: `${at}/comments/${comment.id}`,
    html_url: `${state.url}/${repository.owner}/${repository.name}/pull/${pull.number}#issuecomment-${comment.id}`,
    issue_url: `${at}/${pull.number}`,
    created_at: '2026-01-05T12:00:00Z',
    updated_at: '2026-01-05T12:00:00Z',
    author_association: 'NONE',
    ...(comment.author.app ? { performed_via_github_app: appValue(comment.author.app) } : {}),
  };
}

export function appValue({ id, slug }: NonNullable<Actor['app']>) {
  return {
    id,
    slug,
    name: slug,
    owner: { login: 'tablewarden', id: 1, type: 'User' },
    external_url: 'https://github.example/',
    html_url: `https://github.example/apps/${slug}`,
    permissions: {},
    events: [],
  };
}

function checkBody(body: string): void {
  if (!body.trim()) throw invalid('IssueComment', 'data', 'unprocessable', 'Body cannot be blank');
  if (body.length > LONGEST_BODY)
    throw invalid(
      'IssueComment',
      'data',
      'unprocessable',
      `Body is too long (maximum is ${LONGEST_BODY} characters)`,
    );
}

function commentOf(question: Question): { readonly pull: Pull; readonly comment: IssueComment } {
  const id = Number(question.path.comment_id);
  for (const pull of repositoryOf(question).pulls) {
    const comment = pull.comments.find((one) => one.id === id);
    if (comment) return { pull, comment };
  }
  throw notFound();
}

function needOwn(question: Question, comment: IssueComment): void {
  const { actor, kind } = question.token;
  if (comment.author.login === actor.login) return;
  if (kind === 'personal' && repositoryOf(question).people.get(actor.login) !== 'read') return;
  throw new Refusal(403, 'Resource not accessible by integration');
}

/** Adds a comment, as an operation and as people do. */
export function addComment(state: State, pull: Pull, author: Actor, body: string): IssueComment {
  checkBody(body);
  const comment: IssueComment = { id: newId(state), author, body, edits: 0, reactions: [] };
  pull.comments.push(comment);
  return comment;
}

export const comments: Readonly<Record<string, Operation>> = {
  'issues/list-comments': (question) => {
    const [repository, pull] = [repositoryOf(question), pullOf(question)];
    return {
      status: 200,
      all: pull.comments.map((one) => commentValue(question.state, repository, pull, one)),
    };
  },
  'issues/get-comment': (question) => {
    const { pull, comment } = commentOf(question);
    return { status: 200, value: commentValue(question.state, repositoryOf(question), pull, comment) };
  },
  'issues/create-comment': (question) => {
    const pull = pullOf(question);
    const { body } = question.body as { readonly body: string };
    const comment = addComment(question.state, pull, question.token.actor, body);
    return { status: 201, value: commentValue(question.state, repositoryOf(question), pull, comment) };
  },
  'issues/update-comment': (question) => {
    const { pull, comment } = commentOf(question);
    needOwn(question, comment);
    const { body } = question.body as { readonly body: string };
    checkBody(body);
    comment.body = body;
    comment.edits += 1;
    return { status: 200, value: commentValue(question.state, repositoryOf(question), pull, comment) };
  },
  'issues/delete-comment': (question) => {
    const { pull, comment } = commentOf(question);
    needOwn(question, comment);
    pull.comments.splice(pull.comments.indexOf(comment), 1);
    return { status: 204, value: undefined };
  },
  'reactions/create-for-issue-comment': (question) => {
    const { comment } = commentOf(question);
    const { content } = question.body as { readonly content: string };
    const by = question.token.actor;
    const known = comment.reactions.some((one) => one.by.login === by.login && one.content === content);
    if (!known) comment.reactions.push({ by, content });
    return {
      status: known ? 200 : 201,
      value: { id: newId(question.state), content, user: userValue(by), created_at: '2026-01-05T12:00:00Z' },
    };
  },
};
