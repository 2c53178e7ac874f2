import type { Hosted, State, Token } from './state.ts';
import { allows, sees } from './tokens.ts';

/** What the double knows of GitHub's GraphQL: who asks, the threads of a pull request, and to resolve one. */
export function answerGraphql(
  state: State,
  token: Token,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  const form = query.replace(/\s+/g, ' ').trim();
  if (/^(query )?\{ ?viewer ?\{ ?login ?\} ?\}$/.test(form))
    return { data: { viewer: { login: token.actor.login } } };
  if (/resolveReviewThread\(/.test(form)) return resolveThread(state, token, String(variables.thread));
  if (/reviewThreads\(/.test(form)) {
    const repository = state.repositories.get(`${variables.owner}/${variables.repo}`);
    const pull = repository?.pulls.find(({ number }) => number === variables.number);
    if (!repository || !pull || !sees(token, repository))
      return failure('NOT_FOUND', 'Could not resolve to a PullRequest.');
    const nodes = pull.threads
      .filter(({ inReplyTo }) => inReplyTo === undefined)
      .map((comment) => ({
        id: `PRRT_${comment.id}`,
        isResolved: comment.resolvedBy !== undefined,
        resolvedBy: comment.resolvedBy ? { login: comment.resolvedBy.login } : null,
        comments: { nodes: [{ databaseId: comment.id }] },
      }));
    return {
      data: {
        repository: {
          pullRequest: { reviewThreads: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } },
        },
      },
    };
  }
  return failure('UNSERVED', `the double does not know this query: ${form.slice(0, 80)}`);
}

/** It takes write access to contents, whatever the documentation of permissions says of pull requests. */
function resolveThread(state: State, token: Token, thread: string): unknown {
  const id = Number(thread.replace(/^PRRT_/, ''));
  for (const repository of state.repositories.values())
    for (const pull of repository.pulls) {
      const comment = pull.threads.find((one) => one.id === id);
      if (!comment || !sees(token, repository)) continue;
      if (!mayResolve(token, repository))
        return failure('FORBIDDEN', 'Resource not accessible by integration');
      comment.resolvedBy = token.actor;
      return { data: { resolveReviewThread: { thread: { isResolved: true } } } };
    }
  return failure('NOT_FOUND', `Could not resolve to a node with the global id of '${thread}'`);
}

function mayResolve(token: Token, { people }: Hosted): boolean {
  if (token.kind === 'personal') return ['admin', 'write'].includes(people.get(token.actor.login) ?? '');
  return allows(token.permissions, 'contents', 'write');
}

function failure(type: string, message: string): unknown {
  return { data: null, errors: [{ type, message }] };
}
