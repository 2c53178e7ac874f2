import type { Api } from './api.ts';
import type { PullRequestAt } from './pull-request.ts';

const THREADS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes { id isResolved comments(first: 1) { nodes { databaseId } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

interface Page {
  readonly nodes: readonly {
    readonly id: string;
    readonly isResolved: boolean;
    readonly comments: { readonly nodes: readonly { readonly databaseId: number }[] };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Threads {
  readonly repository: { readonly pullRequest: { readonly reviewThreads: Page } };
}

const RESOLVE = 'mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { id } } }';
const REOPEN = 'mutation ($id: ID!) { unresolveReviewThread(input: { threadId: $id }) { thread { id } } }';

/**
 * Resolves and reopens the threads that comments begin. Gives back how many GitHub refused: it takes `contents: write`,
 * whatever else the token may (https://github.com/orgs/community/discussions/44650).
 */
export async function settleThreads(
  api: Api,
  at: PullRequestAt,
  { resolve, reopen }: { readonly resolve: readonly number[]; readonly reopen: readonly number[] },
): Promise<number> {
  if (resolve.length + reopen.length === 0) return 0;
  const threads = await readThreads(api, at);
  let refused = 0;
  for (const { comment, id, isResolved } of threads) {
    const wanted = resolve.includes(comment) || (reopen.includes(comment) ? false : undefined);
    if (wanted === undefined || wanted === isResolved) continue;
    const isDone = await api.graphql(wanted ? RESOLVE : REOPEN, { id }).then(
      () => true,
      (error: unknown) => {
        if (isLocked(error)) return false;
        throw error;
      },
    );
    if (!isDone) refused += 1;
  }
  return refused;
}

async function readThreads(api: Api, { owner, repo, number }: PullRequestAt) {
  const found: { readonly comment: number; readonly id: string; readonly isResolved: boolean }[] = [];
  let after: string | null = null;
  while (true) {
    const said: Threads = await api.graphql<Threads>(THREADS, { owner, repo, number, after });
    const { nodes, pageInfo }: Page = said.repository.pullRequest.reviewThreads;
    for (const { id, isResolved, comments } of nodes)
      for (const { databaseId } of comments.nodes) found.push({ comment: databaseId, id, isResolved });
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

/** GraphQL answers 200 and says in its body what the token may not. */
function isLocked(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('errors' in error)) return false;
  const { errors } = error as { readonly errors: unknown };
  return Array.isArray(errors) && errors.some((one) => one?.type === 'FORBIDDEN');
}
